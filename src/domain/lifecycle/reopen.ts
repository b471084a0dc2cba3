/** Gates whose subject changed beneath them: what was decided is void, and the next generation asks again. */
import { digestOf } from '../digest.js';
import { openGate, subjectOf } from '../gates/open.js';
import { type Rejection, rejectAll } from '../rejection.js';
import { deliveryOf } from './delivery.js';
import type { Draft } from './draft.js';
import { supersedeGate } from './gate-closing.js';
import { openScopingGate, openSpecificationGate, scopingParts } from './review.js';
import { gateRule, scopingGateName } from './rules.js';
import { scopingComplete } from './scoping.js';

const CHANGED = 'the subject changed';

/**
 * An open exit of scoping on another brief or other facts. It stays shut where scoping is no longer complete,
 * or where the tier has become one that lists no such gate.
 */
export function reopenScoping(draft: Draft, by: string): Rejection | undefined {
  const { state } = draft;
  const name = scopingGateName(state);
  const gate = state.gates[name];
  if (!gate || subjectOf(scopingParts(state)) === gate.subject) return undefined;
  supersedeGate(draft, gate, CHANGED);
  if (!gateRule(state, name) || rejectAll(scopingComplete(state))) return undefined;
  return openScopingGate(draft, by);
}

/** Every gate that decides on the facts asks again on the new ones; what cannot be asked stays shut. */
export function reopenOnFacts(draft: Draft): void {
  const facts = digestOf(draft.state.facts);
  for (const gate of Object.values(draft.state.gates)) {
    if (gate.parts.facts === undefined || gate.parts.facts === facts) continue;
    switch (gate.name) {
      case 'scoping':
      case 'start':
        reopenScoping(draft, gate.openedBy);
        break;
      case 'specification':
        supersedeGate(draft, gate, CHANGED);
        reopenSpecification(draft, CHANGED);
        break;
      case 'promotion': {
        supersedeGate(draft, gate, CHANGED);
        const rule = gateRule(draft.state, 'promotion');
        if (rule) openGate(draft, { ...gate, rule, parts: { ...gate.parts, facts } });
        break;
      }
      case 'launch':
      case 'readiness':
      case 'change':
      case 'retirement':
      case 'two-key':
      case 'conflict':
      case 'retrospective':
        break;
    }
  }
}

/** Asks for approval of the submitted spec again; what is not complete for it goes back to be submitted anew. */
export function reopenSpecification(draft: Draft, why: string): void {
  const delivery = deliveryOf(draft.state);
  if (delivery?.step !== 'specification' || !delivery.submitted) return;
  if (!openSpecificationGate(draft, delivery.submitted)) return;
  const stage = draft.state.stage === 'live' ? 'live' : 'specification';
  draft.emit({
    type: 'DeliveryReturned',
    n: delivery.n,
    step: 'specification',
    stage,
    dropped: false,
    why,
    clauses: [],
  });
}
