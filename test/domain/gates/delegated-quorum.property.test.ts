/** Quorum with delegations, against a reference that tries every way to fill the seats. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Command } from '../../../src/domain/commands/payloads.js';
import type { Delegation } from '../../../src/domain/gates/mandate.js';
import { seating, seatsFor } from '../../../src/domain/gates/seats.js';
import { decide } from '../../../src/domain/lifecycle/decide.js';
import type { State } from '../../../src/domain/lifecycle/state.js';
import type { BusinessFunction } from '../../../src/domain/vocabulary.js';
import { taxInReview } from '../../support/decider/acts.js';
import { given } from '../../support/decider/story.js';
import { DAY } from '../../support/decider/time.js';
import { tax } from '../../support/decider/use-cases.js';

const SEED = 20_261_124;
const RUNS = 5_000;
/** On a machine that others use, too. */
const PATIENCE = { timeout: 120_000 };

const NAMES = ['p0', 'p1', 'p2', 'p3', 'p4', 'p5'] as const;
const FEW: readonly BusinessFunction[] = ['risk', 'product', 'governance'];

interface Lent {
  readonly from: string;
  readonly to: string;
  readonly functions: readonly BusinessFunction[];
}

interface Case {
  /** What each person holds. */
  readonly held: Readonly<Record<string, readonly BusinessFunction[]>>;
  readonly seats: readonly BusinessFunction[];
  readonly lent: readonly Lent[];
  /** Authors, submitters, producers and editors alike. */
  readonly excluded: readonly string[];
  /** Who answers, in order, and whether they approve. */
  readonly answers: readonly { readonly person: string; readonly approves: boolean }[];
}

const someFunctions = fc.subarray([...FEW]);
/** The first two hold much, of which they lend much; the others little. */
const most = fc.subarray([...FEW], { minLength: 2 });
const few = fc.oneof({ weight: 2, arbitrary: fc.constant([]) }, someFunctions);
const cases: fc.Arbitrary<Case> = fc.record({
  held: fc
    .tuple(...NAMES.map((_, index) => (index < 2 ? most : few)))
    .map((each) => Object.fromEntries(NAMES.map((name, index) => [name, each[index] ?? []]))),
  seats: fc.array(fc.constantFrom(...FEW), { minLength: 1, maxLength: 4 }),
  lent: fc.array(
    // Mostly of the same two people, so that several speak for one.
    fc.record({
      from: fc.constantFrom('p0', 'p0', 'p1', ...NAMES),
      to: fc.constantFrom(...NAMES),
      functions: most,
    }),
    { maxLength: 6 },
  ),
  excluded: fc.oneof({ weight: 3, arbitrary: fc.constant([]) }, fc.subarray([...NAMES], { maxLength: 2 })),
  answers: fc
    .tuple(
      fc.shuffledSubarray([...NAMES], { minLength: 2 }),
      fc.array(fc.nat(9), { minLength: 6, maxLength: 6 }),
    )
    .map(([order, dice]) => order.map((person, index) => ({ person, approves: (dice[index] ?? 9) > 0 }))),
});

/** People lend what they hold, to others. */
function lentFor({ lent, held }: Case): Lent[] {
  return lent
    .filter(({ from, to }) => from !== to)
    .map(({ functions, ...each }) => ({
      ...each,
      functions: functions.filter((name) => held[each.from]?.includes(name)),
    }));
}

/** Whether some choice gives every seat a voice of its own, and nobody is used twice. */
function possible(
  given: Case,
  approving: readonly string[],
  declining: readonly string[],
  seats = given.seats,
  used: readonly string[] = [],
): boolean {
  const [seat, ...others] = seats;
  if (seat === undefined) return true;
  const free = (person: string) => !used.includes(person) && !given.excluded.includes(person);
  return approving.filter(free).some((person) => {
    const own = given.held[person]?.includes(seat) ? [[person]] : [];
    const lent = lentFor(given)
      .filter(({ from, to, functions }) => to === person && functions.includes(seat) && free(from))
      .filter(({ from }) => !declining.includes(from))
      .map(({ from }) => [person, from]);
    return [...own, ...lent].some((people) =>
      possible(given, approving, declining, others, [...used, ...people]),
    );
  });
}

const story = taxInReview(given(tax(), '2026-11-16 10:00'));
const { state: open, now } = story;

/** The readiness gate as the case has it, in a team of its people. */
function stateOf(given: Case): State {
  const gate = open.gates.readiness;
  if (!gate) throw new Error('no readiness gate');
  const delegations = lentFor(given)
    .filter(({ functions }) => functions.length > 0)
    .map(
      ({ from, to, functions }, index): Delegation => ({
        id: `d${index}`,
        from,
        to: [to],
        authorities: functions,
        gates: ['readiness'],
        starts: now,
        ends: now + DAY,
        absence: false,
        began: true,
      }),
    );
  const seats = seatsFor(given.seats.map((name) => ({ function: name })));
  const members = NAMES.map((person) => ({ person, functions: given.held[person] ?? [] }));
  return {
    ...open,
    team: { ...open.team, members },
    delegations,
    gates: { readiness: { ...gate, seats, excluded: given.excluded, decisions: [] } },
  };
}

function answer(state: State, person: string, given: Case, decision: 'approve' | 'abstain'): State {
  const gate = state.gates.readiness;
  if (!gate) throw new Error('the gate is gone');
  const { generation, subject } = gate;
  const functions = given.held[person] ?? [];
  const actor = { person, functions, roles: [], teams: [state.team.id], verified: false };
  const payload = { gate: 'readiness', generation, subject, decision } as const;
  const command: Command<'decide'> = { name: 'decide', id: 'c', actor, payload };
  const outcome = decide(command, state, now);
  return 'rejected' in outcome ? state : outcome.state;
}

/** What a seating says holds whatever was decided before. */
function checkSeating(state: State, given: Case): void {
  const gate = state.gates.readiness;
  if (!gate) throw new Error('the gate is gone');
  const seated = seating(gate);
  const behind = [...seated.values()].flatMap(({ person, mandate }) =>
    mandate ? [person, mandate.from] : [person],
  );
  expect(new Set(behind).size, 'nobody counts twice').toBe(behind.length);
  for (const person of behind) expect(given.excluded).not.toContain(person);
  for (const [index, seat] of gate.seats.entries()) {
    const filled = seated.get(seat.id);
    if (!filled) continue;
    const { person, mandate } = filled;
    expect(given.held[mandate?.from ?? person], `${seat.id} is spoken for`).toContain(given.seats[index]);
    if (mandate) expect(given.lent.some(({ from, to }) => from === mandate.from && to === person)).toBe(true);
  }
}

test(
  'quorum is reached exactly when some choice of distinct, eligible people fills every seat, in any order',
  PATIENCE,
  () => {
    const seen = { reached: 0, delegated: 0, never: 0 };
    const property = fc.property(cases, (each) => {
      let state = stateOf(each);
      const approving: string[] = [];
      const declining: string[] = [];
      for (const { person, approves } of each.answers) {
        (approves ? approving : declining).push(person);
        state = answer(state, person, each, approves ? 'approve' : 'abstain');
        // Whoever came when everything was filled is asked again once it no longer is.
        for (const refused of approving) state = answer(state, refused, each, 'approve');
        checkSeating(state, each);
        const reached = state.gates.readiness?.status === 'confirming';
        expect(reached, `after ${person}`).toBe(possible(each, approving, declining));
      }
      const gate = state.gates.readiness;
      if (gate?.status !== 'confirming') seen.never += 1;
      else seen.reached += 1;
      if (gate && [...seating(gate).values()].some(({ mandate }) => mandate !== null)) seen.delegated += 1;
    });
    fc.assert(property, { seed: SEED, numRuns: RUNS });
    process.stdout.write(
      `seed ${SEED}: ${RUNS} gates, ${seen.reached} with quorum, ${seen.delegated} through a delegate, ${seen.never} without\n`,
    );
    expect(seen.delegated).toBeGreaterThan(RUNS / 20);
  },
);

test(
  'whoever is left over changes nothing: the order in which people approve never decides',
  PATIENCE,
  () => {
    const property = fc.property(cases, fc.nat(), (each, turn) => {
      const people = each.answers.filter(({ approves }) => approves).map(({ person }) => person);
      const turned = people.map((_, index) => people[(index + turn) % people.length] ?? '');
      const [one, other] = [people, turned].map((order) =>
        order.reduce((state, person) => answer(state, person, each, 'approve'), stateOf(each)),
      );
      expect(one?.gates.readiness?.status).toBe(other?.gates.readiness?.status);
    });
    fc.assert(property, { seed: SEED, numRuns: 1_500 });
  },
);
