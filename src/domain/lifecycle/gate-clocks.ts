/** Clocks of gates that stand still: nobody can decide there, so no time passes for them. */
import { moveClock } from '../gates/clock.js';
import type { Draft } from './draft.js';
import { standsStill } from './frozen.js';
import { calendarOf } from './rules.js';

/** Stops the clocks of all gates that stand still now; a quorum waits, and is asked about anew. */
export function stopClocks(draft: Draft, by: string, why: 'held' | 'frozen'): void {
  const { now } = draft;
  for (const gate of Object.values(draft.state.gates)) {
    if (gate.clock.pausedAt !== null || !standsStill(draft.state, gate)) continue;
    if (gate.status === 'confirming')
      draft.emit({ type: 'GateReopened', gate: gate.id, why: `${why} by ${by}` });
    draft.emit({ type: 'GateClockMoved', gate: gate.id, clock: { ...gate.clock, pausedAt: now }, why });
  }
}

/** Lets the clocks of all gates go on that no longer stand still. */
export function resumeClocks(draft: Draft, why: 'lifted' | 'ratified'): void {
  const calendar = calendarOf(draft.state);
  for (const gate of Object.values(draft.state.gates)) {
    const { pausedAt } = gate.clock;
    if (pausedAt === null || standsStill(draft.state, gate)) continue;
    const clock = { ...moveClock(gate.clock, calendar, calendar, pausedAt, draft.now), pausedAt: null };
    draft.emit({ type: 'GateClockMoved', gate: gate.id, clock, why });
  }
}
