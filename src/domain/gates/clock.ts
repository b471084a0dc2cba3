import { addBusinessTime, addWorkingMs, workingMsBetween } from '../calendar/business-time.js';
import type { BeyondCalendar, BusinessDuration, CompiledCalendar } from '../calendar/calendar.js';
import type { ChainStep, GateRule } from '../policy.js';
import type { Instant } from '../vocabulary.js';
import type { CalendarRef, GateClock } from './gate.js';

function refTo({ id, version, zone }: CompiledCalendar): CalendarRef {
  return { id, version, zone };
}

/**
 * The deadlines of a gate opened now, in the calendar's business time: reminders at shares of the SLA,
 * then the steps of the chain from the due instant on, then the timeout outcome.
 */
export function startClock(
  calendar: CompiledCalendar,
  rule: Pick<GateRule, 'sla' | 'reminders' | 'escalation'>,
  steps: readonly ChainStep[],
  now: Instant,
): GateClock | BeyondCalendar {
  const due = addBusinessTime(calendar, now, rule.sla);
  if (!due.ok) return due;
  const span = workingMsBetween(calendar, now, due.at);
  if (!span.ok) return span;
  const reminders: Instant[] = [];
  for (const share of rule.reminders) {
    const at = addWorkingMs(calendar, now, Math.floor((span.ms * share) / 100));
    if (!at.ok) return at;
    reminders.push(at.at);
  }
  const dated: { at: Instant; step: ChainStep }[] = [];
  let at = due.at;
  for (const step of steps) {
    dated.push({ at, step });
    const next = addBusinessTime(calendar, at, rule.escalation.every);
    if (!next.ok) return next;
    at = next.at;
  }
  const clock = { calendar: refTo(calendar), startedAt: now, due: due.at, reminders, pausedAt: null };
  return { ...clock, steps: dated, timeout: at };
}

/** A clock that runs out `ms` from now, whatever the hour: nobody is reminded, nothing is escalated. */
export function elapsedClock(calendar: CompiledCalendar, ms: number, now: Instant): GateClock {
  const due = now + ms;
  const runs = { startedAt: now, due, reminders: [], steps: [], timeout: due, pausedAt: null };
  return { calendar: refTo(calendar), ...runs, elapsed: true };
}

/** Whether a clock could be started; the other case names the calendar that does not reach. */
export function isClock(clock: GateClock | BeyondCalendar): clock is GateClock {
  return !('ok' in clock);
}

/**
 * The clock with every instant still ahead of `from` moved so that the same working time remains at `to`:
 * for a lifted hold (`from` is when it stopped) and for a changed calendar (`from` and `to` are now).
 * Where the calendar does not reach, the deadline falls on its last instant: earlier, never lost.
 */
export function moveClock(
  clock: GateClock,
  before: CompiledCalendar,
  after: CompiledCalendar,
  from: Instant,
  to: Instant,
): GateClock {
  const move = (at: Instant): Instant => {
    if (at <= from) return at;
    if (clock.elapsed) return at + to - from;
    const left = workingMsBetween(before, from, at);
    const moved = left.ok ? addWorkingMs(after, to, left.ms) : left;
    return moved.ok ? moved.at : after.validThrough;
  };
  return {
    ...clock,
    calendar: clock.elapsed ? clock.calendar : refTo(after),
    due: move(clock.due),
    reminders: clock.reminders.map(move),
    steps: clock.steps.map(({ at, step }) => ({ at: move(at), step })),
    timeout: move(clock.timeout),
  };
}

/** Business time added where a refusal has to become an instant: the calendar's end, which is earlier. */
export function addOrLast(calendar: CompiledCalendar, from: Instant, duration: BusinessDuration): Instant {
  const at = addBusinessTime(calendar, from, duration);
  return at.ok ? at.at : calendar.validThrough;
}
