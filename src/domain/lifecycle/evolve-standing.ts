import type { Right } from '../vocabulary.js';
import type { Evolutions } from './evolution.js';
import { effectiveTier } from './rules.js';
import type { Rights, Silence, State } from './state.js';

/** Bounds the state while nobody can be told anything; the newest matter most. */
const KEPT_NOTICES = 100;
/** Most people who are known not to be reached. */
export const KEPT_UNREACHED = 50;

/** The rights with one more holder: a roster grows, every other right changes hands. */
function assign(rights: Rights, right: Right, person: string): Rights {
  if (right !== 'stopShipHolder') return { ...rights, [right]: person };
  return { ...rights, stopShipHolder: [...new Set([...rights.stopShipHolder, person])] };
}

function withoutOffer(offers: State['offers'], right: Right): State['offers'] {
  const { [right]: _taken, ...others } = offers;
  return others;
}

/** The notice that follows to tell the lead; at a gate it may be another that follows. */
function toldOf({ team, counters }: State, person: string, gate: string | null): Pick<Silence, 'told'> {
  return gate === null && person !== team.lead ? { told: `n${counters.notices + 1}` } : {};
}

/** Who owns the use case, how risky it is, and what it promised: everything that is not a delivery. */
export const evolveStanding = {
  LifecycleStarted: (state) => state,
  EngineChanged: (state, { to }) => ({ ...state, engine: to }),
  BriefUpdated: (state, { brief }) => ({ ...state, brief }),
  RightOffered: (state, { right, person }) => ({ ...state, offers: { ...state.offers, [right]: person } }),
  RightAssigned: (state, { right, person }) => ({
    ...state,
    rights: assign(state.rights, right, person),
    offers: withoutOffer(state.offers, right),
    handovers: state.handovers.filter((open) => open.right !== right),
  }),
  RiskAssessed: (state, { facts, tier }) => ({ ...state, facts, tier }),
  TierLowered: (state, { tier }) => ({ ...state, tier }),
  TierLoweringExpired: (state, { tier }) => ({ ...state, tier }),
  Parked: (state) => ({ ...state, parked: true }),
  Resumed: (state) => ({ ...state, parked: false }),
  Cancelled: (state) => state,
  /** The promotion stands for the scoping that the pilot's rules let it skip. */
  PromotedToGoverned: (state) => ({ ...state, mode: 'governed', scoped: effectiveTier(state.tier) }),
  PromotionProposed: (state) => state,
  PilotExtended: (state, { endsAt }) => ({
    ...state,
    pilot: state.pilot && { ...state.pilot, endsAt, extensions: state.pilot.extensions + 1 },
  }),
  PilotEnded: (state) => ({ ...state, serving: null }),
  CalendarUpdated: (state, { calendar }) => ({
    ...state,
    model: { ...state.model, calendars: { ...state.model.calendars, [calendar.id]: calendar } },
  }),
  RetirementProposed: (state) => state,
  NoticeRaised: (state, { notice }) => ({
    ...state,
    notices: [...state.notices, notice].slice(-KEPT_NOTICES),
    counters: { ...state.counters, notices: state.counters.notices + 1 },
  }),
  NoticesDelivered: (state, { ids }) => ({
    ...state,
    notices: state.notices.filter((notice) => !ids.includes(notice.id)),
  }),
  PersonUnreachable: (state, { notice, person, gate }) => ({
    ...state,
    unreached: [...state.unreached, { notice, person, gate, ...toldOf(state, person, gate) }].slice(
      -KEPT_UNREACHED,
    ),
  }),
  MessageRefused: (state) => state,
  UnverifiedMessage: (state) => state,
  RootsChanged: (state) => state,
} satisfies Partial<Evolutions>;
