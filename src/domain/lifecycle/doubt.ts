/** Who may be gone: nobody is believed, the directory is asked, and only its answer takes a right away. */
import { rightsOf } from '../gates/authority.js';
import type { PersonId } from '../vocabulary.js';
import type { Draft } from './draft.js';
import type { State } from './state.js';

/** Most people that one message asks after. */
export const ASKED_AFTER_AT_ONCE = 20;

/** Whether anything here hangs on a person: a right, an offer of one, or a voice. */
function matters({ rights, offers, delegations }: State, person: PersonId): boolean {
  return (
    rightsOf(rights, person).length > 0 ||
    Object.values(offers).includes(person) ||
    delegations.some(({ from, to }) => from === person || to.includes(person))
  );
}

/** Has the directory asked after those of some people on whom anything hangs; once, until it has answered. */
export function doubt(draft: Draft, people: readonly PersonId[]): void {
  const { state } = draft;
  // A model from before handovers were known says nothing about them.
  if (state.stage === 'retired' || !state.model.handover) return;
  const asked = [...new Set(people)].filter(
    (person) => !state.doubted.includes(person) && matters(state, person),
  );
  if (asked.length > 0) draft.emit({ type: 'HoldersDoubted', people: asked });
}
