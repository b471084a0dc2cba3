import { describe, expect, test } from 'vitest';
import {
  ALL_WELL,
  answers,
  approve,
  evidence,
  gate,
  held,
  holdId,
  register,
  specify,
  taxEvidence,
  wanted,
} from '../../support/decider/acts.js';
import { given, type Story, text } from '../../support/decider/story.js';
import { DAY, ist } from '../../support/decider/time.js';
import { facts, pilot, TAX_FACTS, taxSpec } from '../../support/decider/use-cases.js';

const START = '2026-11-16 10:00';
const NOW = ist(START);
const reason = text('why');
const started = () => given(pilot(NOW), START);
const live = () => approve(started(), 'start', 'leena');
const HIGH = facts({ ...TAX_FACTS, effect: 'decides' });

/** A high pilot, of 20 days; its start gate waits for the misuse test. */
function high(): Story {
  const { pilot: terms, ...start } = pilot(NOW, { facts: HIGH });
  return given({ ...start, pilot: terms && { ...terms, endsAt: NOW + 20 * DAY } }, START);
}

describe('the light path', () => {
  test('one person starts it, another decides, and it is live within its caps', () => {
    const story = started();
    expect(gate(story, 'start').seats.map(({ id }) => id)).toEqual(['product']);
    answers(story, 'start', 'leena', 'approve').thenEvents([
      'DecisionRecorded',
      'GateConfirming',
      'GateClosed',
      'DeliveryOpened',
      'ApprovalGranted',
      'RolloutMoved',
      'ExposureRequested',
      'ExposureConfirmed',
      'RolloutMoved',
      'ReleaseServing',
      'DeliveryClosed',
      'ExposureRequested',
      'ExposureConfirmed',
    ]);
    expect(story.state).toMatchObject({
      stage: 'live',
      delivery: null,
      serving: { percent: 10, release: { label: 'r1' } },
    });
    expect(story.state.exposure.applied).toMatchObject({
      serving: { percent: 10 },
      cohort: { digest: text('cohort'), people: 40 },
    });
  });

  test('of a high one engineering decides too, on a misuse test', () => {
    const story = high();
    expect(story.state.gates).toEqual({});
    story.when('open-gate', { gate: 'start' }, 'leena').thenRejected('evidence-missing', 'misuse-test');
    const about = [story.state.pilot?.spec.spec.digest ?? '', text('pilot release')];
    story
      .when('add-evidence', evidence(story, 'misuse-test', {}, { about: [text('other')] }), 'ci')
      .thenRejected('evidence-about-another-release');
    story.when('add-evidence', evidence(story, 'misuse-test', {}, { about }), 'ci').thenAccepted();
    story.when('open-gate', { gate: 'start' }, 'leena').thenAccepted();
    approve(story, 'start', 'leena', 'esha');
    expect(wanted(story).serving).toBe(5);
    // Risk has no seat, is told, and may hold.
    expect(
      story.events.some(
        (event) =>
          event.type === 'NoticeRaised' &&
          event.notice.kind === 'information' &&
          event.notice.to.includes('farah'),
      ),
    ).toBe(true);
    story.when('hold', { effect: 'stopped', scope: 'serving', reason }, 'farah').thenAccepted();
    expect(wanted(story).serving).toBeNull();
  });

  test('the author of a pilot never decides its start, whoever rewrites the brief', () => {
    const story = high();
    story.when('update-brief', { brief: text('new'), missing: [] }, 'leena');
    story.when('add-evidence', evidence(story, 'misuse-test', {}, { about: [] }), 'ci');
    story.when('open-gate', { gate: 'start' }, 'divya').thenAccepted();
    answers(story, 'start', 'hari', 'approve').thenRejected('excluded', 'person');
  });

  test('not decided in time it goes back to its starter', () => {
    const story = started().after(10 * DAY);
    expect(story.state).toMatchObject({ stage: 'scoping', gates: {}, holds: [] });
    story.when('open-gate', { gate: 'start' }, 'hari').thenAccepted();
  });

  test('its changes pass the start gate again', () => {
    const story = live();
    story.when('open-change', { kind: 'model', changedSections: ['model'], reason }, 'hari').thenAccepted();
    register(story, 'r2', 'hari');
    story.when('submit-for-review', {}, 'hari').thenAccepted();
    approve(story, 'start', 'leena');
    expect(story.state).toMatchObject({
      serving: { release: { label: 'r2' } },
      exposure: { applied: { cohort: { people: 40 } } },
    });
  });
});

describe('the time box', () => {
  const endsAt = NOW + 40 * DAY;

  test('ended undecided the pilot is held, never prolonged silently', () => {
    const story = live()
      .at(endsAt - 1)
      .thenEvents([]);
    story.at(endsAt).thenEvents(['HoldPlaced', 'ExposureRequested', 'ExposureConfirmed']);
    expect(held(story)).toEqual(['box:stopped']);
    expect(wanted(story)).toEqual({ candidate: null, serving: null });
    story.when('lift-hold', { hold: holdId(story, 'box') }, 'leena').thenRejected('box-ended', 'endsAt');
  });

  test('is extended once, by half of itself at most', () => {
    const story = live();
    const extend = (days: number, by = 'leena') =>
      story.when('extend-pilot', { endsAt: endsAt + days * DAY, reason }, by);
    extend(21).thenRejected('over-cap', 'endsAt');
    extend(0).thenRejected('over-cap', 'endsAt');
    extend(10, 'gita').thenRejected('not-permitted', 'person');
    extend(10, 'hari').thenRejected('not-permitted', 'product');
    extend(20).thenEvents(['PilotExtended']);
    extend(21).thenRejected('extension-spent', 'endsAt');
    story.at(endsAt + 20 * DAY);
    expect(held(story)).toEqual(['box:stopped']);
  });

  test('an extension after its end lifts the hold, and what served serves again', () => {
    const story = live().at(endsAt + DAY);
    story
      .when('extend-pilot', { endsAt: endsAt + 10 * DAY, reason }, 'leena')
      .thenEvents(['PilotExtended', 'HoldLifted', 'ExposureRequested', 'ExposureConfirmed']);
    expect(wanted(story).serving).toBe(10);
  });

  test('of a high pilot product and risk extend it, and two extensions begun at once are one', () => {
    const story = high();
    story.when('add-evidence', evidence(story, 'misuse-test', {}, { about: [] }), 'ci');
    story.when('open-gate', { gate: 'start' }, 'leena');
    approve(story, 'start', 'leena', 'esha');
    for (const days of [5, 6]) {
      story.when('extend-pilot', { endsAt: NOW + (20 + days) * DAY, reason }, 'leena').thenAccepted();
    }
    approve(story, 'two-key-1', 'farah');
    approve(story, 'two-key-2', 'farah');
    expect(story.state.pilot).toMatchObject({ endsAt: NOW + 25 * DAY, extensions: 1 });
  });

  test('a change under way is taken to zero as well, and may go on after an extension', () => {
    const story = live();
    story.when('open-change', { kind: 'model', changedSections: ['model'], reason }, 'hari');
    register(story, 'r2', 'hari').when('submit-for-review', {}, 'hari');
    story.world.target = 'silent';
    approve(story, 'start', 'leena').at(endsAt);
    expect(wanted(story)).toEqual({ candidate: null, serving: null });
    story.world.target = 'applies';
    story.when('extend-pilot', { endsAt: endsAt + 10 * DAY, reason }, 'leena').thenAccepted();
    expect(story.state.serving?.release.label).toBe('r2');
  });
});

describe('the end of a pilot', () => {
  test('exposure zero, whatever is under way', () => {
    const story = live();
    story.when('end-pilot', { reason }, 'farah').thenRejected('not-permitted', 'person');
    story
      .when('end-pilot', { reason }, 'leena')
      .thenEvents(['PilotEnded', 'Retired', 'ExposureRequested', 'ExposureConfirmed']);
    expect(story.state).toMatchObject({ stage: 'retired', outcome: 'retired', serving: null });
    story.when('open-change', { kind: 'model', changedSections: [], reason }, 'hari').thenRejected('closed');
  });

  test('only of a pilot that is live', () => {
    started().when('end-pilot', { reason }, 'leena').thenRejected('wrong-stage', 'stage');
  });
});

describe('promotion', () => {
  const skipped = (story: Story, without = '') => {
    story.when('promote-to-governed', { skipped: [], reason }, 'hari');
    const items = (story.rejection?.reasons ?? []).flatMap(({ fact }) => fact ?? []);
    return items.filter((item) => item !== without).map((item) => ({ item, due: story.now + 30 * DAY }));
  };
  const propose = (story: Story, without = '') =>
    story.when('promote-to-governed', { skipped: skipped(story, without), reason }, 'hari');
  const medium = () => approve(given(pilot(NOW, { facts: TAX_FACTS }), START), 'start', 'leena');

  test('needs a date for each thing that the pilot rules let it skip', () => {
    const story = medium();
    story
      .when('promote-to-governed', { skipped: [], reason }, 'hari')
      .thenRejected('incomplete', 'gate:readiness');
    expect(story.rejection?.reasons.map(({ fact }) => fact)).toEqual([
      'queue-owner',
      'gate:specification',
      'gate:readiness',
      'evidence:eval',
      'evidence:vendor-review',
    ]);
    propose(story, 'evidence:eval').thenRejected('incomplete', 'evidence:eval');
    propose(story).thenEvents(['PromotionProposed', 'GateOpened']);
    propose(story).thenRejected('already-open', 'promotion');
  });

  test('needs every right, and people for every gate ahead', () => {
    const { rights, ...start } = pilot(NOW, { facts: TAX_FACTS });
    const { changeApprover: _vacant, ...fewer } = rights;
    const story = approve(given({ ...start, rights: fewer }, START), 'start', 'leena');
    propose(story).thenRejected('right-vacant', 'changeApprover');
  });

  test('is decided by product, governance, risk and the operating owner; then it goes back to specification', () => {
    const story = propose(medium());
    expect(gate(story, 'promotion').seats.map(({ id }) => id)).toEqual([
      'product',
      'governance',
      'risk',
      'operatingOwner',
    ]);
    approve(story, 'promotion', 'leena', 'gita', 'farah');
    expect(story.state.mode).toBe('pilot');
    approve(story, 'promotion', 'neha');
    expect(story.state).toMatchObject({
      mode: 'governed',
      stage: 'specification',
      serving: { release: { label: 'r1' } },
    });
  });

  test('meanwhile what it serves stays within its people, its share and its box', () => {
    const story = propose(medium());
    approve(story, 'promotion', 'leena', 'gita', 'farah', 'neha');
    expect(story.state.exposure.wanted).toMatchObject({ serving: { percent: 10 }, cohort: { people: 40 } });
    story.at(NOW + 40 * DAY);
    expect(wanted(story)).toEqual({ candidate: null, serving: null });
    expect(held(story)).toEqual(['box:forward']);
    story.when('lift-hold', { hold: holdId(story, 'box') }, 'farah').thenAccepted();
    expect(story.state).toMatchObject({ stage: 'specification', serving: null, holds: [] });
  });

  test('the governed release takes over, and the pilot is nothing to go back to once its box has ended', () => {
    const story = propose(medium());
    approve(story, 'promotion', 'leena', 'gita', 'farah', 'neha');
    specify(story, taxSpec(), 'hari');
    approve(story, 'specification', 'leena', 'gita');
    register(story, 'r2', 'hari');
    taxEvidence(story).when('submit-for-review', {}, 'hari').thenAccepted();
    approve(story, 'readiness', 'leena', 'gita');
    expect(wanted(story)).toEqual({ candidate: 10, serving: null });
    story.world.metrics = ALL_WELL;
    story
      .after(3 * DAY)
      .when('accept-exposure', {}, 'leena')
      .thenAccepted();
    expect(story.state.exposure.wanted).toMatchObject({ serving: { percent: 100 }, cohort: null });
    expect(story.state.earlier.map(({ release }) => release.label)).toEqual(['r1']);
    story.at(NOW + 41 * DAY);
    expect(held(story)).toEqual([]);
    story.when('roll-back', { reason }, 'omkar').thenAccepted();
    expect(story.the('RolledBack').to).toBe('fallback');
  });

  test('not while its retirement is decided, nor the other way round', () => {
    const story = propose(medium());
    story.when('retire', { reason, dependants: [] }, 'hari').thenRejected('already-open', 'promotion');
    const other = medium().when('retire', { reason, dependants: [] }, 'hari');
    // The partner is business owner, but nobody of business but bela decides on it.
    other.thenAccepted();
    other
      .when('promote-to-governed', { skipped: [], reason }, 'hari')
      .thenRejected('already-open', 'retirement');
  });

  test('new facts under it are asked again', () => {
    const story = propose(medium());
    approve(story, 'promotion', 'gita');
    story.when('assess-risk', { facts: { reach: 'staff' } }, 'hari').thenAccepted();
    expect(gate(story, 'promotion')).toMatchObject({ generation: 2, decisions: [] });
  });

  test('no change begins while it is decided', () => {
    const story = propose(medium());
    story
      .when('open-change', { kind: 'model', changedSections: [], reason }, 'hari')
      .thenEvents(['ChangeQueued']);
    approve(story, 'promotion', 'leena', 'gita', 'farah', 'neha');
    expect(story.state).toMatchObject({ stage: 'specification', queued: [{ id: 'change-1' }] });
  });

  test('not while something is held, nor while a delivery is open', () => {
    const story = medium();
    story.when('hold', { effect: 'forward', scope: 'serving', reason }, 'hari');
    story.when('promote-to-governed', { skipped: [], reason }, 'hari').thenRejected('held');
    const other = medium();
    other.when('open-change', { kind: 'model', changedSections: [], reason }, 'hari');
    other
      .when('promote-to-governed', { skipped: [], reason }, 'hari')
      .thenRejected('delivery-open', 'delivery');
  });

  test('nobody decides in time: it returns, and the pilot goes on', () => {
    const story = propose(medium()).after(14 * DAY);
    expect(story.state).toMatchObject({ mode: 'pilot', stage: 'live', gates: {} });
  });
});
