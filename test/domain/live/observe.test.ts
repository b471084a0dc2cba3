import { describe, expect, test } from 'vitest';
import type { Spec } from '../../../src/contracts/spec.js';
import { viewOf } from '../../../src/domain/lifecycle/view-of.js';
import { waitingOn } from '../../../src/domain/lifecycle/waiting-on.js';
import { work } from '../../../src/domain/lifecycle/work.js';
import {
  ALL_WELL,
  approve,
  held,
  holdId,
  openTaxChange,
  register,
  rollout,
  specify,
  taxEvidence,
  taxInCanary,
  taxLive,
  wanted,
} from '../../support/decider/acts.js';
import { guardSees, seen, watches } from '../../support/decider/guarding.js';
import { given, type Story, text } from '../../support/decider/story.js';
import { DAY, HOUR } from '../../support/decider/time.js';
import { FALSE_COMMITMENT, tax, taxSpec } from '../../support/decider/use-cases.js';

const START = '2026-11-16 10:00';
const live = () => taxLive(given(tax(), START));

/** A live tax release whose c1 does something else on breach. */
function liveWith(change: Partial<NonNullable<Spec['checks']>[number]>): Story {
  const c1 = { ...FALSE_COMMITMENT, ...change } as NonNullable<Spec['checks']>[number];
  const story = given(tax(), START);
  specify(
    story,
    taxSpec({ checks: [c1], evidence: [{ id: 'e1', kind: 'eval', before: 'readiness' }] }),
    'hari',
  );
  approve(story, 'specification', 'leena', 'gita');
  register(story, 'r1', 'hari');
  taxEvidence(story).when('submit-for-review', {}, 'hari').thenAccepted();
  approve(story, 'readiness', 'leena', 'gita');
  story.world.metrics = ALL_WELL;
  story
    .after(3 * DAY)
    .when('accept-exposure', {}, 'omkar')
    .thenAccepted();
  return story;
}

describe('what is watched', () => {
  test('the serving release, by the clauses that hold live', () => {
    const [watch, ...others] = watches(live());
    expect(others).toEqual([]);
    expect(watch).toMatchObject({ label: 'r1', step: 'live', open: [], silent: false });
    expect(watch?.terms.checks.map(({ check }) => check.id)).toEqual(['c1', 'c2']);
    expect(watch?.terms).toMatchObject({ poll: HOUR / 2, silenceAfter: HOUR });
  });

  test('nothing before people are exposed, and not what a rollout judges', () => {
    const story = taxInCanary(given(tax(), START));
    expect(story.state.watch.exposed).toHaveLength(1);
    expect(watches(story)).toEqual([]);
  });

  test('a candidate that waits for its acceptance: nobody else looks at it', () => {
    const story = taxInCanary(given(tax(), START));
    story.world.metrics = ALL_WELL;
    story.after(3 * DAY);
    expect(rollout(story).phase.name).toBe('accepting');
    expect(watches(story)).toMatchObject([{ label: 'r1', step: 'full-100' }]);
  });

  test('in a change the serving release beside the candidate', () => {
    const story = live();
    openTaxChange(story, 'r2', ['prompt.tone']);
    taxEvidence(story).when('submit-for-review', {}, 'hari').thenAccepted();
    approve(story, 'change', 'chitra');
    expect(rollout(story).phase.name).toBe('soaking');
    expect(watches(story)).toMatchObject([{ label: 'r1' }]);
    expect(story.state.watch.exposed).toHaveLength(2);
  });

  test('nothing under an earlier engine', () => {
    const story = taxLive(given(tax({ engine: 2 }), START));
    expect(story.state.watch.exposed).toEqual([]);
    expect(watches(story)).toEqual([]);
  });

  test('what is exposed already, once a lifecycle goes over to this engine', () => {
    const story = taxLive(given(tax({ engine: 2 }), START)).report({ type: 'engine', engine: 3 });
    expect(watches(story)).toMatchObject([{ label: 'r1', since: story.now }]);
  });

  test('is nothing that anybody waits for', () => {
    const story = live();
    expect(waitingOn(story.state, story.now).map(({ who }) => who)).toEqual(['time']);
  });
});

describe('a breached clause does what it says', () => {
  test('roll back: to the fallback where nothing earlier is eligible', () => {
    const story = guardSees(live(), seen('breach', live(), 'c1'));
    story.thenEvents([
      'BreachObserved',
      'RolledBack',
      'HoldPlaced',
      'ExposureRequested',
      'ExposureConfirmed',
    ]);
    expect(story.the('BreachObserved')).toMatchObject({
      clause: 'c1',
      value: 0.5,
      limit: 0.001,
      n: 2_000,
      action: 'roll-back',
    });
    expect(story.the('RolledBack')).toMatchObject({
      what: 'serving',
      to: 'fallback',
      why: 'clause c1 breached while live',
    });
    expect(wanted(story)).toEqual({ candidate: null, serving: null });
    expect(watches(story)).toEqual([]);
  });

  test('nothing said: to roll back', () => {
    const story = liveWith({});
    guardSees(story, seen('breach', story, 'c1'));
    expect(held(story)).toEqual(['rollback:forward']);
  });

  test('warn: people are told, and it goes on', () => {
    const story = liveWith({ onBreach: 'warn' });
    guardSees(story, seen('breach', story, 'c1')).thenEvents(['BreachObserved']);
    expect(story.all('NoticeRaised').map(({ notice }) => notice.to)).toEqual([['hari', 'omkar']]);
    expect(wanted(story).serving).toBe(100);
  });

  test('strengthen: every case goes to a person', () => {
    const story = liveWith({ onBreach: 'strengthen' });
    guardSees(story, seen('breach', story, 'c1'));
    expect(story.state.exposure.applied).toMatchObject({ serving: { percent: 100 }, review: 'all' });
  });

  test('hold: with the effect that the tier gives it', () => {
    const story = liveWith({ onBreach: 'hold' });
    guardSees(story, seen('breach', story, 'c1'));
    expect(held(story)).toEqual(['verification:review-all']);
    expect(story.state.holds[0]).toMatchObject({ scope: 'serving', by: null });
  });

  test('fall back: the manual fallback serves at once', () => {
    const story = liveWith({ onBreach: 'fall-back' });
    guardSees(story, seen('breach', story, 'c1'));
    expect(wanted(story)).toEqual({ candidate: null, serving: null });
    expect(held(story)).toEqual(['rollback:stopped']);
  });

  test('of several the most severe is done, and all are recorded', () => {
    const story = live();
    guardSees(story, seen('breach', story, 'c2'), seen('breach', story, 'c1'));
    expect(story.all('BreachObserved').map(({ clause }) => clause)).toEqual(['c2', 'c1']);
    expect(story.all('RolledBack')).toHaveLength(1);
  });

  test('a candidate that waits for its acceptance is taken back', () => {
    const story = taxInCanary(given(tax(), START));
    story.world.metrics = ALL_WELL;
    story.after(3 * DAY);
    guardSees(story, seen('breach', story, 'c1'));
    expect(story.the('RolledBack').what).toBe('candidate');
    expect(rollout(story).phase.name).toBe('rolled-back');
  });
});

describe('each change counts once', () => {
  test('the same breach told twice', () => {
    const story = liveWith({ onBreach: 'hold' });
    guardSees(story, seen('breach', story, 'c1'));
    const { release } = story.state.watch.exposed[0] ?? { release: '' };
    story.report({ type: 'watched', release, seen: [seen('breach', story, 'c1')] });
    expect(story.rejection?.rejected).toBe('unchanged');
  });

  test('a guard that begins again is told what is known', () => {
    const story = liveWith({ onBreach: 'hold' });
    const [before] = watches(story);
    guardSees(story, seen('breach', story, 'c1'));
    const [after] = watches(story);
    expect(after?.open).toEqual([{ clause: 'c1', group: null }]);
    expect(after?.key).not.toBe(before?.key);
    expect(after?.since).toBe(before?.since);
  });

  test('what it saw of a release that nobody is exposed to any more', () => {
    const story = live();
    const { release } = story.state.watch.exposed[0] ?? { release: '' };
    story.when('stop-ship', { scope: 'serving', reason: text('fire') }, 'tara');
    story.report({ type: 'watched', release, seen: [seen('breach', story, 'c1')] });
    expect(story.rejection?.rejected).toBe('unchanged');
  });
});

describe('a recovery', () => {
  test('is recorded, and lifts nothing: that is for a person', () => {
    const story = liveWith({ onBreach: 'hold' });
    guardSees(story, seen('breach', story, 'c1'));
    guardSees(story, seen('recovery', story, 'c1')).thenEvents(['BreachEnded']);
    expect(held(story)).toEqual(['verification:review-all']);
    story.when('lift-hold', { hold: holdId(story, 'verification') }, 'farah');
    expect(story.state.watch.exposed[0]?.breaches).toEqual([]);
  });

  test('a clause that is breached again is held again', () => {
    const story = liveWith({ onBreach: 'hold' });
    guardSees(story, seen('breach', story, 'c1'));
    guardSees(story, seen('recovery', story, 'c1'));
    guardSees(story, seen('breach', story, 'c1')).thenEvents(['BreachObserved']);
    expect(held(story)).toEqual(['verification:review-all']);
  });
});

describe('silence', () => {
  const silence = (story: Story) => ({ what: 'silence' as const, since: story.now - HOUR, clauses: ['c1'] });

  test('has the effect that the tier names', () => {
    const story = live();
    guardSees(story, silence(story));
    expect(story.the('SilenceObserved')).toMatchObject({
      action: 'review-all',
      clauses: ['c1'],
      since: story.now - HOUR,
    });
    expect(held(story)).toEqual(['silence:review-all']);
    expect(watches(story)[0]?.silent).toBe(true);
  });

  test('ends with a measurement, and the hold stays for a person', () => {
    const story = live();
    guardSees(story, silence(story));
    guardSees(story, { what: 'sound' }).thenEvents(['SilenceEnded']);
    expect(held(story)).toEqual(['silence:review-all']);
    expect(watches(story)[0]?.silent).toBe(false);
  });
});

test('exposure that ends takes what is known with it; the next one begins anew', () => {
  const story = liveWith({ onBreach: 'hold' });
  guardSees(story, seen('breach', story, 'c1'));
  story.when('hold', { effect: 'stopped', scope: 'serving', reason: text('look') }, 'tara');
  expect(story.state.watch.exposed).toEqual([]);
  story
    .after(DAY)
    .when('lift-hold', { hold: holdId(story, 'person') }, 'farah')
    .thenAccepted();
  const [watched] = story.state.watch.exposed;
  expect(watched).toMatchObject({ since: story.now, breaches: [], silentSince: null });
});

test('the view says what is watched, and what is wrong', () => {
  const story = liveWith({ onBreach: 'hold' });
  guardSees(story, seen('breach', story, 'c1'));
  const view = viewOf(story.state, story.actor('hari'), story.now);
  expect(view.watched).toMatchObject([
    { label: 'r1', breaches: [{ clause: 'c1', group: null, at: story.now, alert: null }], silentSince: null },
  ]);
  expect(work(story.state).some(({ kind }) => kind === 'watch')).toBe(true);
});
