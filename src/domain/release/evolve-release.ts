import { deliveryOf, placeDelivery } from '../lifecycle/delivery.js';
import type { Evolutions } from '../lifecycle/evolution.js';
import type { Serving, State } from '../lifecycle/state.js';
import type { Rollout } from './rollout.js';

/** A release stays available to go back to while four others are newer. */
const KEPT = 5;

function updateRollout(state: State, change: (rollout: Rollout) => Rollout): State {
  const delivery = deliveryOf(state);
  return delivery?.step === 'release'
    ? placeDelivery(state, { ...delivery, rollout: change(delivery.rollout) })
    : state;
}

function keep(earlier: readonly Serving[], serving: Serving | null) {
  return serving ? [...earlier, serving].slice(-KEPT) : earlier;
}

/** What was rolled back for cause is never gone back to, so it leaves the state. */
function rolledBack(state: State, to: string): State {
  const target = state.earlier.findLast(({ release }) => release.digest === to) ?? null;
  return { ...state, serving: target, earlier: state.earlier.filter((release) => release !== target) };
}

/** Rollout, exposure and what serves. */
export const evolveRelease = {
  ApprovalLapsed: (state) => state,
  RolloutMoved: (state, { step, phase, what }) =>
    updateRollout(state, (rollout) => ({
      ...rollout,
      step,
      phase,
      accepted: step === rollout.step && (rollout.accepted || what === 'accepted'),
      advanced: step === rollout.step && (rollout.advanced || what === 'advanced'),
    })),
  VerificationRecorded: (state) => state,
  ExposureRequested: (state, { fence, allocation }) => ({
    ...state,
    exposure: { fence, wanted: allocation, applied: 'unknown' },
  }),
  ExposureConfirmed: (state, { allocation }) => ({
    ...state,
    exposure: { ...state.exposure, applied: allocation },
  }),
  ExposureRefused: (state) => state,
  ExposureAccepted: (state) => state,
  RolledBack: (state, { what, to }) =>
    what === 'serving'
      ? rolledBack(state, to)
      : updateRollout(state, (rollout) => ({ ...rollout, phase: { name: 'rolled-back' } })),
  ServingTermMoved: (state, { from, serveUntil }) => ({
    ...state,
    serving: state.serving && {
      ...state.serving,
      termFrom: from,
      approval: { ...state.serving.approval, serveUntil },
    },
  }),
  ReleaseServing: (state, { release, percent, serveUntil }, at) => {
    const delivery = deliveryOf(state);
    if (delivery?.step !== 'release' || delivery.release.digest !== release) return state;
    const { spec, approval } = delivery;
    const serving: Serving = {
      release: delivery.release,
      spec,
      percent,
      since: at,
      termFrom: at,
      approval: { ...approval, serveUntil },
    };
    const exceptions = state.exceptions.map((one) =>
      one.delivery === delivery.n ? { ...one, serves: release } : one,
    );
    return { ...state, serving, exceptions, earlier: keep(state.earlier, state.serving) };
  },
  Retired: (state, { outcome }) => {
    const { delivery: _ended, ...kept } = { delivery: null, ...state };
    return {
      ...kept,
      gates: {},
      holds: [],
      conflicts: [],
      exceptions: [],
      glass: [],
      serving: null,
      stage: 'retired',
      outcome,
    };
  },
} satisfies Partial<Evolutions>;
