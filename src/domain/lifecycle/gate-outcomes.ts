/** What follows from a gate: quorum, its confirmation by the directory, and each way it can end. */

import { formerHolders } from '../gates/authority.js';
import type { Gate } from '../gates/gate.js';
import { openSeats } from '../gates/seats.js';
import type { PersonId } from '../vocabulary.js';
import { approversOf, grantApproval } from './approval.js';
import { dropConflict, settleConflict } from './conflicts.js';
import { deliveryOf } from './delivery.js';
import { doubt } from './doubt.js';
import type { Draft } from './draft.js';
import { standsStill } from './frozen.js';
import { closeGate, decidesDelivery, end, voidDecision } from './gate-closing.js';
import { giveBack, sendBack } from './gate-return.js';
import { machineHold } from './holds.js';
import { performAct } from './perform-act.js';
import { reviewGlass } from './retrospective.js';
import { moveTo } from './review.js';

/** A gate with all seats filled asks the directory before it passes; while it stands still, not yet. */
export function confirmIfComplete(draft: Draft, id: string): void {
  const gate = draft.state.gates[id];
  if (gate?.status !== 'open' || openSeats(gate).length > 0) return;
  if (standsStill(draft.state, gate)) return;
  draft.emit({ type: 'GateConfirming', gate: id });
}

/**
 * The directory's answer: everybody still eligible passes the gate, else the seats are vacant again. Who holds
 * a right is our own record, so that is looked up here.
 */
export function confirmed(draft: Draft, gate: Gate, ineligible: readonly PersonId[]): void {
  const lost = [...new Set([...ineligible, ...formerHolders(draft.state.rights, approversOf(gate))])];
  if (lost.length === 0) {
    pass(draft, gate);
    return;
  }
  for (const person of lost) voidDecision(draft, gate, person, 'no longer eligible');
  doubt(draft, concerned(gate, ineligible));
  draft.emit({ type: 'GateReopened', gate: gate.id, why: `no longer eligible: ${lost.join(', ')}` });
}

/** The people behind some of a gate's approvers: themselves, and those for whom they spoke. */
function concerned(gate: Gate, people: readonly PersonId[]): PersonId[] {
  return approversOf(gate)
    .filter(({ person }) => people.includes(person))
    .flatMap(({ person, mandate }) => (mandate ? [person, mandate.from] : [person]));
}

function pass(draft: Draft, gate: Gate): void {
  const { state } = draft;
  closeGate(draft, gate, 'passed');
  const by = approversOf(gate).map(({ person }) => person);
  switch (gate.name) {
    case 'scoping':
      // The gate of a tier that was raised later only clears the way; scoping itself is long over.
      if (state.stage === 'scoping') openLaunch(draft);
      return;
    case 'start':
      if (state.stage === 'scoping') {
        draft.emit({ type: 'DeliveryOpened', n: 1, step: 'implementation', stage: 'live', change: null });
      }
      grantApproval(draft, gate);
      return;
    case 'specification':
      moveTo(draft, 'implementation', null);
      return;
    case 'launch':
    case 'readiness':
    case 'change':
      grantApproval(draft, gate);
      return;
    case 'promotion':
      promote(draft, gate);
      return;
    case 'retirement':
      end(draft, 'retired');
      return;
    case 'conflict':
      settleConflict(draft, gate, 'forward');
      return;
    case 'retrospective':
      reviewGlass(draft, gate, 'passed');
      return;
    case 'two-key':
      if (gate.act) performAct(draft, gate.act, by, approversOf(gate));
      return;
  }
}

/** The launch: delivery 1 begins at specification. */
export function openLaunch(draft: Draft): void {
  const n = draft.state.counters.deliveries + 1;
  draft.emit({ type: 'DeliveryOpened', n, step: 'specification', stage: 'specification', change: null });
}

/** A pilot comes under the governed rules and goes back to specification; meanwhile it serves within its caps. */
function promote(draft: Draft, gate: Gate): void {
  draft.emit({ type: 'PromotedToGoverned', subject: gate.subject });
  openLaunch(draft);
}

/** Closes a gate without passing it, and takes its candidate back to where it can be mended. */
export function returnGate(
  draft: Draft,
  gate: Gate,
  outcome: 'returned' | 'expired' | 'withdrawn',
  why: string,
): void {
  giveBack(draft, gate, outcome, why);
  if (gate.name === 'retrospective') reviewGlass(draft, gate, outcome);
  if (gate.name !== 'conflict') return;
  // Nobody said which side stands, so the stricter does; only who raised it takes it back.
  if (outcome === 'withdrawn') dropConflict(draft, gate);
  else settleConflict(draft, { ...gate, decisions: [] }, 'stricter');
}

/** Ends the candidate: a rejected use case is over, a rejected spec, release or change is dropped. */
export function rejectGate(draft: Draft, gate: Gate): void {
  closeGate(draft, gate, 'rejected');
  if (gate.name === 'conflict') settleConflict(draft, gate, 'stricter');
  if (gate.name === 'retrospective') reviewGlass(draft, gate, 'rejected');
  const { state } = draft;
  const delivery = deliveryOf(state);
  if (gate.name === 'scoping' || (gate.name === 'start' && state.stage === 'scoping')) {
    rejectUseCase(draft);
    return;
  }
  if (state.stage === 'live' && delivery && decidesDelivery(gate)) {
    draft.emit({ type: 'DeliveryClosed', n: delivery.n, stage: 'live', outcome: 'rejected' });
    return;
  }
  sendBack(draft, gate, { why: 'rejected', clauses: [], dropped: true });
}

/** One that never served is over; one that serves goes on as it is, and nothing moves until people have looked. */
function rejectUseCase(draft: Draft): void {
  const { state } = draft;
  const served = state.stage === 'live' || state.serving !== null;
  if (served) machineHold(draft, { effect: 'forward', scope: 'serving', source: 'tier' });
  else end(draft, 'rejected');
}
