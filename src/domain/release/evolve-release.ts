import { deliveryOf, placeDelivery } from '../lifecycle/delivery.js';
import type { EventOf } from '../lifecycle/events.js';
import type { Evolutions } from '../lifecycle/evolution.js';
import type { Candidate, Serving, State } from '../lifecycle/state.js';
import type { Instant } from '../vocabulary.js';
import type { Drill } from './drill.js';
import { sameAllocation, wantedAllocation } from './exposure.js';
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
  return serving ? [...earlier, shown(serving)].slice(-KEPT) : earlier;
}

function shown({ takingOver: _shown, ...serving }: Serving): Serving {
  return serving;
}

/** The serving release takes itself back with what is left of the earlier ones. */
function servingBack(state: State, to: string): State {
  const target = state.earlier.findLast(({ release }) => release.digest === to) ?? null;
  return { ...state, serving: target, earlier: state.earlier.filter((release) => release !== target) };
}

/** What was rolled back for cause is never gone back to, under whatever label it served before. */
function rolledBack(state: State, { what, release, to, blameless }: EventOf<'RolledBack'>): State {
  const back =
    what === 'serving'
      ? servingBack(state, to)
      : updateRollout(state, (rollout) => ({ ...rollout, phase: { name: 'rolled-back' } }));
  if (state.engine < 3) return back;
  const earlier = blameless ? back.earlier : back.earlier.filter((one) => one.release.digest !== release);
  return goingBack({ ...back, earlier });
}

/** Marks the exposure while the target has yet to show that something went back. */
function goingBack(state: State): State {
  const { exposure } = state;
  const pending = exposure.applied === 'unknown' || !sameAllocation(wantedAllocation(state), exposure.wanted);
  return pending ? { ...state, exposure: { ...exposure, goingBack: true } } : state;
}

function confirmed(state: State, { fence, allocation }: EventOf<'ExposureConfirmed'>): State {
  const { serving, exposure } = state;
  const shows = serving?.takingOver && allocation.serving?.release === serving.release.digest;
  return {
    ...state,
    exposure: { fence, wanted: exposure.wanted, applied: allocation },
    serving: shows ? shown(serving) : serving,
  };
}

/** Of each kind the last drill is kept, and the last that passed. */
function outlives(held: Drill, next: Drill): boolean {
  return held.kind !== next.kind || (held.passed && !next.passed);
}

function withVendorEnd({ vendorUntil: _earlier, ...release }: Candidate, until: Instant | null): Candidate {
  return until === null ? release : { ...release, vendorUntil: until };
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
    exposure: { ...state.exposure, fence, wanted: allocation, applied: 'unknown' },
  }),
  ExposureConfirmed: confirmed,
  ExposureRefused: (state) => state,
  ExposureAccepted: (state) => state,
  RolledBack: rolledBack,
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
      ...(state.engine >= 3 ? { takingOver: true } : {}),
    };
    const exceptions = state.exceptions.map((one) =>
      one.delivery === delivery.n ? { ...one, serves: release } : one,
    );
    // Nobody rehearses while the manual fallback serves: after it, what serves has time to.
    const anew = state.engine >= 3 && state.serving === null;
    const drills = { ...state.drills, since: anew ? at : (state.drills.since ?? at) };
    const earlier = delivery.release.irreversible ? [] : keep(state.earlier, state.serving);
    return { ...state, serving, exceptions, earlier, drills };
  },
  DrillRecorded: (state, { drill }) => ({
    ...state,
    drills: {
      ...state.drills,
      held: [...state.drills.held.filter((held) => outlives(held, drill)), drill],
      missed: state.drills.missed.filter((kind) => kind !== drill.kind || !drill.passed),
    },
  }),
  DrillMissed: (state, { kind }) => ({
    ...state,
    drills: { ...state.drills, missed: [...state.drills.missed, kind] },
  }),
  VendorEndNoted: (state, { release, until }) => {
    const noted = (serving: Serving): Serving =>
      serving.release.digest === release
        ? { ...serving, release: withVendorEnd(serving.release, until) }
        : serving;
    const delivery = deliveryOf(state);
    const delivered =
      delivery?.step === 'release' && delivery.release.digest === release
        ? placeDelivery(state, { ...delivery, release: withVendorEnd(delivery.release, until) })
        : state;
    const { serving } = state;
    return { ...delivered, serving: serving && noted(serving), earlier: state.earlier.map(noted) };
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
