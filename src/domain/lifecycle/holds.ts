import { chainFor } from '../gates/chain.js';
import { isClock, moveClock, startClock } from '../gates/clock.js';
import type { Authority, LiftRule } from '../policy.js';
import type { CauseClass, PersonId } from '../vocabulary.js';
import type { Digest } from '../digest.js';
import { deliveryOf } from './delivery.js';
import type { Draft } from './draft.js';
import { raiseNotice } from './notices.js';
import { calendarOf, rulesOf } from './rules.js';
import type { Hold, State } from './state.js';

/** People who must know at once when something is held. */
function owners(state: State): PersonId[] {
  const { businessOwner, technicalOwner, operatingOwner } = state.rights;
  return [...new Set([businessOwner, technicalOwner, operatingOwner, state.team.lead].flatMap((person) => person ?? []))];
}

const FALLBACK_KEYS: readonly Authority[] = [{ function: 'governance' }, { function: 'risk' }];

/** The lift rule of an ordinary hold; a prohibited use case, which has no rules, needs governance and risk. */
export function ordinaryLift(state: State): LiftRule {
  return rulesOf(state)?.lift.ordinary ?? { keys: FALLBACK_KEYS, rootCause: false };
}

/** The lift rule after a rollback; stricter where the release had reached full exposure. */
export function liftAfterRollback(state: State, atFull: boolean): LiftRule {
  const lift = rulesOf(state)?.lift;
  if (!lift) return ordinaryLift(state);
  return atFull ? lift.afterRollbackAtFull : lift.afterRollback;
}

/** Places a hold; approval clocks stop with the first one, those of two-key acts go on. */
export function placeHold(draft: Draft, hold: Omit<Hold, 'id' | 'at'>): void {
  const { state, now } = draft;
  const id = `h${state.counters.holds + 1}`;
  draft.emit({ type: 'HoldPlaced', hold: { ...hold, id, at: now } });
  for (const gate of Object.values(draft.state.gates)) {
    if (gate.act !== null || gate.clock.pausedAt !== null) continue;
    draft.emit({ type: 'GateClockMoved', gate: gate.id, clock: { ...gate.clock, pausedAt: now }, why: 'held' });
  }
  raiseNotice(draft, { kind: 'hold', to: owners(draft.state), gate: hold.gate, due: null });
}

/** A hold by the machine: nobody's, and lifted by the ordinary keys unless said otherwise. */
export function machineHold(
  draft: Draft,
  hold: Pick<Hold, 'effect' | 'scope' | 'source'> & Partial<Pick<Hold, 'gate' | 'lift'>>,
): void {
  const lift = hold.lift ?? ordinaryLift(draft.state);
  placeHold(draft, { reason: null, by: null, verified: true, gate: null, ...hold, lift });
}

/** Lifts a hold; with the last one the clocks go on, and a delivery that was rolled back re-enters. */
export function liftHold(
  draft: Draft,
  lifted: { hold: Hold; by: readonly PersonId[]; causeClass: CauseClass | null; rootCause: Digest | null },
): void {
  const { hold, by, causeClass, rootCause } = lifted;
  draft.emit({ type: 'HoldLifted', hold: hold.id, by, causeClass, rootCause });
  if (hold.gate !== null) restartGate(draft, hold.gate);
  if (draft.state.holds.length > 0) return;
  resumeClocks(draft);
  const delivery = deliveryOf(draft.state);
  if (causeClass && delivery?.step === 'release' && delivery.rollout.phase.name === 'rolled-back') {
    const step = draft.state.model.reentry[causeClass];
    const stage = draft.state.stage === 'live' ? 'live' : step;
    draft.emit({ type: 'DeliveryReturned', n: delivery.n, step, stage, dropped: true, why: `rolled back: ${causeClass}`, clauses: [] });
  }
}

function resumeClocks(draft: Draft): void {
  for (const gate of Object.values(draft.state.gates)) {
    const { pausedAt } = gate.clock;
    if (pausedAt === null) continue;
    const calendar = calendarOf(draft.state);
    const clock = { ...moveClock(gate.clock, calendar, calendar, pausedAt, draft.now), pausedAt: null };
    draft.emit({ type: 'GateClockMoved', gate: gate.id, clock, why: 'lifted' });
  }
}

/** A gate that had timed out into a hold gets its whole SLA again. */
function restartGate(draft: Draft, id: string): void {
  const gate = draft.state.gates[id];
  if (gate?.status !== 'held') return;
  const clock = startClock(calendarOf(draft.state), gate.rule, chainFor(draft.state, gate.seats, gate.rule), draft.now);
  draft.emit({ type: 'GateReopened', gate: id, why: 'hold lifted' });
  if (isClock(clock)) draft.emit({ type: 'GateClockMoved', gate: id, clock, why: 'lifted' });
}
