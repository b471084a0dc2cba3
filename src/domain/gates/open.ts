import { digestOf } from '../digest.js';
import type { Json } from '../json.js';
import type { Draft } from '../lifecycle/draft.js';
import { standsStill } from '../lifecycle/frozen.js';
import { raiseNotice } from '../lifecycle/notices.js';
import { calendarOf, rulesOf } from '../lifecycle/rules.js';
import type { State } from '../lifecycle/state.js';
import type { GateRule } from '../policy.js';
import { type Rejection, reject } from '../rejection.js';
import type { BusinessFunction, GateName, Instant, PersonId } from '../vocabulary.js';
import { authorityName } from './authority.js';
import { chainFor } from './chain.js';
import { elapsedClock, isClock, startClock } from './clock.js';
import { candidatesFor, peopleFor, unstaffedSeats } from './eligible.js';
import type { Gate, Seat, SubjectParts } from './gate.js';
import { openSeats, seatsFor } from './seats.js';
import type { TwoKeyAct } from './two-key-act.js';

interface Opening {
  readonly id: string;
  readonly name: GateName;
  readonly rule: GateRule;
  readonly openedBy: PersonId;
  readonly parts: SubjectParts;
  readonly excluded: readonly PersonId[];
  readonly act: TwoKeyAct | null;
}

/** Milliseconds after which a gate runs out that keeps no business time. */
type Elapsed = { readonly elapsed?: number };

/** Opens a gate as its next generation, or says why nobody could pass it. */
export function openGate(draft: Draft, opening: Opening & Elapsed): Rejection | undefined {
  const gate = prepareGate(draft.state, draft.now, opening);
  if ('rejected' in gate) return gate;
  announceGate(draft, gate);
  return undefined;
}

/** The next generation of a gate, not opened yet, or why nobody could pass it. */
export function prepareGate(
  state: State,
  now: Instant,
  { elapsed, ...opening }: Opening & Elapsed,
): Gate | Rejection {
  const seats = seatsFor(opening.rule.seats);
  const missing = unstaffedSeats(seats, state.team, state.rights, opening.excluded);
  if (missing.length > 0) return unstaffed(opening.name, missing, opening.excluded);
  const calendar = calendarOf(state);
  const clock =
    elapsed === undefined
      ? startClock(
          calendar,
          opening.rule,
          chainFor(state, { ...opening, decisions: [] }, seats, opening.rule),
          now,
        )
      : elapsedClock(calendar, elapsed, now);
  if (!isClock(clock)) return beyondCalendar(clock);
  const generation = (state.generations[opening.name] ?? 0) + 1;
  return {
    ...opening,
    generation,
    subject: subjectOf(opening.parts),
    seats,
    clock: { ...clock, pausedAt: standsStill(state, opening) ? now : null },
    status: 'open',
    decisions: [],
  };
}

/** Opens a prepared gate and tells everybody whom it concerns. */
export function announceGate(draft: Draft, gate: Gate): void {
  const reaffirm = draft.state.voided
    .filter((vote) => vote.gate === gate.id && vote.generation === gate.generation - 1)
    .map(({ person }) => person);
  draft.emit({ type: 'GateOpened', gate, reaffirm });
  tellAll(draft, gate, reaffirm);
}

/** Seats are asked, those whose decision was voided are asked to re-affirm it, the informed are told. */
function tellAll(draft: Draft, gate: Gate, reaffirm: readonly PersonId[]): void {
  const { state } = draft;
  const { due } = gate.clock;
  const again = reaffirm.filter((person) => !gate.excluded.includes(person));
  const asked = seatPeople(state, gate).filter((person) => !again.includes(person));
  raiseNotice(draft, { kind: 'request', to: asked, gate: gate.id, due });
  raiseNotice(draft, { kind: 'reaffirm', to: again, gate: gate.id, due });
  const informed = gate.act === null ? (rulesOf(state)?.informed ?? []) : [];
  const known = informed.flatMap((name) => peopleFor(state.team, state.rights, { function: name }));
  const to = [...new Set(known)].filter((person) => !asked.includes(person) && !again.includes(person));
  raiseNotice(draft, { kind: 'information', to, gate: gate.id, due });
}

/** Those who could fill what is still open, asked when a gate opens and reminded later. */
export function seatPeople(state: State, gate: Gate): PersonId[] {
  return [...new Set(openSeats(gate).flatMap((seat) => candidatesFor(state, gate, seat)))];
}

/** Digest of everything an approver signs. */
export function subjectOf(parts: SubjectParts): string {
  return digestOf(parts as Json);
}

function unstaffed(gate: GateName, seats: readonly Seat[], excluded: readonly PersonId[]): Rejection {
  const names = seats.map(({ id }) => id).join(', ');
  const beyond =
    excluded.length > 0 ? ` besides ${excluded.join(', ')}, who are its authors or producers` : '';
  return reject(
    'unstaffed',
    `nobody could pass the ${gate} gate: no eligible person for the seat ${names}${beyond}; add one to the team`,
    seats.map(({ authority }) => authorityName(authority)).join(','),
  );
}

/** The refusal where a calendar ends before a deadline would fall. */
function beyondCalendar(beyond: { calendar: string; version: string; validThrough: number }): Rejection {
  const until = new Date(beyond.validThrough).toISOString();
  return reject(
    'beyond-calendar',
    `calendar ${beyond.calendar} ${beyond.version} is only known until ${until}; publish one that reaches further`,
    beyond.calendar,
  );
}

/** Required seats with a spec's extra checkpoints, which only ever add. */
export function withCheckpoints(
  rule: GateRule,
  checkpoints: readonly { before: GateName; function: BusinessFunction; count: number }[],
  gate: GateName,
): GateRule {
  const added = checkpoints
    .filter(({ before }) => before === gate)
    .flatMap(({ function: name, count }) => Array.from({ length: count }, () => ({ function: name })));
  return added.length === 0 ? rule : { ...rule, seats: [...rule.seats, ...added] };
}
