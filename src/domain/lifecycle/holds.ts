import type { Digest } from '../digest.js';
import { chainFor } from '../gates/chain.js';
import { isClock, startClock } from '../gates/clock.js';
import type { Authority, LiftRule } from '../policy.js';
import { type Rejection, reject } from '../rejection.js';
import { servingEnd } from '../release/serving-term.js';
import type { CauseClass, PersonId } from '../vocabulary.js';
import { deliveryOf } from './delivery.js';
import type { Draft } from './draft.js';
import { standsStill } from './frozen.js';
import { resumeClocks, stopClocks } from './gate-clocks.js';
import { raiseNotice } from './notices.js';
import { calendarOf, rulesOf } from './rules.js';
import type { Hold, State } from './state.js';

/** People who must know at once when something is held or frozen. */
export function owners(state: State): PersonId[] {
  const { businessOwner, technicalOwner, operatingOwner } = state.rights;
  return [
    ...new Set(
      [businessOwner, technicalOwner, operatingOwner, state.team.lead].flatMap((person) => person ?? []),
    ),
  ];
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

/** Places a hold; approval clocks stop with the first one, and a quorum waits for the last one to be lifted. */
export function placeHold(draft: Draft, hold: Omit<Hold, 'id' | 'at'>): void {
  const { state, now } = draft;
  const id = `h${state.counters.holds + 1}`;
  draft.emit({ type: 'HoldPlaced', hold: { ...hold, id, at: now } });
  stopClocks(draft, id, 'held');
  raiseNotice(draft, { kind: 'hold', to: owners(draft.state), gate: hold.gate, due: null });
}

/** A hold by the machine: nobody's, and lifted by the ordinary keys unless said otherwise. */
export function machineHold(
  draft: Draft,
  hold: Pick<Hold, 'effect' | 'scope' | 'source'> & Partial<Pick<Hold, 'gate' | 'lift' | 'about'>>,
): void {
  const lift = hold.lift ?? ordinaryLift(draft.state);
  placeHold(draft, { reason: null, by: null, verified: true, gate: null, ...hold, lift });
}

/** Whether a hold is what stops a use case whose facts are prohibited. */
export function isProhibition({ source, effect }: Hold): boolean {
  return source === 'tier' && effect === 'stopped';
}

/** Why no key lifts a hold: something else has to be mended, and lifts it. */
export function refuseUnliftable(state: State, hold: Hold): Rejection | undefined {
  if (!rulesOf(state)) {
    const message =
      'the use case is prohibited; correct the fact that led there, by assess-risk with two keys';
    return reject('prohibited', message, 'tier');
  }
  const conflict = state.conflicts.find((open) => open.hold === hold.id);
  if (conflict)
    return reject(
      'held',
      `conflict ${conflict.id} is lifted by its resolver, with resolve-conflict`,
      conflict.id,
    );
  if (hold.source === 'condition') {
    const message = `condition ${hold.about ?? ''} is overdue; its owner meets it, by fulfil-condition`;
    return reject('held', message, hold.about);
  }
  if (hold.source === 'vacancy') {
    const vacant = state.handovers.map(({ right }) => right).join(', ');
    const message = `nobody holds ${vacant}; assign it, and with its acceptance this hold is lifted`;
    return reject('right-vacant', message, vacant);
  }
  if (hold.source !== 'box' || state.mode !== 'pilot') return undefined;
  return reject('box-ended', 'the time box has ended; extend the pilot, or end it', 'endsAt');
}

/** Lifts a hold. A delivery that was rolled back re-enters, and with the last hold the clocks go on. */
export function liftHold(
  draft: Draft,
  lifted: {
    hold: Hold;
    by: readonly PersonId[];
    causeClass: CauseClass | null;
    rootCause: Digest | null;
  },
): void {
  const { hold, by, causeClass, rootCause } = lifted;
  draft.emit({ type: 'HoldLifted', hold: hold.id, by, causeClass, rootCause });
  if (hold.gate !== null) restartGate(draft, hold.gate);
  if (hold.source === 'approval') beginTermAnew(draft);
  reenter(draft, causeClass);
  resumeClocks(draft, 'lifted');
}

/** Those who lift the hold on an approval that ended have looked at what serves: that is its review. */
function beginTermAnew(draft: Draft): void {
  const { serving } = draft.state;
  const serveUntil = servingEnd(draft.state, draft.now);
  if ((serving?.approval.serveUntil ?? Number.POSITIVE_INFINITY) > draft.now || serveUntil === null) return;
  draft.emit({ type: 'ServingTermMoved', from: draft.now, serveUntil, why: 'reviewed' });
}

/** Where the cause is, there the delivery goes on; nothing stays rolled back once nothing is held any more. */
function reenter(draft: Draft, causeClass: CauseClass | null): void {
  const { state } = draft;
  const delivery = deliveryOf(state);
  if (delivery?.step !== 'release' || delivery.rollout.phase.name !== 'rolled-back') return;
  if (causeClass === null && state.holds.length > 0) return;
  const step = causeClass === null ? 'specification' : state.model.reentry[causeClass];
  draft.emit({
    type: 'DeliveryReturned',
    n: delivery.n,
    step,
    stage: state.stage === 'live' ? 'live' : step,
    dropped: true,
    why: `rolled back: ${causeClass ?? 'no cause named'}`,
    clauses: [],
  });
}

/** A gate that had timed out into a hold gets its whole SLA again, from when nothing else is held. */
function restartGate(draft: Draft, id: string): void {
  const { state, now } = draft;
  const gate = state.gates[id];
  if (gate?.status !== 'held') return;
  draft.emit({ type: 'GateReopened', gate: id, why: 'hold lifted' });
  const clock = startClock(calendarOf(state), gate.rule, chainFor(state, gate, gate.seats, gate.rule), now);
  if (!isClock(clock)) return;
  const pausedAt = standsStill(draft.state, gate) ? now : null;
  draft.emit({ type: 'GateClockMoved', gate: id, clock: { ...clock, pausedAt }, why: 'lifted' });
}
