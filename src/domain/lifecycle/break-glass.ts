/** Two people pass a missing approval or a freeze: what never passes with it, and what it does. */
import { digestOf } from '../digest.js';
import { voiceAt } from '../gates/delegation.js';
import type { Decision, Gate } from '../gates/gate.js';
import { announceGate, prepareGate, seatPeople } from '../gates/open.js';
import type { TwoKeyAct } from '../gates/two-key-act.js';
import { evidenceReasons } from '../governance/evidence.js';
import type { Glass } from '../governance/glass.js';
import type { Json } from '../json.js';
import { type Reason, type Rejection, reject } from '../rejection.js';
import { candidateUnderWay } from '../release/rollback.js';
import { freezeAt } from '../release/rollout-progress.js';
import type { Instant, PersonId } from '../vocabulary.js';
import { approversOf, grantApproval } from './approval.js';
import { authorsOf, deliveryOf } from './delivery.js';
import type { Draft } from './draft.js';
import { closeGate } from './gate-closing.js';
import { liftHold } from './holds.js';
import { moveTo } from './review.js';
import { effectiveTier, gateRule, holdReasons } from './rules.js';
import type { Approver, State } from './state.js';

type Act = Extract<TwoKeyAct, { type: 'break-glass' }>;
export type Passes = Act['passes'];

/** The hold of the very gate that is passed only says that the approval is missing. */
function onlyTimedOut(state: State, passes: Passes, id: string): boolean {
  const hold = state.holds.find((held) => held.id === id);
  return hold?.source === 'timeout' && 'gate' in passes && hold.gate === passes.gate;
}

/** What no two people pass, whatever the hour: empty where nothing of it stands. */
export function neverPassed(state: State, passes: Passes, now: Instant): Reason[] {
  if (effectiveTier(state.tier) === 'prohibited') {
    const message =
      'the use case is prohibited; correct the fact that led there, by assess-risk with two keys';
    return [{ code: 'prohibited', message, fact: 'tier' }];
  }
  // A stop-ship, a rollback, a failed verification, an authority's lock: each of them is a hold, and stands.
  const held = holdReasons(state).filter(({ fact }) => !onlyTimedOut(state, passes, fact ?? ''));
  const gate = 'gate' in passes ? state.gates[passes.gate] : undefined;
  if (gate) return [...held, ...evidenceReasons(state, gate.name, now)];
  const delivery = deliveryOf(state);
  if (delivery?.step !== 'release' || !candidateUnderWay(state)) {
    const message = 'a freeze is passed for a release that is being rolled out; none is';
    return [...held, { code: 'wrong-stage', message, fact: 'freeze' }];
  }
  const step = delivery.rollout.steps[delivery.rollout.step];
  return [...held, ...(step ? evidenceReasons(state, step.kind, now) : [])];
}

/** The gate or freeze that glass is broken for, if it stands in the way now. */
export function standsInTheWay(state: State, passes: Passes, now: Instant): Gate | string | null {
  if ('freeze' in passes) return freezeAt(state, now)?.name === passes.freeze ? passes.freeze : null;
  const gate = state.gates[passes.gate];
  return gate?.generation === passes.generation && gate.subject === passes.subject ? gate : null;
}

/** People who wrote, submitted or registered what is passed: they turn none of its keys and do not review it. */
export function excludedFrom(state: State, passes: Passes): PersonId[] {
  const gate = 'gate' in passes ? state.gates[passes.gate] : undefined;
  return [...new Set([...(gate?.excluded ?? authorsOf(state)), ...state.model.editors])];
}

function glassOf(state: State, act: Act, by: readonly PersonId[], now: Instant): Glass {
  const { passes, until, reason } = act;
  const delivery = deliveryOf(state);
  return {
    id: `retrospective-${(state.generations.retrospective ?? 0) + 1}`,
    passes: 'gate' in passes ? 'approval' : 'freeze',
    what: 'gate' in passes ? passes.gate : passes.freeze,
    release: delivery && delivery.step !== 'specification' ? (delivery.release?.digest ?? null) : null,
    by,
    reason,
    at: now,
    until,
    expired: false,
    reviewed: false,
  };
}

/** The gate that reviews it, not opened yet; refused where nobody could. */
export function prepareReview(
  state: State,
  act: Act,
  by: readonly PersonId[],
  now: Instant,
  turned: readonly Approver[] = [],
): { glass: Glass; gate: Gate } | Rejection {
  const rule = gateRule(state, 'retrospective');
  const [openedBy] = by;
  if (!rule || openedBy === undefined)
    return reject('gate-not-listed', 'the pinned operating model lets nobody break glass', 'breakGlass');
  const glass = glassOf(state, act, by, now);
  const voices = turned.flatMap(({ mandate }) => mandate?.from ?? []);
  const gate = prepareGate(state, now, {
    id: glass.id,
    name: 'retrospective',
    rule,
    openedBy,
    parts: {
      act: digestOf(glass as unknown as Json),
      ...(glass.release === null ? {} : { release: glass.release }),
    },
    excluded: [...new Set([...excludedFrom(state, act.passes), ...by, ...voices])],
    act: null,
  });
  return 'rejected' in gate ? gate : { glass, gate };
}

/** Refuses a key that would leave nobody to review the glass: turned, it would do nothing. Names who turns it instead. */
export function refuseUnreviewed(
  state: State,
  gate: Gate,
  given: Decision,
  now: Instant,
): Rejection | undefined {
  const { act } = gate;
  if (act?.type !== 'break-glass') return undefined;
  const reviewAfter = (decision: Decision) => {
    const turned = approversOf({ ...gate, decisions: [...gate.decisions, decision] });
    const by = turned.map(({ person }) => person);
    return prepareReview(state, act, by, now, turned);
  };
  const review = reviewAfter(given);
  if (!('rejected' in review) || review.rejected !== 'unstaffed') return undefined;
  const { mandates: _own, ...blank } = given;
  const others = seatPeople(state, gate).filter((person) => {
    const functions = state.team.members.find((member) => member.person === person)?.functions ?? [];
    const decision = { ...blank, seat: null, ...voiceAt(state, gate, { person, functions }) };
    return person !== given.person && !('rejected' in reviewAfter(decision));
  });
  const who =
    others.length > 0
      ? `the key is turned by ${others.join(' or ')}`
      : 'nobody else can turn it either: assign the key to somebody else, or add a reviewer to the team';
  const fact = review.reasons[0]?.fact;
  const message = `with the key of ${given.person} nobody could review it afterwards as ${fact ?? ''}; ${who}`;
  return reject('unstaffed', message, fact);
}

/** Both keys have turned: unless something stands that nobody passes, it goes on, and its review begins. */
export function breakGlass(
  draft: Draft,
  act: Act,
  by: readonly PersonId[],
  turned: readonly Approver[],
): void {
  const { state, now } = draft;
  const inTheWay = standsInTheWay(state, act.passes, now);
  if (inTheWay === null || act.until <= now || neverPassed(state, act.passes, now).length > 0) return;
  const review = prepareReview(state, act, by, now, turned);
  if ('rejected' in review) return;
  draft.emit({ type: 'GlassBroken', glass: review.glass });
  if (typeof inTheWay !== 'string') passGate(draft, inTheWay, act, by, turned);
  announceGate(draft, review.gate);
}

function passGate(
  draft: Draft,
  gate: Gate,
  { until }: Act,
  by: readonly PersonId[],
  approvers: readonly Approver[],
): void {
  closeGate(draft, gate, 'bypassed');
  // Those who turned the keys answer for it: they are asked about again when the effect runs.
  if (gate.name === 'specification') moveTo(draft, 'implementation', null);
  else grantApproval(draft, gate, { approvers, until });
  for (const hold of draft.state.holds.filter((held) => held.gate === gate.id)) {
    liftHold(draft, { hold, by, causeClass: null, rootCause: null });
  }
}
