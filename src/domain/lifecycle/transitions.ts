/**
 * The map of a lifecycle: where it can stand, where it goes from there, and what takes it. The decider does
 * not read it; docs/reference is drawn from it, and a test holds every move of the decider against it, in both
 * directions: nothing moves that is not here, and everything here is seen to move.
 */
import type { CommandName } from '../commands/payloads.js';
import type { GateName, GateOutcome, Stage } from '../vocabulary.js';
import { deliveryOf } from './delivery.js';
import type { Delivery, State } from './state.js';

type Step = Delivery['step'];

/** A stage, or while something is live the step of the delivery beside it. */
export type Place = Stage | `live/${Step}`;

/** `review` stands for every exit of review: launch, readiness, change, and the start of a pilot's change. */
type GateAt =
  | Exclude<GateName, 'launch' | 'readiness' | 'change' | 'two-key' | 'conflict' | 'retrospective'>
  | 'review';

export type Cause =
  | CommandName
  | `${GateAt} ${GateOutcome}`
  /** Complete where the mode and tier list no scoping gate. */
  | 'scoping complete'
  | 'rollout complete'
  /** Not begun in time. */
  | 'approval lapsed'
  /** When the effect ran. */
  | 'approver ineligible'
  | 'tier raised'
  /** To one that lists no gate for what was being decided. */
  | 'tier lowered';

export interface Transition {
  readonly from: Place;
  readonly to: Place;
  readonly by: readonly Cause[];
}

export function placeOf(state: State): Place {
  const step = state.stage === 'live' ? deliveryOf(state)?.step : undefined;
  return step ? `live/${step}` : state.stage;
}

const SENT_BACK = ['review returned', 'review expired', 'review withdrawn'] as const;
const ASKED_AGAIN = ['approval lapsed', 'approver ineligible', 'accept-migration'] as const;

/** What a delivery does whether it is the launch or a change. */
const WITHIN_DELIVERY: readonly { from: Step; to: Step; by: readonly Cause[] }[] = [
  {
    from: 'specification',
    to: 'implementation',
    by: ['specification passed', 'submit-spec', 'tier lowered', 'break-glass', 'accept-migration'],
  },
  { from: 'implementation', to: 'specification', by: ['tier raised', 'draft-spec'] },
  { from: 'implementation', to: 'review', by: ['submit-for-review'] },
  { from: 'review', to: 'specification', by: ['review returned', 'tier raised'] },
  { from: 'review', to: 'implementation', by: [...SENT_BACK, 'accept-migration'] },
  { from: 'review', to: 'release', by: ['review passed', 'break-glass'] },
  { from: 'release', to: 'specification', by: ['lift-hold', 'tier raised'] },
  { from: 'release', to: 'implementation', by: ['lift-hold', ...ASKED_AGAIN] },
  { from: 'release', to: 'review', by: ASKED_AGAIN },
];

const STEPS = ['specification', 'implementation', 'review', 'release'] as const satisfies readonly Step[];

/** Every move that the decider makes. */
export const TRANSITIONS: readonly Transition[] = [
  { from: 'scoping', to: 'specification', by: ['scoping passed', 'scoping complete'] },
  { from: 'scoping', to: 'live/release', by: ['start passed'] },
  { from: 'scoping', to: 'retired', by: ['scoping rejected', 'start rejected', 'cancel'] },
  ...WITHIN_DELIVERY,
  { from: 'review', to: 'implementation', by: ['review rejected'] },
  { from: 'release', to: 'live', by: ['rollout complete', 'accept-exposure'] },
  // A tier that rose later has its scoping gate beside the delivery.
  ...STEPS.map((from): Transition => ({ from, to: 'retired', by: ['cancel', 'scoping rejected'] })),
  { from: 'live', to: 'specification', by: ['promotion passed'] },
  { from: 'live', to: 'live/specification', by: ['open-change'] },
  { from: 'live', to: 'live/implementation', by: ['open-change'] },
  { from: 'live', to: 'retired', by: ['end-pilot', 'retirement passed'] },
  ...WITHIN_DELIVERY.map(({ from, to, by }): Transition => ({ from: `live/${from}`, to: `live/${to}`, by })),
  { from: 'live/specification', to: 'live', by: ['specification rejected'] },
  { from: 'live/review', to: 'live', by: ['review rejected'] },
  { from: 'live/release', to: 'live', by: ['rollout complete', 'accept-exposure'] },
  ...STEPS.flatMap((step): Transition[] => [
    // What is being rolled out is rolled back, and comes back to an earlier step.
    ...(step === 'release' ? [] : [withdrawn(step)]),
    ...(step === 'specification' ? [] : [superseded(step, 'specification')]),
    ...(step === 'implementation' ? [] : [superseded(step, 'implementation')]),
    { from: `live/${step}`, to: 'retired', by: ['end-pilot'] },
  ]),
];

function withdrawn(step: Step): Transition {
  return { from: `live/${step}`, to: 'live', by: ['withdraw-change'] };
}

function superseded(step: Step, to: Step): Transition {
  return { from: `live/${step}`, to: `live/${to}`, by: ['open-change'] };
}
