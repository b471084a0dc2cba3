import { holdersOf } from '../gates/authority.js';
import type { Decision, Gate } from '../gates/gate.js';
import type { PersonId, Right } from '../vocabulary.js';
import type { Evolutions } from './evolution.js';
import type { Rights, State } from './state.js';

/** How long it is remembered that the directory was asked after somebody, in milliseconds. */
export const ASKED_LATELY_MS = 600_000;

/** The rights with one holder less. */
function vacate(rights: Rights, right: Right, person: PersonId): Rights {
  if (right === 'stopShipHolder')
    return { ...rights, stopShipHolder: rights.stopShipHolder.filter((holder) => holder !== person) };
  const { [right]: _holder, ...others } = rights;
  return others;
}

/** What was said by a delegation that is over is no longer said. */
function withoutMandate(decision: Decision, delegation: string): Decision {
  if (!decision.mandates?.some((mandate) => mandate.delegation === delegation)) return decision;
  const { mandates, ...own } = decision;
  const kept = mandates.filter((mandate) => mandate.delegation !== delegation);
  return kept.length > 0 ? { ...own, mandates: kept } : own;
}

function withoutMandates(gates: State['gates'], delegation: string): State['gates'] {
  const silenced = Object.entries(gates).map(([id, gate]): [string, Gate] => [
    id,
    { ...gate, decisions: gate.decisions.map((decision) => withoutMandate(decision, delegation)) },
  ]);
  return Object.fromEntries(silenced);
}

/** Rights that nobody holds any more, and who decides for whom. */
export const evolveRights = {
  RightVacated: (state, { right, person, why, clock }, since) => {
    const rights = vacate(state.rights, right, person);
    if (holdersOf(rights, right).length > 0) return { ...state, rights };
    return { ...state, rights, handovers: [...state.handovers, { right, from: person, why, since, clock }] };
  },
  HandoverMoved: (state, { right, clock }) => ({
    ...state,
    handovers: state.handovers.map((open) => (open.right === right ? { ...open, clock } : open)),
  }),
  HoldersDoubted: (state, { people }, at) => ({
    ...state,
    doubted: [...state.doubted, ...people],
    askedAfter: [
      ...state.askedAfter.filter((one) => one.at > at - ASKED_LATELY_MS && !people.includes(one.person)),
      ...people.map((person) => ({ person, at })),
    ],
  }),
  HoldersConfirmed: (state, { asked, gone }) => ({
    ...state,
    doubted: state.doubted.filter((person) => !asked.includes(person)),
    offers: Object.fromEntries(
      Object.entries(state.offers).filter(([, to]) => !gone.some(({ person }) => person === to)),
    ),
  }),
  DelegationSet: (state, { delegation }) => {
    const others = state.delegations.filter(({ id }) => id !== delegation.id);
    const known = others.length < state.delegations.length;
    const delegations = state.counters.delegations + (known ? 0 : 1);
    return {
      ...state,
      delegations: [...others, delegation],
      counters: { ...state.counters, delegations },
    };
  },
  DelegationBegan: (state, { delegation }) => ({
    ...state,
    delegations: state.delegations.map((each) => (each.id === delegation ? { ...each, began: true } : each)),
  }),
  DelegationEnded: (state, { delegation }) => ({
    ...state,
    delegations: state.delegations.filter(({ id }) => id !== delegation),
    gates: withoutMandates(state.gates, delegation),
  }),
} satisfies Partial<Evolutions>;
