/** How a decision moves a lifecycle on the map, read from its events. */
import type { Event } from '../../../src/domain/lifecycle/events.js';
import { evolve } from '../../../src/domain/lifecycle/evolve.js';
import { effectiveTier } from '../../../src/domain/lifecycle/rules.js';
import type { State } from '../../../src/domain/lifecycle/state.js';
import { type Cause, type Place, placeOf, TRANSITIONS } from '../../../src/domain/lifecycle/transitions.js';
import { type GateOutcome, TIERS } from '../../../src/domain/vocabulary.js';

interface Move {
  readonly from: Place;
  readonly to: Place;
  readonly by: Cause | null;
}

/** Every move seen so far, as `nameOf` writes it. */
export const seen = new Set<string>();

export const nameOf = ({ from, to, by }: Move): string => `${from} -> ${to}: ${by ?? 'nothing known'}`;

/** The whole map, a line for each cause of each transition. */
export const ON_MAP: ReadonlySet<string> = new Set(
  TRANSITIONS.flatMap(({ from, to, by }) => by.map((cause) => nameOf({ from, to, by: cause }))),
);

/** Whether the map knows a move; it is counted as seen. */
export function isOnMap(move: Move): boolean {
  seen.add(nameOf(move));
  return ON_MAP.has(nameOf(move));
}

/** The moves of one decision; a way through several places for one cause is one move. */
export function movesOf(before: State, events: readonly Event[], now: number): Move[] {
  const moves: Move[] = [];
  let state = before;
  let cause: Cause | null = null;
  for (const [index, event] of events.entries()) {
    cause = causeAfter(cause, event, state, events[index - 1]);
    const next = evolve(state, event, now);
    const [from, to] = [placeOf(state), placeOf(next)];
    state = next;
    if (from === to) continue;
    const last = moves.at(-1);
    if (last?.by === cause && last.to === from) moves[moves.length - 1] = { ...last, to };
    else moves.push({ from, to, by: cause });
  }
  return moves.filter(({ from, to }) => from !== to);
}

function causeAfter(
  cause: Cause | null,
  event: Event,
  state: State,
  previous: Event | undefined,
): Cause | null {
  switch (event.type) {
    case 'GateClosed':
      return closed(cause, event.outcome, gateOn(state, event.gate));
    case 'ApprovalLapsed':
      return 'approval lapsed';
    case 'ExposureRefused':
    case 'RightAssigned':
    case 'RightVacated':
    case 'DelegationEnded':
      return 'approver ineligible';
    case 'RiskAssessed':
    case 'TierLoweringExpired': {
      const [was, is] = [state.tier, event.tier].map((tier) => TIERS.indexOf(effectiveTier(tier)));
      // Other rules of the tier: what is no stricter is a migration like any other.
      if (cause === 'accept-migration' && (is ?? 0) <= (was ?? 0)) return cause;
      return (is ?? 0) < (was ?? 0) ? 'tier lowered' : 'tier raised';
    }
    case 'DeliveryReturned':
      return cause ?? 'draft-spec';
    case 'OperatingModelMoved':
      return event.why === 'migration' ? 'accept-migration' : 'open-change';
    case 'HoldLifted':
      return 'lift-hold';
    case 'ExposureAccepted':
      return 'accept-exposure';
    case 'ReleaseServing':
      return cause === 'accept-exposure' ? cause : 'rollout complete';
    case 'ChangeQueued':
      return 'open-change';
    case 'ChangeWithdrawn':
      return 'withdraw-change';
    case 'PilotEnded':
      return 'end-pilot';
    case 'Cancelled':
      return 'cancel';
    case 'GlassBroken':
      return 'break-glass';
    case 'DeliveryOpened':
      if (event.change) return 'open-change';
      return cause?.endsWith(' passed') ? cause : 'scoping complete';
    case 'DeliveryMoved':
      if (event.step === 'review') return previous?.type === 'DeliveryReturned' ? cause : 'submit-for-review';
      return previous?.type === 'GateClosed' ? cause : 'submit-spec';
    default:
      return cause;
  }
}

/** A gate as the map calls it; the start of a pilot's change is the exit of its review. */
function gateOn(state: State, id: string): string | null {
  const name = state.gates[id]?.name;
  switch (name) {
    case 'launch':
    case 'readiness':
    case 'change':
      return 'review';
    case 'start':
      return state.stage === 'live' ? 'review' : 'start';
    case 'scoping':
    case 'specification':
    case 'promotion':
    case 'retirement':
      return name;
    case 'two-key':
    case 'conflict':
    case 'retrospective':
    case undefined:
      return null;
  }
}

/** Gates that something else closes are no causes. */
function closed(cause: Cause | null, outcome: GateOutcome, gate: string | null): Cause | null {
  if (
    gate === null ||
    outcome === 'superseded' ||
    outcome === 'bypassed' ||
    (outcome === 'withdrawn' && cause !== null)
  )
    return cause;
  return `${gate} ${outcome}` as Cause;
}
