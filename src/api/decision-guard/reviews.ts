import { createHash } from 'node:crypto';
import type { GuardCheck } from '../../contracts/guard.js';
import { PROBLEMS } from '../../contracts/problem.js';
import { type Digest, digestOf } from '../../domain/digest.js';
import { blocked, type Judgement } from '../../domain/guard/judge.js';
import type { ItemState } from '../../domain/operations/item.js';
import type { Api } from '../deps.js';
import type { CommandIdentity } from '../idempotency.js';
import { openItem, useItem } from '../items/item-commands.js';
import { Problem } from '../problem.js';
import type { Standing } from '../request-context.js';
import { within } from '../within.js';

/** A system waits for the answer; an item that takes longer is opened all the same, and found by the next check. */
const OPEN_MS = 3_000;

type Asking = Pick<Standing, 'actor' | 'key'>;

/** A judgement with the item that it is about. */
export interface Reviewed {
  readonly judged: Judgement;
  readonly item: { readonly item: string; readonly status: ItemState['status'] | null } | null;
}

/** Digest of the action that is proposed: all of it but the item that it is approved under. */
export function actionOf({ item: _item, ...action }: GuardCheck): Digest {
  return digestOf(action);
}

/** Has a person review the action, in one item however often it is asked. Answers `review` only once that is durable. */
export async function openReview(
  api: Api,
  asking: Asking,
  check: GuardCheck,
  judged: Judgement,
): Promise<Reviewed> {
  const action = actionOf(check);
  const id = hash(`${check.case}\n${action}`);
  const item = `g-${id}`;
  const opening = { item, agent: true, action, case: check.case } as const;
  // By the item alone: whichever machine and instance asks, it is the same request.
  const identity = { id, digest: hash(`${asking.key}\n${item}`).slice(0, 16) };
  const opened = await within(OPEN_MS, open(api, asking, judged, opening, identity));
  if (opened === undefined) {
    // That a person decides is known; only the item is not. The default for what is unknown has no say here.
    return { judged: { ...blocked('item-unknown'), clause: judged.clause }, item: null };
  }
  if (opened === 'refused')
    return { judged: { ...blocked('item-refused'), clause: judged.clause }, item: null };
  const status = opened.state?.status ?? null;
  return { judged: waits(status) ? judged : blocked('item-refused'), item: { item, status } };
}

/** Uses the approval of an item for this action; nothing but that approval allows it. */
export async function useApproval(
  api: Api,
  asking: Asking,
  check: GuardCheck & { readonly item: string },
  judged: Judgement,
  identity: CommandIdentity,
): Promise<Reviewed> {
  const { item } = check;
  try {
    const used = await useItem(api, asking, { item, action: actionOf(check) }, identity);
    const { clause } = judged;
    const approved = { verdict: 'allow', clause, why: 'approved', queue: null, incident: false } as const;
    return { judged: approved, item: { item, status: used.item.status } };
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
    // Somebody approved another action than the one that is about to be taken: whatever that is, it is an incident.
    const incident = error.code === 'action-differs';
    const why = isRefusal(error) ? 'item-refused' : 'item-unknown';
    return { judged: { ...blocked(why), clause: judged.clause, incident }, item: { item, status: null } };
  }
}

/** Under the clause and in the queue that the rules name; of a spec that does not serve yet, the engine knows neither. */
async function open(
  api: Api,
  asking: Asking,
  { queue, clause }: Judgement,
  opening: Omit<Parameters<typeof openItem>[2], 'queue' | 'clause'>,
  identity: CommandIdentity,
) {
  const places = [
    { queue, clause },
    { queue, clause: null },
    { queue: null, clause: null },
  ];
  for (const place of places) {
    try {
      return await openItem(api, asking, { ...opening, ...place }, identity);
    } catch (error) {
      if (!(error instanceof Problem && isRefusal(error))) throw error;
      if (error.code !== 'not-found') return 'refused' as const;
    }
  }
  return 'refused' as const;
}

/** Whether it was refused, and not only out of reach. */
const isRefusal = ({ code }: Problem): boolean => PROBLEMS[code].status < 500;

const waits = (status: ItemState['status'] | null): boolean =>
  status === null || status === 'waiting' || status === 'second-line' || status === 'approved';

const hash = (text: string): string => createHash('sha256').update(text).digest('base64url').slice(0, 22);
