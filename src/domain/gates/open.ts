import { digestOf } from '../digest.js';
import type { Json } from '../json.js';
import type { Draft } from '../lifecycle/draft.js';
import { raiseNotice } from '../lifecycle/notices.js';
import { calendarOf } from '../lifecycle/rules.js';
import type { State } from '../lifecycle/state.js';
import type { GateRule } from '../policy.js';
import { type Rejection, reject } from '../rejection.js';
import type { BusinessFunction, GateName, PersonId } from '../vocabulary.js';
import { authorityName } from './authority.js';
import { chainFor } from './chain.js';
import { isClock, startClock } from './clock.js';
import { peopleFor, unstaffedSeats } from './eligible.js';
import type { Gate, Seat, SubjectParts } from './gate.js';
import { seatsFor } from './seats.js';
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

/** Opens a gate as its next generation, or says why nobody could pass it. */
export function openGate(draft: Draft, opening: Opening): Rejection | undefined {
  const { state, now } = draft;
  const seats = seatsFor(opening.rule.seats);
  const missing = unstaffedSeats(seats, state.team, state.rights, opening.excluded);
  if (missing.length > 0) return unstaffed(opening.name, missing, opening.excluded);
  const clock = startClock(calendarOf(state), opening.rule, chainFor(state, seats, opening.rule), now);
  if (!isClock(clock)) return beyondCalendar(clock);
  const generation = (state.generations[opening.name] ?? 0) + 1;
  const gate: Gate = {
    ...opening,
    generation,
    subject: subjectOf(opening.parts),
    seats,
    clock: { ...clock, pausedAt: opening.act === null && state.holds.length > 0 ? now : null },
    status: 'open',
    decisions: [],
  };
  const reaffirm = state.voided
    .filter((vote) => vote.gate === opening.id && vote.generation === generation - 1)
    .map(({ person }) => person);
  draft.emit({ type: 'GateOpened', gate, reaffirm });
  raiseNotice(draft, { kind: 'request', to: seatPeople(draft.state, gate), gate: gate.id, due: clock.due });
  return undefined;
}

/** The seats' own people, asked when a gate opens and reminded later. */
export function seatPeople(state: State, gate: Gate, seats: readonly Seat[] = gate.seats): PersonId[] {
  const people = seats.flatMap(({ authority }) => peopleFor(state.team, state.rights, authority));
  const answered = new Set(gate.decisions.map(({ person }) => person));
  return [...new Set(people)].filter((person) => !gate.excluded.includes(person) && !answered.has(person));
}

/** Digest of everything an approver signs. */
export function subjectOf(parts: SubjectParts): string {
  return digestOf(parts as Json);
}

function unstaffed(gate: GateName, seats: readonly Seat[], excluded: readonly PersonId[]): Rejection {
  const names = seats.map(({ id }) => id).join(', ');
  const beyond = excluded.length > 0 ? ` besides ${excluded.join(', ')}, who are its authors or producers` : '';
  return reject(
    'unstaffed',
    `nobody could pass the ${gate} gate: no eligible person for the seat ${names}${beyond}; add one to the team`,
    seats.map(({ authority }) => authorityName(authority)).join(','),
  );
}

/** The refusal where a calendar ends before a deadline would fall. */
export function beyondCalendar(beyond: { calendar: string; version: string; validThrough: number }): Rejection {
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
