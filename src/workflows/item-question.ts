/** What a lifecycle answers about exception items: readings of its state, which leave nothing in its history. */
import { setHandler } from '@temporalio/workflow';
import { itemTerms, refuseAsking } from '../domain/operations/item-terms.js';
import type { Entity } from './entity.js';
import { itemTermsQuery, itemUseQuery } from './messages/items.js';

const ASKING =
  '"actor": {"person": "meera", "functions": ["operations"], "roles": [], "teams": ["broker-onboarding"], "verified": false}, "now": 1796025600000';

/** Registers the queries that the API asks before an item is opened, and before its approval is used. */
export function registerItemQuestions(entity: Entity): void {
  setHandler(itemTermsQuery, ({ actor, now, question }) => itemTerms(entity.state, actor, question, now), {
    description: `Under which terms somebody opens an exception item now. Example argument: {${ASKING}, "question": {"queue": null, "clause": null, "agent": false}}`,
  });
  setHandler(itemUseQuery, ({ actor, now: _now }) => refuseAsking(entity.state, actor, 'use-item') ?? null, {
    description: `Why somebody cannot use the approval of an exception item now; null where they can. Example argument: {${ASKING}}`,
  });
}
