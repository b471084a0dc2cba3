import type { CommandName } from '../commands/payloads.js';
import { permits } from '../commands/permits.js';
import { COMMAND_NAMES } from '../commands/table.js';
import { refusePerson } from '../gates/answer.js';
import { voiceAt } from '../gates/delegation.js';
import { subjects } from '../live/subjects.js';
import type { Authority } from '../policy.js';
import { type Reason, type Rejection, reject, rejectAll } from '../rejection.js';
import { releasesInUse } from '../release/eligible-release.js';
import { candidateUnderWay, rollbackUnderWay } from '../release/rollback.js';
import { stepBlockers } from '../release/rollout-progress.js';
import type { Instant } from '../vocabulary.js';
import type { Actor } from './actor.js';
import { deliveryOf } from './delivery.js';
import { passableControls } from './exceptions.js';
import { findingReasons, frozenReasons } from './frozen.js';
import { awaitsResubmission } from './handlers/standing.js';
import { owners, refuseUnliftable } from './holds.js';
import { refuseRatification } from './ratification.js';
import { scopingGateName } from './rules.js';
import { refuseAfterScoping, scopingComplete } from './scoping.js';
import type { Delivery, State } from './state.js';
import { refuseKeyless } from './two-key.js';

type Precondition = (state: State, actor: Actor, now: Instant) => Rejection | undefined;

function inStep(...steps: readonly Delivery['step'][]): Precondition {
  return (state) =>
    steps.some((step) => deliveryOf(state)?.step === step)
      ? undefined
      : reject('wrong-stage', `no delivery is in ${steps.join(' or ')}`, 'stage');
}

const anyGate: Precondition = (state) =>
  Object.keys(state.gates).length > 0 ? undefined : reject('gate-closed', 'no gate is open', 'gate');

const canAnswer: Precondition = (state, actor, now) => {
  const refusals = Object.values(state.gates).map(
    (gate) => refusePerson(state, gate, voiceAt(state, gate, actor)) ?? rejectAll(frozenReasons(state, gate)),
  );
  return refusals.some((refusal) => !refusal) ? undefined : (refusals[0] ?? anyGate(state, actor, now));
};

const underWay: Precondition = (state) =>
  candidateUnderWay(state) ? undefined : reject('wrong-stage', 'no rollout is under way', 'stage');

const pilot: Precondition = (state) =>
  state.mode === 'pilot' ? undefined : reject('wrong-stage', 'this use case is not a pilot', 'mode');

const noDelivery: Precondition = (state) =>
  deliveryOf(state)
    ? reject('delivery-open', 'a delivery is open; finish or withdraw it first', 'delivery')
    : undefined;

function takesStep(command: 'start-rollout' | 'advance'): Precondition {
  return (state, actor, now) => {
    const delivery = deliveryOf(state);
    if (delivery?.step !== 'release') return underWay(state, actor, now);
    const { phase, step } = delivery.rollout;
    if (phase.name !== 'pending' || (step === 0) !== (command === 'start-rollout')) {
      return reject('not-verified', `the rollout is ${phase.name} at step ${step + 1}`, 'rollout');
    }
    return rejectAll(stepBlockers(state, delivery, now).filter(({ fact }) => fact !== command));
  };
}

/** Refuses an act that the pinned model does not know, or whose keys the caller does not hold. */
function byKeys(
  state: State,
  actor: Actor,
  rules: { readonly keys: readonly Authority[] } | undefined,
  without: string,
): Rejection | undefined {
  if (!rules) return reject('gate-not-listed', `the pinned operating model ${without}`, 'model');
  return refuseKeyless(state, actor, rules.keys) ?? rejectAll(findingReasons(state));
}

/** Nothing is loosened while what went past the system is not ratified. */
const noFinding: Precondition = (state) => rejectAll(findingReasons(state));

/** What the state itself says before any payload is looked at; a command not listed asks nothing more. */
const PRECONDITIONS: { readonly [N in CommandName]?: Precondition } = {
  'update-brief': refuseAfterScoping,
  'open-gate': (state) => {
    const name = scopingGateName(state);
    if (state.gates[name]) return reject('already-open', `gate ${name} is already open`, 'gate');
    if (state.parked) return reject('parked', 'the use case is parked', 'stage');
    return refuseAfterScoping(state) ?? rejectAll(scopingComplete(state));
  },
  'assign-right': (state, actor) =>
    owners(state).includes(actor.person) || state.handovers.length > 0
      ? undefined
      : reject('not-permitted', `${actor.person} is neither an owner nor the lead`, 'person'),
  'accept-handover': (state, actor) =>
    Object.values(state.offers).includes(actor.person)
      ? undefined
      : reject('not-found', `nothing was offered to ${actor.person}`, 'right'),
  decide: canAnswer,
  'withdraw-delegation': (state, actor) =>
    state.delegations.some(({ from, to }) => from === actor.person || to.includes(actor.person))
      ? undefined
      : reject('not-found', `no delegation is from or to ${actor.person}`, 'delegation'),
  'retract-decision': (state, actor) =>
    Object.values(state.gates).some(({ decisions }) =>
      decisions.some(({ person }) => person === actor.person),
    )
      ? undefined
      : reject('nothing-to-retract', `${actor.person} has answered at no open gate`, 'gate'),
  'withdraw-gate': anyGate,
  comment: (state, actor, now) =>
    Object.values(state.closed).some(({ id }) => awaitsResubmission(state, id))
      ? undefined
      : anyGate(state, actor, now),
  'raise-conflict': (state) =>
    state.model.conflict
      ? undefined
      : reject('gate-not-listed', 'the pinned operating model knows no conflicts; use hold', 'conflict'),
  'resolve-conflict': (state, actor) => {
    const gates = state.conflicts.flatMap(({ id }) => state.gates[id] ?? []);
    const refusals = gates.map((gate) => refusePerson(state, gate, voiceAt(state, gate, actor)));
    if (refusals.length === 0) return reject('not-found', 'no conflict is open', 'conflict');
    return refusals.some((refusal) => !refusal) ? undefined : refusals[0];
  },
  'break-glass': (state, actor) => byKeys(state, actor, state.model.breakGlass, 'lets nobody break glass'),
  'grant-exception': (state, actor, now) =>
    byKeys(state, actor, state.model.exceptions, 'grants no exceptions') ??
    (passableControls(state, now).length > 0
      ? undefined
      : reject('unchanged', 'no unmet control stands in the way that may be passed', 'control')),
  'fulfil-condition': (state, actor) =>
    state.conditions.some(({ owner }) => owner === actor.person)
      ? undefined
      : reject('not-found', `${actor.person} owns no unmet condition`, 'condition'),
  park: (state) => (state.parked ? reject('unchanged', 'the use case is already parked') : undefined),
  resume: (state) => (state.parked ? undefined : reject('unchanged', 'the use case is not parked')),
  'draft-spec': inStep('specification', 'implementation'),
  'submit-spec': inStep('specification'),
  'register-release': inStep('implementation'),
  'submit-for-review': inStep('implementation'),
  'start-rollout': takesStep('start-rollout'),
  advance: takesStep('advance'),
  'accept-exposure': (state, actor, now) => {
    const delivery = deliveryOf(state);
    if (delivery?.step !== 'release') return underWay(state, actor, now);
    const { phase, step, steps, accepted } = delivery.rollout;
    const before = phase.name === 'pending' && steps[step]?.accept === 'before' && !accepted;
    return before || phase.name === 'accepting'
      ? undefined
      : reject('not-verified', 'nothing is up for acceptance', 'rollout');
  },
  'lift-hold': (state, actor, now) => {
    const refusals = state.holds.map(
      (hold) => refuseKeyless(state, actor, hold.lift.keys) ?? refuseUnliftable(state, hold),
    );
    if (refusals.length === 0) return reject('not-found', 'nothing is held', 'hold');
    return refusals.some((refusal) => !refusal) ? noFinding(state, actor, now) : refusals[0];
  },
  'roll-back': (state) =>
    candidateUnderWay(state) || rollbackUnderWay(state) || state.serving
      ? undefined
      : reject('nothing-to-roll-back', 'nothing is exposed', 'serving'),
  'report-breach': (state) =>
    subjects(state).length > 0
      ? undefined
      : reject('wrong-stage', 'nobody is exposed to any release', 'release'),
  'note-vendor-end': (state) =>
    releasesInUse(state).length > 0
      ? undefined
      : reject('not-found', 'no release serves or is rolled out yet', 'release'),
  'withdraw-change': (state) =>
    deliveryOf(state)?.change || state.queued.length > 0
      ? undefined
      : reject('not-found', 'no change is open or waiting', 'change'),
  'override-materiality': (state) => {
    const delivery = deliveryOf(state);
    const settable = delivery?.step === 'implementation' || delivery?.step === 'review';
    return delivery?.change && settable
      ? undefined
      : reject('wrong-stage', 'no change is in implementation or review', 'materiality');
  },
  'promote-to-governed': (state, actor, now) => pilot(state, actor, now) ?? noDelivery(state, actor, now),
  'override-tier': noFinding,
  'extend-pilot': (state, actor, now) => pilot(state, actor, now) ?? noFinding(state, actor, now),
  'end-pilot': pilot,
  retire: noDelivery,
  'ratify-finding': (state, actor) => {
    const refusals = state.findings.map((finding) => refuseRatification(state, finding, actor));
    if (refusals.length === 0) return reject('not-found', 'no finding is open', 'finding');
    return refusals.some((refusal) => !refusal) ? undefined : refusals[0];
  },
};

/** Whether a person may send a command now, as far as its payload does not decide it. */
function mayNow(state: State, actor: Actor, name: CommandName, now: Instant): Rejection | undefined {
  return permits(state, actor, name) ?? PRECONDITIONS[name]?.(state, actor, now);
}

/** What a person may do now, and for everything else why not. */
export function allowedCommands(state: State, actor: Actor, now: Instant) {
  const allowed: CommandName[] = [];
  const refused: { [N in CommandName]?: readonly Reason[] } = {};
  for (const name of COMMAND_NAMES) {
    const rejection = mayNow(state, actor, name, now);
    if (rejection) refused[name] = rejection.reasons;
    else allowed.push(name);
  }
  return { allowed, refused };
}
