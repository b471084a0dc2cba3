/** What people are told of a notice, and when: plain values, so that no channel has to know a lifecycle. */
import { addWorkingMs } from '../calendar/business-time.js';
import type { CompiledCalendar } from '../calendar/calendar.js';
import { formatLocal } from '../calendar/local.js';
import { voiceAt } from '../gates/delegation.js';
import { openSeats, speaksAt } from '../gates/seats.js';
import type { Instant, PersonId } from '../vocabulary.js';
import { calendarOf } from './rules.js';
import type { Notice, State } from './state.js';

/** A notice with what only its lifecycle knows; absent where nobody said. */
export interface ToldNotice extends Notice {
  /** Open seats by the person who could speak for them; nobody else is listed. */
  readonly seats?: { readonly [person: PersonId]: readonly string[] };
  /** `due` in the team's zone, such as `2026-11-24 16:00 Asia/Kolkata`. */
  readonly dueLocal?: string | null;
}

interface Kind {
  /** Whether somebody waits for its reader. */
  readonly asks: boolean;
  /** Whether it is told at once, in quiet hours too. */
  readonly urgent: boolean;
}

const KINDS: { readonly [K in Notice['kind']]: Kind } = {
  reminder: { asks: true, urgent: false },
  escalation: { asks: true, urgent: true },
  request: { asks: true, urgent: false },
  reaffirm: { asks: true, urgent: false },
  information: { asks: false, urgent: false },
  hold: { asks: true, urgent: true },
  handover: { asks: true, urgent: false },
};

/** Every kind of notice. */
export const NOTICE_KINDS = Object.keys(KINDS) as readonly Notice['kind'][];

/** Whether it matters that its reader is reached. */
export function asks(kind: Notice['kind']): boolean {
  return KINDS[kind].asks;
}

/** How somebody wants to be told. */
export interface Habits {
  /** How long notices are gathered into one message, in milliseconds; 0: not at all. */
  readonly digestMs: number;
  /** Outside the working time of this calendar nothing is sent; null: any time is right. */
  readonly hours: CompiledCalendar | null;
}

/**
 * When a notice is told; `now` where it does not wait: what is urgent, and what would be due before it was read.
 * Where the calendar ends, nothing waits for it.
 */
export function tellAt({ kind, due }: Pick<Notice, 'kind' | 'due'>, habits: Habits, now: Instant): Instant {
  if (KINDS[kind].urgent) return now;
  const gathered = now + habits.digestMs;
  const opens = habits.hours && addWorkingMs(habits.hours, gathered, 0);
  const at = opens?.ok ? opens.at : gathered;
  return due !== null && at >= due ? now : at;
}

/** The notice as it is told. */
export function told(state: State, notice: Notice): ToldNotice {
  const { due, to, gate: id } = notice;
  const gate = id === null ? undefined : state.gates[id];
  const open = gate ? openSeats(gate) : [];
  const seats = to.flatMap((person): [PersonId, string[]][] => {
    const functions = state.team.members.find((member) => member.person === person)?.functions ?? [];
    const fitting = gate
      ? open.filter((seat) =>
          speaksAt({ ...gate, seats: [seat] }, voiceAt(state, gate, { person, functions })),
        )
      : [];
    return fitting.length > 0 ? [[person, fitting.map((seat) => seat.id)]] : [];
  });
  const dueLocal = due === null ? null : formatLocal(calendarOf(state), due);
  return { ...notice, seats: Object.fromEntries(seats), dueLocal };
}
