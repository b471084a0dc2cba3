import { describe, expect, test } from 'vitest';
import type { State } from '../../../src/domain/lifecycle/state.js';
import { type ItemQuestion, itemTerms, refuseAsking } from '../../../src/domain/operations/item-terms.js';
import { kycInShadow, taxInReview, taxLive } from '../../support/decider/acts.js';
import { given, type Story, text } from '../../support/decider/story.js';
import { HOUR } from '../../support/decider/time.js';
import { kycComplete, low, modelWith, pilot, tax, taxSpec } from '../../support/decider/use-cases.js';

const MINUTE = 60_000;
/** Monday morning, so that four working hours end the same day. */
const MONDAY = '2026-11-16 10:00';

function asked(story: Story, question: Partial<ItemQuestion> = {}, by = 'omkar', state: State = story.state) {
  return itemTerms(
    state,
    story.actor(by),
    { queue: null, clause: null, agent: false, ...question },
    story.now,
  );
}

function changed(story: Story, queue: object): State {
  const spec = { ...taxSpec(), queues: [{ id: 'desk', owner: 'omkar', ...queue }] };
  const { serving } = story.state;
  if (!serving) throw new Error('nothing serves');
  return { ...story.state, serving: { ...serving, spec: { ...serving.spec, spec } } };
}

const live = () => taxLive(given(tax(), MONDAY)).at('2026-11-23 10:00');

describe('the terms of a queue', () => {
  test('come from the spec of what serves, and from the operating model where that says nothing', () => {
    const story = live();
    expect(asked(story)).toEqual({
      lifecycle: 'tax-payments',
      team: 'tax-filing',
      queue: 'desk',
      owner: 'omkar',
      function: 'operations',
      secondLine: 'deepak',
      due: story.now + 4 * HOUR,
      settles: story.now + 8 * HOUR,
      default: 'manual',
      release: story.state.serving?.release.digest,
    });
  });

  test('a spec’s own words go before those of the operating model', () => {
    const story = live();
    const state = changed(story, { sla: '30min', secondLine: 'divya', default: 'deny' });
    expect(asked(story, {}, 'omkar', state)).toMatchObject({
      secondLine: 'divya',
      due: story.now + 30 * MINUTE,
      default: 'deny',
    });
    const silent = asked(story, {}, 'omkar', changed(story, {}));
    expect(silent).toMatchObject({ due: story.now + 4 * HOUR, secondLine: 'deepak', default: 'manual' });
  });

  test('an agent that waits gets the terms for agents, where there are any', () => {
    const story = kycInShadow(given(kycComplete(), MONDAY)).at('2026-12-01 10:00');
    const high = asked(story, { agent: true }, 'ci', {
      ...story.state,
      ...{ delivery: null },
      pilot: null,
    } as State);
    expect(high).toMatchObject({ queue: 'default', due: story.now + 30 * MINUTE, default: 'deny' });
    expect(asked(story, { agent: true }, 'ci')).toMatchObject({
      queue: 'doubtful',
      owner: 'meera',
      secondLine: 'deepak',
      default: 'manual',
    });
    expect(asked(live(), { agent: true })).toMatchObject({ default: 'manual' });
  });

  test('a pilot without queues has the default one, with its operating owner', () => {
    const story = given(pilot(Date.parse('2026-11-16T04:30:00Z')), MONDAY);
    story.when('decide', decision(story), 'leena').thenAccepted();
    expect(story.state.stage).toBe('live');
    expect(asked(story, {}, 'hari')).toMatchObject({
      queue: 'default',
      owner: 'leena',
      secondLine: null,
      default: 'manual',
    });
  });

  test('the same for a use case whose spec has none', () => {
    const story = live();
    const { serving } = story.state;
    const spec = { ...taxSpec(), queues: [] };
    const state = {
      ...story.state,
      serving: serving && { ...serving, spec: { ...serving.spec, spec } },
    } as State;
    expect(asked(story, {}, 'hari', state)).toMatchObject({ queue: 'default', owner: 'omkar' });
  });

  test('the second line is never the first line again', () => {
    const story = live();
    expect(asked(story, {}, 'omkar', changed(story, { owner: 'deepak' }))).toMatchObject({
      secondLine: 'divya',
    });
  });

  test('a calendar that does not reach so far is no guess', () => {
    const story = live();
    const beyond = { ...story.state.model.calendars };
    const [[id, calendar] = []] = Object.entries(beyond);
    if (!id || !calendar) throw new Error('no calendar');
    const short = Object.fromEntries(
      Object.entries(beyond).map(([name, each]) => [name, { ...each, validThrough: story.now + HOUR }]),
    );
    const state = { ...story.state, model: { ...story.state.model, calendars: short } };
    expect(asked(story, {}, 'omkar', state)).toMatchObject({ rejected: 'beyond-calendar' });
  });

  test('a demonstration shortens what a spec states in elapsed time, and nothing else', () => {
    const story = live();
    const model = { ...story.state.model, timeScale: 0.01 };
    const state = { ...changed(story, { sla: '100min' }), model };
    expect(asked(story, {}, 'omkar', state)).toMatchObject({ due: story.now + MINUTE });
    expect(asked(story, {}, 'omkar', { ...story.state, model })).toMatchObject({ due: story.now + 4 * HOUR });
  });
});

describe('who asks, and when', () => {
  test('there are no cases before anything is exposed', () => {
    const story = taxInReview(given(tax(), MONDAY));
    expect(asked(story)).toMatchObject({ rejected: 'wrong-stage' });
    expect(asked(given(low(), MONDAY))).toMatchObject({ rejected: 'wrong-stage' });
    const shadow = kycInShadow(given(kycComplete(), MONDAY));
    expect(asked(shadow, {}, 'ci')).toMatchObject({ queue: 'doubtful' });
  });

  test('machines and people of the team may, others may not', () => {
    const story = live();
    expect(asked(story, {}, 'ci')).toMatchObject({ queue: 'desk' });
    expect(asked(story, {}, 'ravi')).toMatchObject({ rejected: 'not-permitted' });
    expect(asked(story, {}, 'zoya')).toMatchObject({ rejected: 'not-permitted' });
  });

  test('a queue or a clause that there is not is refused by its name', () => {
    const story = live();
    expect(asked(story, { queue: 'nowhere' })).toMatchObject({
      rejected: 'not-found',
      reasons: [{ fact: 'queue' }],
    });
    expect(asked(story, { clause: 'p9' })).toMatchObject({
      rejected: 'not-found',
      reasons: [{ fact: 'clause' }],
    });
    expect(asked(story, { queue: 'desk', clause: 'p1' })).toMatchObject({ queue: 'desk' });
  });

  test('with two queues one has to be named', () => {
    const story = live();
    const spec = {
      ...taxSpec(),
      queues: [
        { id: 'a', owner: 'omkar' },
        { id: 'b', owner: 'omkar' },
      ],
    };
    const { serving } = story.state;
    const state = {
      ...story.state,
      serving: serving && { ...serving, spec: { ...serving.spec, spec } },
    } as State;
    expect(asked(story, {}, 'omkar', state)).toMatchObject({ rejected: 'not-found' });
    expect(asked(story, { queue: 'b' }, 'omkar', state)).toMatchObject({ queue: 'b' });
  });

  test('while what serves is stopped no approval can be used', () => {
    const story = live();
    const may = () => refuseAsking(story.state, story.actor('ci'), 'use-item')?.rejected;
    expect(may()).toBeUndefined();
    story.when('stop-ship', { scope: 'serving', reason: text('why') }, 'tara').thenAccepted();
    expect(may()).toBe(story.state.holds.some(({ effect }) => effect === 'stopped') ? 'held' : undefined);
    story.when('hold', { effect: 'stopped', scope: 'serving', reason: text('why') }, 'omkar').thenAccepted();
    expect(may()).toBe('held');
  });
});

function decision(story: Story) {
  const gate = story.state.gates.start;
  if (!gate) throw new Error('no start gate is open');
  const { generation, subject } = gate;
  return { gate: 'start', generation, subject, decision: 'approve' } as const;
}

test('rules of another mode and tier are other terms', () => {
  const model = modelWith((written) => {
    written.rules.governed.medium.queue = { sla: '1bd', default: 'deny' };
  });
  const story = taxLive(given(tax({ model }), MONDAY));
  expect(asked(story, {}, 'omkar', changed(story, {}))).toMatchObject({ secondLine: null, default: 'deny' });
});
