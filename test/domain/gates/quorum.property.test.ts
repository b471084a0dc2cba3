import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Decision, Gate } from '../../../src/domain/gates/gate.js';
import { filledSeats, openSeats, seatsFor } from '../../../src/domain/gates/seats.js';
import { waitingOn } from '../../../src/domain/lifecycle/waiting-on.js';
import { BUSINESS_FUNCTIONS, type BusinessFunction } from '../../../src/domain/vocabulary.js';
import { approve, evidence, specify } from '../../support/decider/acts.js';
import { given } from '../../support/decider/story.js';
import { facts, modelWith, tax, taxSpec } from '../../support/decider/use-cases.js';

const functions = fc.subarray([...BUSINESS_FUNCTIONS], { minLength: 1 });
const people = fc.array(functions, { minLength: 1, maxLength: 8 });
const required = fc.array(fc.constantFrom(...BUSINESS_FUNCTIONS), { minLength: 1, maxLength: 6 });

function approval(person: number, held: readonly BusinessFunction[]): Decision {
  return {
    person: `p${person}`,
    functions: held,
    rights: [],
    seat: null,
    decision: 'approve',
    at: 0,
    late: false,
    verified: false,
    comment: null,
    clauses: [],
  };
}

function gateOf(authorities: readonly BusinessFunction[], decisions: readonly Decision[]): Gate {
  const seats = seatsFor(authorities.map((name) => ({ function: name })));
  return { seats, decisions } as unknown as Gate;
}

/** The most seats that any assignment of people fills, by trying all of them. */
function most(seats: readonly BusinessFunction[], held: readonly (readonly BusinessFunction[])[]): number {
  const [seat, ...others] = seats;
  if (seat === undefined) return 0;
  const vacant = most(others, held);
  return held.reduce((best, person, index) => {
    if (!person.includes(seat)) return best;
    return Math.max(
      best,
      1 +
        most(
          others,
          held.filter((_, other) => other !== index),
        ),
    );
  }, vacant);
}

test('as many seats are filled as any assignment could fill, in whatever order people approved', () => {
  fc.assert(
    fc.property(required, people, fc.nat(), (seats, held, turn) => {
      const decisions = held.map((each, index) => approval(index, each));
      const turned = [...decisions.slice(turn % held.length), ...decisions.slice(0, turn % held.length)];
      const best = most(seats, held);
      for (const order of [decisions, turned, [...decisions].reverse()]) {
        const filled = filledSeats(gateOf(seats, order));
        expect(filled.size).toBe(best);
        expect(new Set(filled.values()).size).toBe(filled.size);
      }
    }),
    { numRuns: 400 },
  );
});

test('a person who approves never takes away a seat that was filled', () => {
  fc.assert(
    fc.property(required, people, (seats, held) => {
      const decisions = held.map((each, index) => approval(index, each));
      let before = 0;
      for (let n = 0; n <= decisions.length; n++) {
        const filled = filledSeats(gateOf(seats, decisions.slice(0, n))).size;
        expect(filled).toBeGreaterThanOrEqual(before);
        before = filled;
      }
    }),
    { numRuns: 200 },
  );
});

test('the second seat of a function is another person, and seats say so by name', () => {
  const two = gateOf(['risk', 'risk'], [approval(0, ['risk'])]);
  expect(two.seats.map(({ id }) => id)).toEqual(['risk', 'risk-2']);
  expect(openSeats(two)).toHaveLength(1);
});

test('a seat that was asked for by name is not given to somebody else', () => {
  const asked = { ...approval(0, ['risk', 'product']), seat: 'risk' };
  expect(filledSeats(gateOf(['product', 'risk'], [asked])).get('risk')).toBe('p0');
  expect(filledSeats(gateOf(['product'], [asked])).size).toBe(0);
});

test.for([
  ['gita', 'vikram'],
  ['hari', 'vikram'],
  ['hari', 'gita'],
])('a gate of five seats passes in any order, also with %s, of whom hari fits two seats', (pair) => {
  const everybody = ['leena', 'farah', 'omkar', ...pair];
  fc.assert(
    fc.property(fc.shuffledSubarray(everybody, { minLength: 5 }), (order) => {
      const story = given(tax({ facts: facts({ effect: 'decides' }) }), '2026-09-01 10:00');
      story.when('open-gate', { gate: 'scoping' }, 'divya');
      approve(story, 'scoping', 'bela', 'farah');
      specify(story, taxSpec(), 'esha');
      approve(story, 'specification', ...order);
      expect(story.state.stage).toBe('implementation');
    }),
    { numRuns: 12 },
  );
});

test('whoever would let somebody change seats is asked, too', () => {
  const model = modelWith((written) => {
    written.editors = ['lata'];
  });
  const story = given(tax({ model, facts: facts({ effect: 'decides' }) }), '2026-09-01 10:00');
  story.when('open-gate', { gate: 'scoping' }, 'divya');
  approve(story, 'scoping', 'bela', 'farah');
  story.when('draft-spec', { spec: taxSpec(), missing: [] }, 'esha');
  story.when('add-evidence', evidence(story, 'privacy', {}, { producer: 'gita' }), 'gita').thenAccepted();
  story.when('submit-spec', { version: 1 }, 'esha').thenAccepted();
  approve(story, 'specification', 'leena', 'farah', 'omkar', 'hari');
  const awaited = waitingOn(story.state, story.now);
  expect(awaited.map(({ who, people }) => [who, people])).toEqual([['specification:governance', ['vikram']]]);
  approve(story, 'specification', 'vikram');
  expect(story.state.stage).toBe('implementation');
});
