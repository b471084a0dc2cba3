import { describe, expect, test } from 'vitest';
import { deadlines } from '../../../src/domain/lifecycle/deadlines.js';
import type { StartInput } from '../../../src/domain/lifecycle/start-input.js';
import { viewOf } from '../../../src/domain/lifecycle/view-of.js';
import { waitingOn } from '../../../src/domain/lifecycle/waiting-on.js';
import { work } from '../../../src/domain/lifecycle/work.js';
import {
  answers,
  approve,
  gate,
  held,
  holdId,
  openTaxChange,
  rollout,
  taxEvidence,
  taxInCanary,
  taxInReview,
  taxLive,
} from '../../support/decider/acts.js';
import { assign, leaves } from '../../support/decider/leaving.js';
import { given, type Story, text } from '../../support/decider/story.js';
import { DAY, ist } from '../../support/decider/time.js';
import {
  kyc,
  kycComplete,
  modelWith,
  pilot,
  STANDARD,
  tax,
  WITH_HOLIDAY,
} from '../../support/decider/use-cases.js';

const START = '2026-11-16 10:00';
const MINUTE = 60_000;
const why = text('why');
const started = (start: StartInput = tax()) => given(start, START);

describe('how a lifecycle learns that somebody is gone', () => {
  test('nobody is believed: the directory is asked, and its answer vacates the right', () => {
    const story = started();
    story.world.gone.add('omkar');
    story.report({ type: 'people-doubted', people: ['omkar'] }).thenEvents(['HoldersDoubted']);
    expect(work(story.state)[0]).toMatchObject({
      kind: 'confirm-holders',
      key: 'tax-payments/holders/omkar',
      people: ['omkar'],
    });
    story.perform();
    expect(story.last.map(({ type }) => type)).toEqual(
      expect.arrayContaining(['HoldersConfirmed', 'RightVacated', 'HoldPlaced']),
    );
    expect(story.state.rights.operatingOwner).toBeUndefined();
    expect(story.state.doubted).toEqual([]);
  });

  test('of somebody who is still there nothing is taken away', () => {
    const story = started();
    const { rights } = story.state;
    story.report({ type: 'people-doubted', people: ['omkar', 'bela'] }).perform();
    expect(story.the('HoldersConfirmed')).toMatchObject({ asked: ['omkar', 'bela'], gone: [] });
    expect(story.state).toMatchObject({ rights, holds: [], handovers: [] });
  });

  test('while the directory does not answer everything stays as it is', () => {
    const story = started();
    story.world.directory = 'down';
    leaves(story, 'omkar').after(DAY);
    expect(story.state).toMatchObject({ doubted: ['omkar'], rights: { operatingOwner: 'omkar' } });
  });

  test('it is asked once, and only about those on whom anything hangs', () => {
    const story = started();
    story.world.directory = 'down';
    story.report({ type: 'people-doubted', people: ['gita', 'nobody-known'] }).thenEvents([]);
    story.report({ type: 'people-doubted', people: ['omkar', 'omkar'] }).thenEvents(['HoldersDoubted']);
    story.report({ type: 'people-doubted', people: ['omkar'] }).thenEvents([]);
    const gone = [{ person: 'bela', why: 'left' }] as const;
    story.report({ type: 'holders-confirmed', asked: ['bela'], gone }).thenRejected('unchanged');
  });

  test('it is not asked again within ten minutes, though it has answered and whoever says so goes on', () => {
    const story = started();
    const say = (...people: string[]) => story.report({ type: 'people-doubted', people });
    say('omkar').thenEvents(['HoldersDoubted']).perform();
    say('omkar').thenEvents([]);
    say('omkar', 'bela').thenEvents(['HoldersDoubted']).perform();
    expect(story.the('HoldersConfirmed').asked).toEqual(['bela']);
    story.after(10 * MINUTE - 1);
    say('omkar', 'bela').thenEvents([]);
    story.after(1);
    say('omkar', 'bela', 'tara').thenEvents(['HoldersDoubted']).perform();
    const at = story.now;
    expect(story.state.askedAfter).toEqual(['omkar', 'bela', 'tara'].map((person) => ({ person, at })));
    story.after(DAY);
    say('hari').perform();
    expect(story.state.askedAfter).toEqual([{ person: 'hari', at: story.now }]);
  });

  test('what a gate finds is asked about at once all the same', () => {
    const story = taxInReview(started(tax({ rights: { ...tax().rights, businessOwner: 'leena' } })));
    story.report({ type: 'people-doubted', people: ['leena'] }).perform();
    story.world.gone.add('leena');
    approve(story, 'readiness', 'leena', 'gita');
    expect(story.the('RightVacated')).toMatchObject({ right: 'businessOwner', person: 'leena' });
  });

  test('a confirmation that finds an approver gone asks after what they hold', () => {
    const story = openTaxChange(taxLive(started()), 'r2', ['prompt.tone']);
    taxEvidence(story).when('submit-for-review', {}, 'hari').thenAccepted();
    story.world.gone.add('chitra');
    approve(story, 'change', 'chitra');
    expect(story.all('RightVacated')).toMatchObject([{ right: 'changeApprover', person: 'chitra' }]);
    expect(gate(story, 'change')).toMatchObject({
      status: 'open',
      decisions: [],
      clock: { pausedAt: story.now },
    });
    expect(held(story)).toEqual(['vacancy:forward']);
  });

  test('so does an effect that is refused for want of an approver', () => {
    const story = taxInReview(started(tax({ rights: { ...tax().rights, businessOwner: 'leena' } })));
    story.world.target = 'silent';
    approve(story, 'readiness', 'leena', 'gita');
    story.world.gone.add('leena');
    story.world.target = 'applies';
    story.perform();
    expect(story.the('ExposureRefused').people).toEqual(['leena']);
    expect(story.the('RightVacated')).toMatchObject({ right: 'businessOwner', person: 'leena' });
  });

  test('an approver who has only lost a function keeps what they hold', () => {
    const story = taxInReview(started(tax({ rights: { ...tax().rights, businessOwner: 'leena' } })));
    story.world.unfit.add('leena');
    approve(story, 'readiness', 'leena', 'gita');
    expect(story.the('HoldersConfirmed')).toMatchObject({ asked: ['leena'], gone: [] });
    expect(story.state.rights.businessOwner).toBe('leena');
  });

  test('under a model from before handovers nobody is asked after', () => {
    const { handover: _unknown, ...model } = STANDARD;
    const story = started(tax({ model }));
    leaves(story, 'omkar').thenEvents([]);
    expect(story.state.rights.operatingOwner).toBe('omkar');
  });

  test('a use case that is over asks after nobody', () => {
    const story = started().when('cancel', { reason: why }, 'bela').thenAccepted();
    leaves(story, 'omkar');
    expect(work(story.state).filter(({ kind }) => kind === 'confirm-holders')).toEqual([]);
  });
});

describe('a vacated right', () => {
  test('blocks forward movement until somebody has accepted it', () => {
    const story = leaves(taxInCanary(started()), 'omkar');
    expect(held(story)).toEqual(['vacancy:forward']);
    const { step } = rollout(story);
    story.after(2 * DAY);
    expect(rollout(story).step).toBe(step);
    assign(story, 'operatingOwner', 'deepak').thenEvents(['RightOffered']);
    expect(held(story)).toEqual(['vacancy:forward']);
    story.when('accept-handover', { right: 'operatingOwner' }, 'deepak').thenAccepted();
    expect(story.last.map(({ type }) => type)).toEqual(
      expect.arrayContaining(['RightAssigned', 'HoldLifted']),
    );
    expect(story.state).toMatchObject({ holds: [], handovers: [], rights: { operatingOwner: 'deepak' } });
  });

  test('is held by no key: not even those who lift every other hold', () => {
    const story = leaves(started(), 'omkar');
    story.when('lift-hold', { hold: holdId(story, 'vacancy') }, 'farah').thenRejected('right-vacant');
    expect(viewOf(story.state, story.actor('farah'), story.now).allowedCommands).not.toContain('lift-hold');
  });

  test('stops no rollback and no stop-ship, and what serves goes on', () => {
    const story = leaves(taxLive(started()), 'omkar');
    expect(story.state.exposure.wanted.serving?.percent).toBe(100);
    story.when('stop-ship', { scope: 'serving', reason: why }, 'tara').thenAccepted();
    expect(story.state.exposure.wanted.serving).toBeNull();
  });

  test('several are one hold, and the last to be accepted lifts it', () => {
    const story = leaves(started(), 'omkar', 'chitra');
    expect(story.state.handovers.map(({ right }) => right).sort()).toEqual([
      'changeApprover',
      'operatingOwner',
    ]);
    expect(held(story)).toEqual(['vacancy:forward']);
    assign(story, 'operatingOwner', 'deepak');
    story.when('accept-handover', { right: 'operatingOwner' }, 'deepak').thenAccepted();
    expect(held(story)).toEqual(['vacancy:forward']);
    assign(story, 'changeApprover', 'vikram');
    story.when('accept-handover', { right: 'changeApprover' }, 'vikram').thenAccepted();
    expect(held(story)).toEqual([]);
  });

  test('is not accepted by somebody who would then approve what they own', () => {
    const story = leaves(started(), 'chitra');
    assign(story, 'changeApprover', 'hari').thenRejected('right-conflict');
    assign(story, 'changeApprover', 'chitra').thenAccepted();
  });

  test('a roster with others left on it is not vacant, one without is', () => {
    const story = leaves(started(tax({ rights: { ...tax().rights, operatingOwner: 'deepak' } })), 'tara');
    expect(story.state).toMatchObject({ rights: { stopShipHolder: ['omkar'] }, holds: [], handovers: [] });
    leaves(story, 'omkar');
    expect(held(story)).toEqual(['vacancy:forward']);
    assign(story, 'stopShipHolder', 'deepak').thenAccepted();
    expect(held(story)).toEqual([]);
  });

  test('an offer to somebody who is gone is none, and another can be made', () => {
    const story = leaves(started(), 'omkar');
    assign(story, 'operatingOwner', 'deepak').thenAccepted();
    leaves(story, 'deepak');
    expect(story.state.offers).toEqual({});
    assign(story, 'operatingOwner', 'vikram').thenEvents(['RightOffered']);
  });

  test('while scoping keeps it there, as any right that nobody holds', () => {
    const story = leaves(
      given(kyc({ rights: { ...kyc().rights, operatingOwner: 'meera' } }), START),
      'meera',
    );
    story.when('open-gate', { gate: 'scoping' }, 'nikhil').thenRejected('right-vacant', 'operatingOwner');
  });

  test('lets no scoping gate pass that was open already', () => {
    const story = given(kycComplete(), START).when('open-gate', { gate: 'scoping' }, 'nikhil');
    approve(story, 'scoping', 'asha');
    leaves(story, 'meera');
    answers(story, 'scoping', 'rohan', 'approve').thenRejected('held');
    expect(story.state.stage).toBe('scoping');
    assign(story, 'operatingOwner', 'deepak', 'asha');
    story.when('accept-handover', { right: 'operatingOwner' }, 'deepak').thenAccepted();
    approve(story, 'scoping', 'rohan');
    expect(story.state.stage).toBe('specification');
  });

  test('holds a pilot, too', () => {
    const story = leaves(approve(given(pilot(ist(START)), START), 'start', 'leena'), 'hari');
    expect(held(story)).toEqual(['vacancy:forward']);
    expect(story.state.handovers).toMatchObject([{ right: 'technicalOwner', from: 'hari', why: 'left' }]);
  });
});

describe('delegations of somebody who is gone', () => {
  const lent = (to: string, from: string) => {
    const story = taxInReview(started());
    const bounds = { authorities: ['governance'], gates: ['readiness'], ends: story.now + DAY } as const;
    return story.when('delegate', { to, ...bounds }, from).thenAccepted();
  };

  test.for(['gita', 'tara'])('end with them: %s', (person) => {
    const story = lent('tara', 'gita');
    approve(story, 'readiness', 'tara');
    leaves(story, person);
    expect(story.the('DelegationEnded')).toMatchObject({ delegation: 'd1', why: 'gone' });
    expect(story.all('DecisionVoided').map(({ voided }) => voided.person)).toEqual(['tara']);
    expect(story.state.delegations).toEqual([]);
  });

  test('of several stand-ins the next one speaks', () => {
    const story = taxInReview(started());
    story.when('set-absence', { standIns: ['tara', 'bela'], ends: story.now + DAY }, 'gita').thenAccepted();
    leaves(story, 'tara');
    expect(story.state.delegations).toMatchObject([{ id: 'd1', to: ['bela'], began: true }]);
    approve(story, 'readiness', 'bela');
  });
});

describe('a handover', () => {
  const clockOf = (story: Story) => story.state.handovers[0]?.clock;

  test('has a time of its own in business days, reminders, and a chain', () => {
    const story = leaves(started(), 'omkar');
    expect(clockOf(story)).toMatchObject({
      due: ist('2026-11-23 10:00'),
      calendar: { id: 'in-mumbai' },
      steps: [{ step: 'lead' }, { step: 'governance-head' }, { step: 'resolver' }],
    });
    const happened = [];
    for (const day of ['2026-11-18', '2026-11-19', '2026-11-20', '2026-11-23', '2026-11-24', '2026-11-25']) {
      story.at(`${day} 18:30`);
      happened.push(...story.all('HandoverMoved').map(({ what, step, to }) => [day, what, step, to]));
    }
    expect(happened).toEqual([
      ['2026-11-18', 'reminded', '50', ['bela', 'hari', 'divya']],
      ['2026-11-20', 'reminded', '80', ['bela', 'hari', 'divya']],
      ['2026-11-23', 'escalated', 'lead', ['divya']],
      ['2026-11-24', 'escalated', 'governance-head', ['lata']],
      ['2026-11-25', 'escalated', 'resolver', ['anand']],
    ]);
    story.after(60 * DAY);
    expect(held(story)).toEqual(['vacancy:forward']);
    expect(deadlines(story.state, story.now).filter(({ id }) => id.startsWith('handover'))).toEqual([]);
  });

  test('waits for those who can name a receiver, and then for the receiver', () => {
    const story = leaves(started(), 'omkar');
    const waits = () => waitingOn(story.state, story.now).find(({ who }) => who === 'right:operatingOwner');
    expect(waits()).toMatchObject({
      people: ['bela', 'hari', 'divya'],
      what: 'assign the right operatingOwner, which omkar no longer holds',
      due: ist('2026-11-23 10:00'),
    });
    assign(story, 'operatingOwner', 'deepak');
    expect(waits()).toMatchObject({ people: ['deepak'], due: ist('2026-11-23 10:00') });
    story.at('2026-11-20 18:30');
    expect(story.all('HandoverMoved').map(({ to }) => to)).toEqual([['deepak'], ['deepak']]);
  });

  test('those whom the chain asks may name a receiver, of a vacant right only and never themselves', () => {
    const story = started();
    const by = (person: string, to: string) =>
      story.when('assign-right', { right: 'operatingOwner', person: to }, person);
    by('lata', 'deepak').thenRejected('not-permitted', 'person');
    leaves(story, 'omkar');
    by('lata', 'lata').thenRejected('not-permitted', 'person');
    by('farah', 'deepak').thenRejected('not-permitted', 'person');
    story
      .when('assign-right', { right: 'changeApprover', person: 'deepak' }, 'lata')
      .thenRejected('not-permitted');
    by('anand', 'vikram').thenEvents(['RightOffered']);
    by('lata', 'deepak').thenEvents(['RightOffered']);
    story.when('accept-handover', { right: 'operatingOwner' }, 'deepak').thenAccepted();
    expect(held(story)).toEqual([]);
  });

  test('is not stopped by the holds that stop approvals', () => {
    const story = leaves(started(), 'omkar');
    story.when('hold', { effect: 'forward', scope: 'candidate', reason: why }, 'bela').thenAccepted();
    story.at('2026-11-24 10:00');
    expect(story.all('HandoverMoved').map(({ step }) => step)).toContain('lead');
  });

  test('moves with a changed calendar, visibly', () => {
    const story = leaves(started(), 'omkar');
    const calendar = WITH_HOLIDAY.calendars['in-mumbai'];
    if (!calendar) throw new Error('no calendar');
    story.when('update-calendar', { calendar: { ...calendar, version: 'later' } }, 'gita').thenAccepted();
    expect(story.the('HandoverMoved')).toMatchObject({ what: 'calendar', right: 'operatingOwner' });
    expect(clockOf(story)?.due).toBe(ist('2026-11-24 10:00'));
  });

  test('its times are the model’s', () => {
    const model = modelWith((written) => {
      written.handover = {
        sla: '1bd',
        reminders: [],
        escalation: { every: '4bh', chain: ['delegate', 'lead'] },
      };
    });
    const story = leaves(started(tax({ model })), 'omkar');
    expect(clockOf(story)).toMatchObject({
      due: ist('2026-11-17 10:00'),
      reminders: [],
      steps: [{ step: 'lead', at: ist('2026-11-17 10:00') }],
    });
  });

  test('beyond the calendar it has no time, and still blocks', () => {
    const story = leaves(given(tax(), '2028-12-29 10:00'), 'omkar');
    expect(clockOf(story)).toBeNull();
    expect(held(story)).toEqual(['vacancy:forward']);
  });

  test('is shown with who held the right, why not any more, and until when', () => {
    const story = leaves(started(), 'omkar');
    expect(viewOf(story.state, story.actor('bela'), story.now).handovers).toEqual([
      { right: 'operatingOwner', from: 'omkar', why: 'left', since: story.now, due: ist('2026-11-23 10:00') },
    ]);
  });
});
