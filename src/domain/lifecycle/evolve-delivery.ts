import type { Rollout } from '../release/rollout.js';
import type { Stage } from '../vocabulary.js';
import { currentDelivery, deliveryOf, placeDelivery, updateDelivery } from './delivery.js';
import type { EventOf } from './events.js';
import type { Evolutions } from './evolution.js';
import { effectiveTier } from './rules.js';
import type { Candidate, Delivery, SpecPin, State } from './state.js';

/** What every step of a delivery carries, so that a move keeps it and drops the rest. */
function carried({ n, change, openedAt }: Delivery) {
  return { n, change, openedAt };
}

function specOf(state: State, delivery: Delivery | null): SpecPin | null {
  if (delivery?.step === 'specification') return delivery.submitted;
  return delivery?.spec ?? state.serving?.spec ?? state.pilot?.spec ?? null;
}

function releaseOf(delivery: Delivery): Candidate | null {
  return delivery.step === 'specification' ? null : delivery.release;
}

function opened(state: State, { change, step, stage }: EventOf<'DeliveryOpened'>, at: number): State {
  const n = state.counters.deliveries + 1;
  const base = { n, change, openedAt: at };
  const counted = {
    ...standAt(state, stage),
    scoped: state.scoped ?? effectiveTier(state.tier),
    voided: [],
    counters: { ...state.counters, deliveries: n },
    queued: state.queued.filter(({ id }) => id !== change?.id),
  };
  const spec = specOf(state, null);
  if (step === 'specification' || !spec) {
    return placeDelivery(counted, { ...base, step: 'specification', draft: null, submitted: null });
  }
  const release = change === null ? (state.pilot?.release ?? null) : null;
  return placeDelivery(counted, { ...base, step: 'implementation', spec, release });
}

/** A pilot goes live with its first delivery; a promotion takes what is live back to specification. */
function standAt(state: State, stage: Stage): State {
  if (stage === state.stage) return state;
  return stage === 'live' ? { ...state, stage, delivery: null } : { ...state, stage: 'scoping' };
}

/** What has to be approved again takes the conditions of its earlier approvals with it. */
function withoutConditions(state: State, step: 'specification' | 'implementation'): State {
  const n = currentDelivery(state);
  const kept = state.conditions.filter(
    ({ delivery, gate }) => delivery !== n || (step === 'implementation' && gate === 'specification'),
  );
  return { ...state, conditions: kept };
}

function returned(state: State, { step, dropped }: EventOf<'DeliveryReturned'>): State {
  return updateDelivery(withoutConditions(state, step), (delivery) => {
    const spec = specOf(state, delivery);
    if (step === 'specification' || !spec) {
      const draft = delivery.step === 'specification' && !dropped ? delivery.draft : null;
      return { ...carried(delivery), step: 'specification', draft, submitted: null };
    }
    const release = dropped ? null : releaseOf(delivery);
    return { ...carried(delivery), step: 'implementation', spec, release };
  });
}

/** The passes through specification, implementation, review and release. */
export const evolveDelivery = {
  DeliveryOpened: opened,
  DeliveryMoved: (state, { step, by }) =>
    updateDelivery(state, (delivery) => {
      const spec = specOf(state, delivery);
      const release = releaseOf(delivery);
      if (!spec) return delivery;
      if (step === 'review' && release) {
        return { ...carried(delivery), step, spec, release, submittedBy: by ?? spec.submittedBy };
      }
      return { ...carried(delivery), step: 'implementation', spec, release };
    }),
  DeliveryReturned: returned,
  DeliveryClosed: (state, { outcome }) => {
    if (state.stage === 'scoping' || state.stage === 'retired') return state;
    if (outcome === 'live') return { ...state, stage: 'live', delivery: null };
    const n = currentDelivery(state);
    const exceptions = state.exceptions.filter(({ delivery }) => delivery !== n);
    const closed = withoutConditions({ ...state, exceptions }, 'specification');
    return closed.stage === 'live' ? { ...closed, delivery: null } : closed;
  },
  SpecDrafted: (state, { draft }) => ({
    ...updateDelivery(state, (delivery) =>
      delivery.step === 'specification' ? { ...delivery, draft } : delivery,
    ),
    counters: { ...state.counters, specs: draft.version },
  }),
  SpecSubmitted: (state, { spec }) =>
    updateDelivery(state, (delivery) =>
      delivery.step === 'specification' ? { ...delivery, submitted: spec } : delivery,
    ),
  ReleaseRegistered: (state, { release, materiality }) => ({
    ...updateDelivery(state, (delivery) => {
      if (delivery.step !== 'implementation') return delivery;
      const change = delivery.change && materiality ? { ...delivery.change, materiality } : delivery.change;
      return { ...delivery, release, change };
    }),
    counters: { ...state.counters, releases: state.counters.releases + 1 },
  }),
  EvidenceAdded: (state, { evidence }) => ({
    ...state,
    evidence: [...state.evidence.filter(({ kind }) => kind !== evidence.kind), evidence],
    counters: { ...state.counters, evidence: state.counters.evidence + 1 },
  }),
  ApprovalGranted: (state, { approval, steps }) => {
    const rollout: Rollout = { steps, step: 0, accepted: false, advanced: false, phase: { name: 'pending' } };
    const delivery = deliveryOf(state);
    if (!delivery) return state;
    const spec = specOf(state, delivery);
    const release = releaseOf(delivery);
    return spec && release
      ? placeDelivery(state, { ...carried(delivery), step: 'release', spec, release, approval, rollout })
      : state;
  },
  ChangeQueued: (state, { change }) => ({
    ...state,
    queued: [...state.queued, change],
    counters: { ...state.counters, changes: state.counters.changes + 1 },
  }),
  ChangeWithdrawn: (state, { change }) => ({
    ...state,
    queued: state.queued.filter(({ id }) => id !== change),
  }),
  MaterialityChanged: (state, { materiality }) =>
    updateDelivery(state, (delivery) => ({
      ...delivery,
      change: delivery.change && { ...delivery.change, materiality, fixed: true },
    })),
} satisfies Partial<Evolutions>;
