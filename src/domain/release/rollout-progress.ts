/**
 * How a rollout moves: a pending step is taken once nothing blocks it, soaks, is verified as often as the
 * plan says, and makes way for the next. Nothing here waits: what a rollout waits for is computed.
 */
import { evidenceReasons } from '../governance/evidence.js';
import { deliveryOf } from '../lifecycle/delivery.js';
import type { Draft } from '../lifecycle/draft.js';
import { calendarOf, holdReasons, rulesOf, scaled } from '../lifecycle/rules.js';
import type { ReleaseDelivery, State } from '../lifecycle/state.js';
import { addMonths, formatLocal } from '../calendar/local.js';
import { addOrLast } from '../gates/clock.js';
import type { Reason } from '../rejection.js';
import type { Instant } from '../vocabulary.js';
import { requestExposure, sameAllocation, wantedAllocation } from './exposure.js';
import type { RolloutPhase } from './rollout.js';
import type { RolloutMove } from '../lifecycle/events.js';

/** The freeze window that stands in the way of forward steps now. */
export function freezeAt(state: State, now: Instant) {
  return state.model.freezes.find(({ from, until }) => from <= now && now < until) ?? null;
}

/** Everything that keeps the pending step from being taken; empty when it may be. */
export function stepBlockers(state: State, delivery: ReleaseDelivery, now: Instant): Reason[] {
  const { rollout } = delivery;
  const step = rollout.steps[rollout.step];
  if (!step) return [];
  const reasons = [...holdReasons(state)];
  const freeze = freezeAt(state, now);
  if (freeze) {
    const until = formatLocal(calendarOf(state), freeze.until);
    reasons.push({ code: 'frozen', message: `freeze ${freeze.name} blocks forward steps until ${until}`, fact: freeze.name });
  }
  if (state.gates['scoping']) {
    reasons.push({ code: 'incomplete', message: 'the scoping gate of the raised tier is still open', fact: 'scoping' });
  }
  for (const { id, beforeRelease, owner } of rollout.step === 0 ? state.conditions : []) {
    if (beforeRelease) reasons.push({ code: 'incomplete', message: `condition ${id} is to be met by ${owner} before release`, fact: id });
  }
  if (step.accept === 'before' && !rollout.accepted) {
    reasons.push({ code: 'awaiting-acceptance', message: 'the operating owner accepts before this step', fact: 'operatingOwner' });
  }
  const start = rulesOf(state)?.rollout.start ?? 'by-command';
  const byCommand = rollout.step === 0 ? start === 'by-command' : step.advance === 'by-command';
  if (byCommand && !rollout.advanced) {
    const command = rollout.step === 0 ? 'start-rollout' : 'advance';
    reasons.push({ code: 'not-verified', message: `this step is taken by the command ${command}`, fact: command });
  }
  return [...reasons, ...evidenceReasons(state, step.kind, now)];
}

function move(draft: Draft, step: number, phase: RolloutPhase, what: RolloutMove): void {
  draft.emit({ type: 'RolloutMoved', step, phase, what });
}

/** Moves the rollout as far as it may go now. Called after everything that could unblock it. */
export function progressRollout(draft: Draft): void {
  for (;;) {
    const delivery = deliveryOf(draft.state);
    if (delivery?.step !== 'release') return requestExposure(draft);
    const { phase, step } = delivery.rollout;
    if (phase.name === 'pending' && stepBlockers(draft.state, delivery, draft.now).length === 0) {
      move(draft, step, { name: 'exposing' }, 'step-taken');
      continue;
    }
    restartIfStopped(draft, delivery);
    requestExposure(draft);
    if (!exposed(draft.state, delivery)) return;
    soak(draft, delivery);
  }
}

/** A candidate stopped by a hold soaks anew once it is exposed again: its samples ended with its exposure. */
function restartIfStopped(draft: Draft, { rollout }: ReleaseDelivery): void {
  const { phase, step } = rollout;
  const running = phase.name === 'soaking' || phase.name === 'verifying';
  if (running && wantedAllocation(draft.state).candidate === null) move(draft, step, { name: 'exposing' }, 'step-taken');
}

function exposed(state: State, { rollout }: ReleaseDelivery): boolean {
  const { applied } = state.exposure;
  const wanted = wantedAllocation(state);
  return rollout.phase.name === 'exposing' && wanted.candidate !== null && applied !== 'unknown' && sameAllocation(applied, wanted);
}

function soak(draft: Draft, { rollout }: ReleaseDelivery): void {
  const { now, state } = draft;
  const { window = 0 } = rollout.steps[rollout.step] ?? {};
  if (window === 0) return passStep(draft);
  const verifyAt = now + scaled(state.model, window);
  const soaking = { since: now, windowFrom: now, passes: 0, fails: {}, silentSince: null, last: null };
  move(draft, rollout.step, { name: 'soaking', verifyAt, ...soaking }, 'soaking');
}

/** The step is done: on to the next one, to the acceptance, or to serving. */
export function passStep(draft: Draft): void {
  const delivery = deliveryOf(draft.state);
  if (delivery?.step !== 'release') return;
  const { step, steps } = delivery.rollout;
  if (step + 1 < steps.length) return move(draft, step + 1, { name: 'pending' }, 'step-passed');
  if (steps[step]?.accept === 'after') return move(draft, step, { name: 'accepting' }, 'awaiting-acceptance');
  serve(draft, delivery);
}

/** The release takes over: what served before stays available to go back to. */
export function serve(draft: Draft, delivery: ReleaseDelivery): void {
  const percent = delivery.rollout.steps[delivery.rollout.step]?.percent ?? 100;
  const serveUntil = servingEnd(draft.state, draft.now);
  draft.emit({ type: 'ReleaseServing', release: delivery.release.digest, percent, serveUntil });
  draft.emit({ type: 'DeliveryClosed', n: delivery.n, stage: 'live', outcome: 'live' });
}

function servingEnd(state: State, now: Instant): Instant | null {
  const term = rulesOf(state)?.approval.serveUntil ?? null;
  if (!term) return null;
  const calendar = calendarOf(state);
  const review = addMonths(calendar, now, term.months);
  const at = review.ok ? review.at : calendar.validThrough;
  return term.plus ? addOrLast(calendar, at, term.plus) : at;
}
