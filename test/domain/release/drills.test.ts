import { describe, expect, test } from 'vitest';
import { deadlines } from '../../../src/domain/lifecycle/deadlines.js';
import { deliveryOf } from '../../../src/domain/lifecycle/delivery.js';
import { waitingOn } from '../../../src/domain/lifecycle/waiting-on.js';
import { evolveRelease } from '../../../src/domain/release/evolve-release.js';
import {
  approve,
  held,
  holdId,
  taxEvidence,
  taxInCanary,
  taxInReview,
  taxLive,
} from '../../support/decider/acts.js';
import { given, type Story, text } from '../../support/decider/story.js';
import { DAY, HOUR } from '../../support/decider/time.js';
import { modelWith, TAX_FACTS, tax, taxSpec } from '../../support/decider/use-cases.js';

const START = '2026-11-16 10:00';

/** The standard model whose medium tier rehearses every 90 days, within a minute. */
const model = (overdue: 'warn' | 'forward' = 'forward') =>
  modelWith(({ rules }) => {
    rules.governed.medium.drills = { every: '90d', within: '1min', overdue };
  });
const live = (overdue?: 'warn' | 'forward') => taxLive(given(tax({ model: model(overdue) }), START));

/** A drill held an hour ago. */
const drill = (
  story: Story,
  kind: 'rollback' | 'stop-ship',
  more: { seconds?: number; worked?: boolean; heldAt?: number } = {},
  by = 'omkar',
) =>
  story.when(
    'record-drill',
    { drill: kind, heldAt: story.now - HOUR, seconds: 20, worked: true, report: text('report'), ...more },
    by,
  );

describe('the cadence', () => {
  test('begins when something first serves, and each kind has its own', () => {
    const story = live();
    const since = story.now;
    drill(story.after(30 * DAY), 'rollback').thenEvents(['DrillRecorded']);
    story.at(since + 90 * DAY - 1).thenEvents([]);
    story.after(1).thenEvents(['DrillMissed', 'HoldPlaced']);
    expect(story.the('DrillMissed')).toEqual({
      type: 'DrillMissed',
      kind: 'stop-ship',
      due: since + 90 * DAY,
    });
    expect(held(story)).toEqual(['drill:forward']);
    story.at(since + 120 * DAY).thenEvents(['DrillMissed', 'HoldPlaced']);
    expect(held(story)).toEqual(['drill:forward', 'drill:forward']);
  });

  test('another release changes nothing of it, and nothing is asked where nothing serves', () => {
    const story = live();
    story.when('roll-back', { reason: text('why') }, 'omkar');
    story.after(200 * DAY);
    expect(story.events.map(({ type }) => type)).not.toContain('DrillMissed');
  });

  test('begins anew where the manual fallback served meanwhile', () => {
    const story = taxInCanary(given(tax(), START));
    const candidate = deliveryOf(story.state);
    const release = candidate?.step === 'release' ? candidate.release.digest : text('none');
    const event = { type: 'ReleaseServing', release, percent: 100, serveUntil: null } as const;
    const since = (engine: 2 | 3) =>
      evolveRelease.ReleaseServing(
        { ...story.state, engine, drills: { ...story.state.drills, since: 1 } },
        event,
        story.now,
      ).drills.since;
    expect([since(2), since(3)]).toEqual([1, story.now]);
  });

  test('a model that asks for none has no such deadline', () => {
    const story = taxLive(given(tax(), START)).after(150 * DAY);
    expect(held(story)).toEqual([]);
  });

  test('a drill that was held in time lifts what its absence held; the ordinary keys do, too', () => {
    const story = live().after(91 * DAY);
    expect(held(story)).toEqual(['drill:forward', 'drill:forward']);
    drill(story, 'rollback').thenEvents(['DrillRecorded', 'HoldLifted']);
    story.when('lift-hold', { hold: holdId(story, 'drill') }, 'farah').thenAccepted();
    expect(held(story)).toEqual([]);
    story.after(80 * DAY).thenEvents([]);
  });

  test('one that was held long ago does not', () => {
    const story = live().after(150 * DAY);
    drill(story, 'rollback', { heldAt: story.now - 100 * DAY });
    expect(held(story)).toEqual(['drill:forward', 'drill:forward']);
  });

  test('rules that ask for drills from now on count from now on', () => {
    const story = taxLive(given(tax(), START)).after(100 * DAY);
    const due = () => deadlines(story.state, story.now).filter(({ id }) => id.startsWith('drill/'));
    expect(due()).toEqual([]);
    story.when('assess-risk', { facts: { ...TAX_FACTS, effect: 'decides' } }, 'hari').thenAccepted();
    expect(story.state.tier.computed).toBe('high');
    const at = story.now + 180 * DAY;
    expect(due()).toMatchObject([
      { id: 'drill/rollback', at },
      { id: 'drill/stop-ship', at },
    ]);
    // What asks for as much, or for less, moves nothing.
    story
      .after(DAY)
      .when('assess-risk', { facts: { ...TAX_FACTS, effect: 'decides', money: 'more' } }, 'hari');
    expect(due().map((deadline) => deadline.at)).toEqual([at, at]);
  });

  test('where the model only warns, people are told', () => {
    const story = live('warn').after(90 * DAY);
    expect(held(story)).toEqual([]);
    expect(story.all('NoticeRaised').map(({ notice }) => notice)).toContainEqual(
      expect.objectContaining({ kind: 'hold', to: expect.arrayContaining(['omkar', 'hari']) }),
    );
  });
});

describe('a drill is judged by code', () => {
  test.each([
    ['it did not work', { worked: false }],
    ['it took too long', { seconds: 60.001 }],
  ])('%s: it is as good as none', (_, more) => {
    const story = live();
    drill(story, 'stop-ship', more).thenEvents(['DrillRecorded', 'HoldPlaced']);
    expect(story.the('DrillRecorded').drill).toMatchObject({ passed: false, release: text('r1') });
    drill(story, 'stop-ship', { ...more, heldAt: story.now - 90_000 }).thenEvents(['DrillRecorded']);
    story.after(90 * DAY);
    expect(story.all('DrillMissed').map(({ kind }) => kind)).toEqual(['rollback', 'stop-ship']);
  });

  test('within the time to the second, it passed', () => {
    drill(live(), 'stop-ship', { seconds: 60 }).thenEvents(['DrillRecorded']);
  });

  test('one that is not over, or no newer than what is known, proves nothing', () => {
    const story = live();
    drill(story, 'rollback', { heldAt: story.now }).thenRejected('evidence-stale', 'heldAt');
    drill(story, 'rollback').thenAccepted();
    drill(story, 'rollback').thenRejected('unchanged', 'heldAt');
    drill(story, 'stop-ship').thenAccepted();
  });

  test('is recorded by those who would order it, or by a machine', () => {
    const story = live();
    drill(story, 'rollback', {}, 'leena').thenRejected('not-permitted', 'person');
    drill(story, 'rollback', {}, 'ci').thenAccepted();
    drill(story, 'stop-ship', {}, 'tara').thenAccepted();
  });
});

describe('as evidence', () => {
  const asked = taxSpec({
    evidence: [
      { id: 'e1', kind: 'eval', before: 'readiness', maxAge: '90d', proves: ['c1', 'c2'] },
      { id: 'e2', kind: 'rollback-drill', before: 'readiness', maxAge: '30d' },
    ],
  });

  /** A change under a spec that asks for a drill before its readiness. */
  function changing(): Story {
    const story = live();
    const change = { kind: 'spec', changedSections: [], reason: text('why') } as const;
    story.when('open-change', change, 'leena').thenAccepted();
    story.when('draft-spec', { spec: asked, missing: [] }, 'hari').thenAccepted();
    story.when('submit-spec', { version: 2 }, 'hari').thenAccepted();
    approve(story, 'specification', 'leena', 'gita');
    story.when('register-release', { release: text('r2'), changedSections: [] }, 'hari').thenAccepted();
    return taxEvidence(story);
  }
  const submit = (story: Story) => story.when('submit-for-review', {}, 'hari');

  test('it is asked for, and one that passed is enough, whoever recorded it', () => {
    const story = changing();
    submit(story).thenRejected('evidence-missing', 'rollback-drill');
    drill(story, 'rollback');
    submit(story).thenAccepted();
    approve(story, 'readiness', 'leena', 'gita');
  });

  test('not one that failed', () => {
    const story = changing();
    drill(story, 'rollback', { worked: false });
    submit(story).thenRejected('evidence-failed', 'rollback-drill');
  });

  test('nor one that is too old', () => {
    const story = changing();
    drill(story, 'rollback', { heldAt: story.now - 31 * DAY });
    submit(story).thenRejected('evidence-stale', 'rollback-drill');
  });
});

test('what is overdue is waited for', () => {
  const story = live().after(91 * DAY);
  const what = waitingOn(story.state, story.now).map((waiting) => waiting.what);
  expect(what).toEqual(
    expect.arrayContaining([
      expect.stringMatching(/^lift hold h1 \(drill, forward\)/),
      'hold a rollback drill, which is overdue, and record it',
    ]),
  );
});

test('before anything is released there is nothing to rehearse', () => {
  const story = taxInReview(given(tax({ model: model() }), START));
  drill(story, 'rollback').thenRejected('wrong-stage');
});
