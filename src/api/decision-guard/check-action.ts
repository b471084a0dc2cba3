import { GUARD_SAYS, type GuardAnswer, type GuardCheck } from '../../contracts/guard.js';
import type { Api } from '../deps.js';
import type { CommandIdentity } from '../idempotency.js';
import type { Standing } from '../request-context.js';
import { judgeCheck } from './judge-check.js';
import { actionOf, openReview, type Reviewed, useApproval } from './reviews.js';

/** Judges one action. Only a review, and the use of an approval, ask the engine. */
export async function checkAction(
  api: Api,
  { actor, key }: Pick<Standing, 'actor' | 'key'>,
  check: GuardCheck,
  identity: () => CommandIdentity,
): Promise<GuardAnswer> {
  const { book, caps, blocks, tally } = api.guard;
  const { judged: first, fallback } = judgeCheck(book, caps, key, check);
  let reviewed: Reviewed = { judged: first, item: null };
  if (first.verdict !== 'block' && check.item !== undefined) {
    reviewed = await useApproval(api, { actor, key }, { ...check, item: check.item }, first, identity());
  } else if (first.verdict === 'review') {
    reviewed = await openReview(api, { actor, key }, check, first);
  }
  const { judged, item } = reviewed;
  tally.add(judged);
  if (judged.verdict === 'block') {
    blocks.record({ key, by: actor.person, judged, case: check.case }, () => actionOf(check));
  }
  return {
    verdict: judged.verdict,
    clause: judged.clause,
    why: judged.why,
    says: GUARD_SAYS[judged.why],
    action: item === null ? null : actionOf(check),
    item,
    whenUnknown: fallback?.whenUnknown ?? null,
  };
}
