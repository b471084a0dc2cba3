import { describe, expect, test } from 'vitest';
import { viewOf } from '../../../src/domain/lifecycle/view-of.js';
import { waitingOn } from '../../../src/domain/lifecycle/waiting-on.js';
import {
  answers,
  approve,
  gate,
  held,
  holdId,
  rollout,
  taxInCanary,
  taxInReview,
  taxLive,
} from '../../support/decider/acts.js';
import { given, type Story, text } from '../../support/decider/story.js';
import { DAY, ist } from '../../support/decider/time.js';
import { modelWith, tax } from '../../support/decider/use-cases.js';

const START = '2026-11-16 10:00';
const reason = text('too fast');
const inReview = () => taxInReview(given(tax(), START));

function raised(story: Story, about?: string, by = 'bela'): Story {
  return story.when('raise-conflict', { reason, ...(about ? { gate: about } : {}) }, by).thenAccepted();
}

const resolve = (story: Story, side: 'forward' | 'stricter', by = 'anand', conflict = 'conflict-1') =>
  story.when('resolve-conflict', { conflict, side, reason }, by);

describe('§3.17 a conflict is raised', () => {
  test.each(['bela', 'hari', 'omkar', 'chitra', 'tara'])('by %s, who holds a decision right', (by) => {
    raised(inReview(), 'readiness', by).thenEvents([
      'GateOpened',
      'HoldPlaced',
      'GateClockMoved',
      'ConflictRaised',
    ]);
  });

  test('by nobody without one', () => {
    const story = inReview().when('raise-conflict', { reason }, 'leena');
    story.thenRejected('not-permitted', 'person');
  });

  test('and asks the resolver, with the time that the operating model gives', () => {
    const story = raised(inReview(), 'readiness');
    expect(gate(story, 'conflict-1')).toMatchObject({
      seats: [{ id: 'conflictResolver' }],
      clock: { due: ist('2026-11-17 10:00'), pausedAt: null },
    });
    expect(story.all('NoticeRaised').map(({ notice }) => [notice.kind, ...notice.to])).toContainEqual([
      'request',
      'anand',
    ]);
    expect(waitingOn(story.state, story.now)).toContainEqual({
      kind: 'seat',
      who: 'conflict-1:conflictResolver',
      people: ['anand'],
      what: 'resolve conflict-1 about readiness, by resolve-conflict',
      gate: 'conflict-1',
      due: ist('2026-11-17 10:00'),
    });
    expect(viewOf(story.state, story.actor('anand'), story.now)).toMatchObject({
      conflicts: [{ conflict: 'conflict-1', gate: 'readiness', by: 'bela', due: ist('2026-11-17 10:00') }],
    });
  });

  test('once about the same thing, about what is open, and about what lets something through', () => {
    const story = raised(inReview(), 'readiness');
    story
      .when('raise-conflict', { gate: 'readiness', reason }, 'hari')
      .thenRejected('already-open', 'conflict-1');
    story.when('raise-conflict', { gate: 'conflict-1', reason }, 'hari').thenRejected('not-passable', 'gate');
    story.when('raise-conflict', { gate: 'launch', reason }, 'hari').thenRejected('gate-closed', 'gate');
    raised(story, undefined, 'hari');
  });

  test('not by the one who would resolve it', () => {
    inReview().when('raise-conflict', { reason }, 'anand').thenRejected('unstaffed', 'conflictResolver');
  });

  test('under no model from before conflicts were known', () => {
    const { conflict: _unknown, ...model } = modelWith(() => {});
    const story = given(tax({ model }), START).when('raise-conflict', { reason }, 'bela');
    story.thenRejected('gate-not-listed', 'conflict');
  });
});

describe('§3.17 until it is resolved the stricter side stands', () => {
  test('nobody approves what it is about, whose clock stops; a stricter answer counts', () => {
    const story = raised(inReview(), 'readiness');
    answers(story, 'readiness', 'leena', 'approve').thenRejected('held', holdId(story, 'conflict'));
    expect(gate(story, 'readiness').clock.pausedAt).toBe(story.now);
    answers(story, 'readiness', 'leena', 'request-changes', { clauses: ['c1'] }).thenAccepted();
  });

  test('a rollout takes no step', () => {
    const story = taxInCanary(given(tax(), START));
    raised(story);
    story.world.metrics = () => [];
    const { step } = rollout(story);
    story.at('2026-11-17 09:00');
    expect(rollout(story).step).toBe(step);
  });

  test('its hold is lifted by its resolution alone', () => {
    const story = raised(inReview(), 'readiness');
    const hold = holdId(story, 'conflict');
    for (const by of ['farah', 'anand', 'bela'])
      expect(story.when('lift-hold', { hold }, by).rejection, by).not.toBeNull();
    answers(story, 'conflict-1', 'anand', 'approve').thenRejected('not-permitted', 'gate');
  });

  test('only who raised it withdraws it: the owners are whom it keeps from going on', () => {
    const story = raised(inReview(), 'readiness', 'chitra');
    story.when('withdraw-gate', { gate: 'conflict-1', reason }, 'bela').thenRejected('not-permitted', 'gate');
    story.when('withdraw-gate', { gate: 'conflict-1', reason }, 'chitra').thenAccepted();
    expect(story.the('ConflictResolved')).toMatchObject({ side: 'forward', by: 'chitra' });
    expect(story.state).toMatchObject({ conflicts: [], holds: [] });
  });
});

describe('§3.17 the resolver says which side stands', () => {
  test('forward: what it held goes on where it was', () => {
    const story = raised(inReview(), 'readiness').at('2026-11-16 14:00');
    resolve(story, 'forward').thenEvents([
      'DecisionRecorded',
      'GateConfirming',
      'GateClosed',
      'ConflictResolved',
      'HoldLifted',
      'GateClockMoved',
    ]);
    expect(story.the('ConflictResolved')).toMatchObject({ side: 'forward', by: 'anand', reason });
    approve(story, 'readiness', 'leena', 'gita');
    expect(story.state.stage).toBe('release');
  });

  test('forward, but not before the directory says that the resolver still is one', () => {
    const story = raised(inReview(), 'readiness');
    story.world.unfit.add('anand');
    resolve(story, 'forward').thenAccepted();
    expect(held(story)).toEqual(['conflict:forward']);
    expect(gate(story, 'conflict-1').status).toBe('open');
  });

  test('stricter, about a gate: it goes back', () => {
    const story = raised(inReview(), 'readiness');
    resolve(story, 'stricter').thenAccepted();
    expect(story.state).toMatchObject({ stage: 'implementation', conflicts: [], holds: [], gates: {} });
  });

  test('stricter, about all that moves: it stays held until the ordinary keys lift it', () => {
    const story = raised(taxInCanary(given(tax(), START)));
    resolve(story, 'stricter').thenAccepted();
    expect(held(story)).toEqual(['conflict:forward']);
    expect(story.state.conflicts).toEqual([]);
    story.when('lift-hold', { hold: holdId(story, 'conflict') }, 'farah').thenEvents(['HoldLifted']);
  });

  test('about what serves it holds what serves', () => {
    const story = raised(taxLive(given(tax(), START)));
    expect(story.state.holds).toMatchObject([{ source: 'conflict', scope: 'serving' }]);
    resolve(story, 'forward').thenAccepted();
    expect(story.state.holds).toEqual([]);
  });

  test('and nobody else does', () => {
    const story = raised(inReview(), 'readiness');
    resolve(story, 'forward', 'bela').thenRejected('excluded', 'person');
    for (const by of ['hari', 'gita']) resolve(story, 'forward', by).thenRejected('not-permitted', 'person');
    resolve(story, 'forward', 'anand', 'conflict-2').thenRejected('not-found', 'conflict');
  });
});

describe('§3.17 a conflict that nobody resolves', () => {
  test('is reminded of, escalated step by step, and then held: it never passes', () => {
    const story = raised(inReview(), 'readiness');
    story.at('2026-11-20 10:00');
    const types = story.last.map(({ type }) => type);
    expect(types.filter((type) => type === 'ReminderSent')).toHaveLength(2);
    expect(types.filter((type) => type === 'Escalated').length).toBeGreaterThan(0);
    expect(story.the('GateTimedOut')).toMatchObject({ gate: 'conflict-1', outcome: 'hold' });
    expect(held(story)).toEqual(['conflict:forward', 'timeout:forward']);
    resolve(story, 'forward').thenRejected('gate-held', 'gate');
    story.when('lift-hold', { hold: holdId(story, 'timeout') }, 'farah').thenAccepted();
    resolve(story, 'forward').thenAccepted();
    expect(story.state.holds).toEqual([]);
  });

  test('gives back what it is about, where the policy says so', () => {
    const model = modelWith(({ conflict }) => {
      if (conflict) conflict.timeout = 'return';
    });
    const story = raised(taxInReview(given(tax({ model }), START)), 'readiness').at('2026-11-20 10:00');
    expect(story.the('ConflictResolved')).toMatchObject({ side: 'stricter', by: null });
    expect(story.state).toMatchObject({ stage: 'implementation', conflicts: [], holds: [] });
  });
});

test('§3.17 who stands in for the resolver says which side stands', () => {
  const story = inReview();
  const away = { standIns: ['deepak'], starts: story.now + 1, ends: story.now + 3 * DAY };
  story.when('set-absence', away, 'anand').thenAccepted();
  raised(story.at('2026-11-16 11:00'), 'readiness');
  const view = viewOf(story.state, story.actor('deepak'), story.now);
  expect(view.allowedCommands).toContain('resolve-conflict');
  resolve(story, 'forward', 'farah').thenRejected('not-permitted', 'person');
  resolve(story, 'forward', 'deepak').thenAccepted();
  expect(story.the('ConflictResolved')).toMatchObject({ by: 'deepak' });
});

test('§3.17 a parked use case keeps its conflict, and its resolver ends it', () => {
  const story = raised(given(tax({ brief: { digest: text('brief'), missing: ['value'] } }), START));
  story.when('park', { reason }, 'bela').thenAccepted();
  resolve(story, 'forward').thenAccepted();
  expect(story.state.holds).toEqual([]);
});
