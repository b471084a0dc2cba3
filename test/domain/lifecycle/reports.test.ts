import { describe, expect, test } from 'vitest';
import { approve, gate, held, specify, taxInReview } from '../../support/decider/acts.js';
import { given } from '../../support/decider/story.js';
import { DAY, ist } from '../../support/decider/time.js';
import { tax, taxSpec } from '../../support/decider/use-cases.js';

const START = '2026-11-16 10:00';

test('time alone changes nothing before something is due', () => {
  given(tax(), START).report({ type: 'tick' }).thenEvents([]);
});

test('a ledger that disagrees holds everything, once', () => {
  const story = given(tax(), START);
  story.report({ type: 'ledger-conflict', detail: 'a gap' }).thenEvents(['HoldPlaced']);
  story.report({ type: 'ledger-conflict', detail: 'a gap' }).thenEvents([]);
  expect(held(story)).toEqual(['ledger:forward']);
  story.when('lift-hold', { hold: 'h1' }, 'farah').thenEvents(['HoldLifted']);
});

test('a message that could not be read is recorded and changes nothing', () => {
  const story = given(tax(), START);
  const { seq: _before, ...before } = story.state;
  story.report({ type: 'message-refused', message: 'decide', code: 'malformed', person: null });
  story.thenEvents(['MessageRefused']);
  const { seq: _after, ...after } = story.state;
  expect(after).toEqual(before);
});

test('notices are forgotten once they are delivered, the newest kept while nobody can be told', () => {
  const story = given(tax(), START);
  story.world.notifier = 'down';
  for (let n = 0; n < 120; n++) {
    story.when('assign-right', { right: 'operatingOwner', person: n % 2 === 0 ? 'deepak' : 'divya' }, 'bela');
  }
  expect(story.state.notices).toHaveLength(100);
  expect(story.state.notices.at(-1)?.id).toBe(`n${story.state.counters.notices}`);
  story.world.notifier = 'up';
  story.perform();
  expect(story.state.notices).toEqual([]);
});

describe('the engine', () => {
  test('changes when it is asked to, and once', () => {
    const story = given(tax({ engine: 1 }), START);
    story.report({ type: 'engine', engine: 2 }).thenEvents(['EngineChanged']);
    story.report({ type: 'engine', engine: 2 }).thenEvents([]);
    expect(story.state.engine).toBe(2);
  });

  test.each([
    [1, ['ReminderSent']],
    [2, []],
  ] as const)('%i: what it reminds of while the directory is asked', (engine, events) => {
    const story = specify(given(tax({ engine }), START), taxSpec(), 'hari');
    story.world.directory = 'down';
    approve(story, 'specification', 'leena', 'gita');
    story.at('2026-11-16 14:00').thenEvents(events);
  });
});

test('a confirmation of an earlier opening of a gate confirms nothing', () => {
  const story = taxInReview(given(tax(), START));
  story.world.directory = 'down';
  approve(story, 'readiness', 'leena', 'gita');
  const { generation } = gate(story, 'readiness');
  const asked = ['leena', 'gita'];
  const answer = { type: 'gate-confirmed', gate: 'readiness', asked, ineligible: [] } as const;
  story.report({ ...answer, generation: generation + 1 }).thenRejected('unchanged');
  story.report({ ...answer, gate: 'launch', generation }).thenRejected('unchanged');
  story.report({ ...answer, generation }).thenAccepted();
  story.report({ ...answer, generation }).thenRejected('unchanged');
  expect(story.now).toBeLessThan(ist(START) + DAY);
});
