/**
 * How a rollout moves: a pending step is taken once nothing blocks it, soaks, is verified as often as the
 * plan says, and makes way for the next. Nothing here waits: what a rollout waits for is computed.
 */

import { formatLocal } from '../calendar/local.js';
import { evidenceReasons } from '../governance/evidence.js';
import { deliveryOf } from '../lifecycle/delivery.js';
import type { Draft } from '../lifecycle/draft.js';
import type { RolloutMove } from '../lifecycle/events.js';
import { findingReasons } from '../lifecycle/frozen.js';
import { calendarOf, holdReasons, rulesOf, scaled, scopingOwed } from '../lifecycle/rules.js';
import type { ReleaseDelivery, State } from '../lifecycle/state.js';
import type { Reason } from '../rejection.js';
import type { Instant } from '../vocabulary.js';
import { sameAllocation, wantedAllocation } from './exposure.js';
import { currentStep } from './plan.js';
import { requestExposure } from './request-exposure.js';
import type { RolloutPhase } from './rollout.js';
import { servingEnd } from './serving-term.js';

/** The freeze window that stands in the way of forward steps now, unless glass was broken for this very release. */
export function freezeAt(state: State, now: Instant) {
  const delivery = deliveryOf(state);
  const release = delivery?.step === 'release' ? delivery.release.digest : undefined;
  const passed = state.glass.filter(
    (glass) => glass.passes === 'freeze' && now < glass.until && glass.release === release,
  );
  const stands = state.model.freezes.find(
    ({ name, from, until }) => from <= now && now < until && !passed.some(({ what }) => what === name),
  );
  return stands ?? null;
}

/** What stands against any forward movement, whatever the step: holds, findings, and a freeze. */
export function standing(state: State, now: Instant): Reason[] {
  const freeze = freezeAt(state, now);
  const reasons = [...holdReasons(state), ...findingReasons(state)];
  if (!freeze) return reasons;
  const until = formatLocal(calendarOf(state), freeze.until);
  const message = `freeze ${freeze.name} blocks forward steps until ${until}`;
  return [...reasons, { code: 'frozen', message, fact: freeze.name }];
}

/** Everything that keeps the pending step, or serving after the last one, from being taken; empty when it may be. */
export function stepBlockers(state: State, delivery: ReleaseDelivery, now: Instant): Reason[] {
  const { rollout } = delivery;
  const step = rollout.steps[rollout.step];
  const reasons = standing(state, now);
  if (!step) return reasons;
  if (scopingOwed(state) || state.gates.scoping) {
    const message = 'the scoping gate of the raised tier has not been passed';
    reasons.push({ code: 'incomplete', message, fact: 'scoping' });
  }
  for (const { id, beforeRelease, owner } of rollout.step === 0 ? state.conditions : []) {
    if (beforeRelease)
      reasons.push({
        code: 'incomplete',
        message: `condition ${id} is to be met by ${owner} before release`,
        fact: id,
      });
  }
  if (step.accept === 'before' && !rollout.accepted) {
    reasons.push({
      code: 'awaiting-acceptance',
      message: 'the operating owner accepts before this step',
      fact: 'operatingOwner',
    });
  }
  const start = rulesOf(state)?.rollout.start ?? 'by-command';
  const byCommand = rollout.step === 0 ? start === 'by-command' : step.advance === 'by-command';
  if (byCommand && !rollout.advanced) {
    const command = rollout.step === 0 ? 'start-rollout' : 'advance';
    reasons.push({
      code: 'not-verified',
      message: `this step is taken by the command ${command}`,
      fact: command,
    });
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
    if (delivery?.step !== 'release') break;
    const { phase, step, steps } = delivery.rollout;
    if (phase.name === 'pending' && stepBlockers(draft.state, delivery, draft.now).length === 0) {
      if (step >= steps.length) serve(draft, delivery);
      else move(draft, step, { name: 'exposing' }, 'step-taken');
      continue;
    }
    restartIfStopped(draft, delivery);
    requestExposure(draft);
    if (!exposed(draft.state, delivery)) return;
    soak(draft, delivery);
  }
  requestExposure(draft);
}

/** A candidate stopped by a hold soaks anew once it is exposed again: its samples ended with its exposure. */
function restartIfStopped(draft: Draft, { rollout }: ReleaseDelivery): void {
  const { phase, step } = rollout;
  const running = phase.name === 'soaking' || phase.name === 'verifying';
  if (running && wantedAllocation(draft.state).candidate === null)
    move(draft, step, { name: 'exposing' }, 'step-taken');
}

function exposed(state: State, { rollout }: ReleaseDelivery): boolean {
  const { applied } = state.exposure;
  const wanted = wantedAllocation(state);
  return (
    rollout.phase.name === 'exposing' &&
    wanted.candidate !== null &&
    applied !== 'unknown' &&
    sameAllocation(applied, wanted)
  );
}

function soak(draft: Draft, { rollout }: ReleaseDelivery): void {
  const { now, state } = draft;
  const { window = 0 } = rollout.steps[rollout.step] ?? {};
  if (window === 0) {
    passStep(draft);
    return;
  }
  const verifyAt = now + scaled(state.model, window);
  const soaking = { since: now, windowFrom: now, passes: 0, fails: {}, silentSince: null, last: null };
  move(draft, rollout.step, { name: 'soaking', verifyAt, ...soaking }, 'soaking');
}

/** The step is done: on to the next one, to the acceptance, or, past the last one, to serving. */
export function passStep(draft: Draft): void {
  const delivery = deliveryOf(draft.state);
  if (delivery?.step !== 'release') return;
  const { step, steps } = delivery.rollout;
  const accepts = step + 1 === steps.length && steps[step]?.accept === 'after';
  if (accepts) move(draft, step, { name: 'accepting' }, 'awaiting-acceptance');
  else move(draft, step + 1, { name: 'pending' }, 'step-passed');
}

/** The release takes over: what served before stays available to go back to. */
export function serve(draft: Draft, delivery: ReleaseDelivery): void {
  const percent = currentStep(delivery.rollout)?.percent ?? 100;
  const serveUntil = servingEnd(draft.state, draft.now);
  draft.emit({ type: 'ReleaseServing', release: delivery.release.digest, percent, serveUntil });
  draft.emit({ type: 'DeliveryClosed', n: delivery.n, stage: 'live', outcome: 'live' });
}
