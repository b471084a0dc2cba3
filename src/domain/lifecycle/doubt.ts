/** Who may be gone: nobody is believed, the directory is asked, and only its answer takes a right away. */
import { rightsOf } from '../gates/authority.js';
import type { PersonId } from '../vocabulary.js';
import type { Draft } from './draft.js';
import { ASKED_LATELY_MS } from './evolve-rights.js';
import type { State } from './state.js';

/** Most people that one message asks after. */
export const ASKED_AFTER_AT_ONCE = 20;

/** Whether anything here hangs on a person: a right, an offer of one, a voice, or a condition. */
function matters({ rights, offers, delegations, conditions }: State, person: PersonId): boolean {
  return (
    rightsOf(rights, person).length > 0 ||
    Object.values(offers).includes(person) ||
    delegations.some(({ from, to }) => from === person || to.includes(person)) ||
    conditions.some(({ owner }) => owner === person)
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

/**
 * The same because somebody says so, who may say it again and again: whoever was asked after lately is not asked after
 * anew. What gates and targets find is never passed over like that.
 */
export function doubtOnWord(draft: Draft, people: readonly PersonId[]): void {
  const lately = draft.state.askedAfter.filter(({ at }) => at > draft.now - ASKED_LATELY_MS);
  doubt(
    draft,
    people.filter((person) => !lately.some((one) => one.person === person)),
  );
}
