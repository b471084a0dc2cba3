/** What becomes of open gates and of an approval not used yet, once another operating model rules. */
import { authorityName } from '../gates/authority.js';
import type { Gate } from '../gates/gate.js';
import { openGate, withCheckpoints } from '../gates/open.js';
import { specInForce } from '../governance/evidence.js';
import { askAgain } from '../lifecycle/approval-end.js';
import { deliveryOf } from '../lifecycle/delivery.js';
import type { Draft } from '../lifecycle/draft.js';
import { supersedeGate, voidDecision } from '../lifecycle/gate-closing.js';
import { reopenSpecification } from '../lifecycle/reopen.js';
import { openScopingGate, submitForReview } from '../lifecycle/review.js';
import { gateRule, reviewGateName } from '../lifecycle/rules.js';
import type { State } from '../lifecycle/state.js';
import type { Authority, GateRule } from '../policy.js';
import type { GateName } from '../vocabulary.js';
import { candidateExposed, newlyMissing } from './exposed.js';

/** Seats in one order, so that listing them otherwise is no change. */
export function seatNames(seats: readonly Authority[]): string {
  return seats.map(authorityName).sort().join(', ');
}

/** The rule a gate would be opened with now; null where it would not be, or another gate in its place. */
function ruleNow(
  state: State,
  name: Exclude<GateName, 'two-key' | 'conflict' | 'retrospective'>,
): GateRule | null {
  const delivery = deliveryOf(state);
  const reviewed = delivery?.step === 'review' || delivery?.step === 'release';
  const ofReview = name === 'launch' || name === 'readiness' || name === 'change';
  if (ofReview && reviewed && reviewGateName(state, delivery.change?.materiality === 'minor') !== name)
    return null;
  const rule = gateRule(state, name);
  return rule && withCheckpoints(rule, specInForce(state)?.checkpoints ?? [], name);
}

function whyNow({ state, now }: Draft, before: State, gate: Pick<Gate, 'name' | 'rule'>): string | null {
  switch (gate.name) {
    case 'two-key':
    case 'conflict':
    case 'retrospective':
      // Opened by an act or a doubt of its own, and over within its own time.
      return null;
    case 'scoping':
    case 'start':
    case 'specification':
    case 'launch':
    case 'readiness':
    case 'change':
    case 'promotion':
    case 'retirement': {
      const rule = ruleNow(state, gate.name);
      if (!rule) return 'lists no such gate';
      const seats = seatNames(rule.seats);
      if (seats !== seatNames(gate.rule.seats)) return `asks ${seats} to decide`;
      const missing = newlyMissing(before, state, gate.name, now).flatMap(({ fact }) => fact ?? []);
      return missing.length > 0 ? `asks for evidence: ${missing.join(', ')}` : null;
    }
  }
}

function named({ model: { name, version } }: State, why: string): string {
  return `operating model ${name} ${version} ${why}`;
}

/** Voids and asks anew where the new model asks something else; everywhere else its editors alone lose their say. */
export function regate(draft: Draft, before: State): void {
  for (const gate of Object.values(draft.state.gates)) {
    const why = whyNow(draft, before, gate);
    if (why === null) excludeEditors(draft, gate);
    else reopen(draft, gate, named(draft.state, why));
  }
}

function excludeEditors(draft: Draft, gate: Gate): void {
  const people = draft.state.model.editors.filter((person) => !gate.excluded.includes(person));
  if (people.length === 0) return;
  const decided = people.filter((person) => gate.decisions.some((decision) => decision.person === person));
  const why = named(draft.state, 'is edited by them');
  for (const person of decided) voidDecision(draft, gate, person, why);
  draft.emit({ type: 'GateExclusionsAdded', gate: gate.id, people });
  if (decided.length > 0 && gate.status === 'confirming')
    draft.emit({ type: 'GateReopened', gate: gate.id, why });
}

function reopen(draft: Draft, gate: Gate, why: string): void {
  supersedeGate(draft, gate, why);
  const delivery = deliveryOf(draft.state);
  if (gate.name === 'specification') reopenSpecification(draft, why);
  else if (gate.name === 'promotion' || gate.name === 'retirement') {
    const rule = ruleNow(draft.state, gate.name);
    const excluded = [...new Set([...gate.excluded, ...draft.state.model.editors])];
    if (rule) openGate(draft, { ...gate, rule, excluded });
  } else if (delivery?.step === 'review') {
    sendBack(draft, why);
    submitForReview(draft, delivery.submittedBy);
  } else openScopingGate(draft, gate.openedBy);
}

function sendBack(draft: Draft, why: string): void {
  const delivery = deliveryOf(draft.state);
  if (!delivery) return;
  const stage = draft.state.stage === 'live' ? 'live' : 'implementation';
  const { n } = delivery;
  draft.emit({
    type: 'DeliveryReturned',
    n,
    step: 'implementation',
    stage,
    dropped: false,
    why,
    clauses: [],
  });
}

/** An approval that has exposed nobody yet, and that the new model would not have given: it is asked for again. */
export function askForMore(draft: Draft, before: State): void {
  const { state, now } = draft;
  const delivery = deliveryOf(state);
  if (
    delivery?.step !== 'release' ||
    delivery.rollout.phase.name === 'rolled-back' ||
    candidateExposed(state)
  )
    return;
  const { gate: name, approvers } = delivery.approval;
  // Seats that two people may share are told apart by their number alone.
  const rule: GateRule | null =
    name === 'two-key' ? null : ruleNow(state, name as Parameters<typeof ruleNow>[1]);
  const given = approvers.map(({ authority }) => authorityName(authority));
  const lacking = (rule?.seats ?? []).map(authorityName).filter((seat) => {
    const at = given.indexOf(seat);
    if (at >= 0) given.splice(at, 1);
    return at < 0;
  });
  const missing = newlyMissing(before, state, name, now).flatMap(({ fact }) => fact ?? []);
  const edited = approvers.filter(({ person }) => state.model.editors.includes(person));
  const why = !rule
    ? 'lists no such gate'
    : lacking.length > 0
      ? `asks ${lacking.join(', ')} to decide too`
      : missing.length > 0
        ? `asks for evidence: ${missing.join(', ')}`
        : edited.length > 0
          ? 'is edited by its approvers'
          : null;
  if (why !== null) askAgain(draft, named(state, why));
}
