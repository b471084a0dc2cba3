/** Delegations and absences as time passes: they begin, and end by their date or by being taken back. */
import { standInFor, voiceAt } from '../gates/delegation.js';
import { seatPeople } from '../gates/open.js';
import { unseat, voidSilenced } from '../gates/unseat.js';
import type { PersonId } from '../vocabulary.js';
import { askWithoutDelegation } from './approval-end.js';
import type { Deadline } from './deadline.js';
import type { Draft } from './draft.js';
import type { EventOf } from './events.js';
import { raiseNotice } from './notices.js';
import type { State } from './state.js';

/** When each begins and ends; what has begun only ends. */
export function ofDelegations({ delegations }: State): Deadline[] {
  return delegations.map(({ id, began, starts, ends }) =>
    began
      ? {
          at: ends,
          id: `delegation/${id}/ends`,
          what: `delegation ${id} ends`,
          fire: (draft) => endDelegation(draft, id, 'over'),
        }
      : {
          at: starts,
          id: `delegation/${id}/begins`,
          what: `delegation ${id} begins`,
          fire: (draft) => beginDelegation(draft, id),
        },
  );
}

/** From now on the delegate speaks; whatever waits for that voice already is put to them. No deadline moves. */
export function beginDelegation(draft: Draft, id: string): void {
  draft.emit({ type: 'DelegationBegan', delegation: id });
  const delegation = draft.state.delegations.find((each) => each.id === id);
  if (!delegation) return;
  const to = spoken(draft.state, delegation.to);
  for (const gate of Object.values(draft.state.gates)) {
    const asked = seatPeople(draft.state, gate).filter((person) => {
      const { mandates = [] } = voiceAt(draft.state, gate, { person, functions: [] });
      return to.includes(person) && mandates.some((mandate) => mandate.delegation === id);
    });
    raiseNotice(draft, { kind: 'request', to: asked, gate: gate.id, due: gate.clock.due });
  }
}

/** Those of the delegates who are there, and for one who is not, whoever stands in. */
function spoken(state: State, to: readonly PersonId[]): PersonId[] {
  return to.flatMap((person) => [person, standInFor(state, person) ?? person]);
}

/**
 * From now on nobody speaks through it: what was approved by it at open gates is void. What passed a gate stands if
 * it ended by its date; where it was taken back before anything was exposed, the approval is asked for again.
 */
export function endDelegation(draft: Draft, id: string, why: EventOf<'DelegationEnded'>['why']): void {
  const leant = Object.values(draft.state.gates).filter(({ decisions }) =>
    decisions.some(({ mandates = [] }) => mandates.some((mandate) => mandate.delegation === id)),
  );
  draft.emit({ type: 'DelegationEnded', delegation: id, why });
  for (const gate of leant) {
    voidSilenced(draft, gate.id, `delegation ${id} ended: ${why}`);
    unseat(draft, gate.id, `delegation ${id} ended: ${why}`);
  }
  if (why !== 'over') askWithoutDelegation(draft, id);
}
