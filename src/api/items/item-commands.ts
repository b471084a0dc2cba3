import type { Request, Response } from 'express';
import { ITEM_BODIES } from '../../contracts/bodies/items.js';
import type { ItemEnvelope } from '../../contracts/item-envelope.js';
import type { Trust } from '../../contracts/proof/roots.js';
import { travel } from '../../contracts/travel.js';
import type { Digest } from '../../domain/digest.js';
import { decideItem } from '../../domain/operations/decide-item.js';
import type { ItemState } from '../../domain/operations/item.js';
import type { ItemPayloads } from '../../domain/operations/item-commands.js';
import { itemView } from '../../domain/operations/item-view.js';
import type { ItemResult } from '../../workflows/messages/items.js';
import { standingOf } from '../authorize.js';
import type { Api } from '../deps.js';
import { type CommandIdentity, identify, RecentIdentities } from '../idempotency.js';
import { jsonBody } from '../json-body.js';
import { parseBody } from '../parse-body.js';
import { Problem, rejected } from '../problem.js';
import { contextOf, type Standing } from '../request-context.js';
import { within } from '../within.js';

type Answerable = 'decide-item' | 'use-item';
type Handle = (request: Request, response: Response) => Promise<void>;

const LOOK_UP_MS = 300;

/** What is to be reviewed, and where. */
export interface Opening {
  readonly item: string;
  readonly queue: string | null;
  readonly clause: string | null;
  readonly agent: boolean;
  readonly action: Digest;
  readonly case: string;
}

/**
 * Opens an item: the lifecycle says under which terms, and a workflow of its own carries it. The same identity opens it
 * once; `state` is undefined where no worker shows it yet. Throws `Problem`.
 */
export async function openItem(
  api: Api,
  { actor, key }: Pick<Standing, 'actor' | 'key'>,
  { item, queue, clause, agent, action, case: reference }: Opening,
  identity: CommandIdentity,
): Promise<{ readonly started: boolean; readonly state: ItemState | undefined }> {
  const { itemGateway: items, prover } = api;
  const terms = await items.terms(key, actor, { queue, clause, agent });
  if ('rejected' in terms) throw rejected(terms);
  await requireUnforgotten(api, key, item);
  const payload = { item, action, clause, case: reference, terms };
  const startId = `${identity.id}.${identity.digest}`;
  const opening = await prover.proveItem(key, 'open-item', { ...identity, actor, payload });
  const started = await items.open({ opening, trust: await prover.trust() }, startId);
  if (!started.started && started.startId !== startId) throw taken(item);
  return { started: started.started, state: await shown(api, key, item) };
}

/** The route of `open-item`. */
export function createOpenItem(api: Api): Handle {
  return async (request, response) => {
    const standing = standingOf(response);
    const { actor, key } = standing;
    contextOf(response).command = 'open-item';
    const written = jsonBody(request);
    const body = parseBody(ITEM_BODIES['open-item'].body, written);
    const { queue = null, clause = null, agent = false, action, case: reference } = body;
    const identity = identify(request, response, actor.person, `open-item ${key}`, written);
    const item = body.item ?? `i-${identity.id}`;
    const opening = { item, queue, clause, agent, action, case: reference };
    const { started, state } = await openItem(api, standing, opening, identity);
    const events = [`review/${key}/${item}/1`];
    if (state === undefined) {
      response.status(202).json({ accepted: true, lifecycle: key, command: 'open-item', id: identity.id });
      return;
    }
    response.status(201).json({ events, replayed: !started, item: itemView(state) });
  };
}

/** Sends a proven command to an item that is there. Throws `Problem`. */
async function sendToItem<N extends Answerable>(
  { itemGateway: items, prover }: Api,
  { actor, key }: Pick<Standing, 'actor' | 'key'>,
  name: N,
  payload: ItemPayloads[N],
  identity: CommandIdentity,
): Promise<ItemResult> {
  const envelope: ItemEnvelope<N> = await prover.proveItem(key, name, { ...identity, actor, payload });
  const answer = await items.send(key, payload.item, name, envelope);
  if ('over' in answer) throw refusedOver(name, envelope, answer.over);
  requireOurs(answer.trust, await prover.trust());
  return answer;
}

/** Uses the approval of an item, once, for this very action; throws `Problem` where it allows nothing. */
export async function useItem(
  api: Api,
  standing: Pick<Standing, 'actor' | 'key'>,
  payload: ItemPayloads['use-item'],
  identity: CommandIdentity,
): Promise<ItemResult> {
  const refusal = await api.itemGateway.refusesUse(standing.key, standing.actor);
  if (refusal !== null) throw rejected(refusal);
  return sendToItem(api, standing, 'use-item', payload, identity);
}

/** The routes of commands that reach an item. */
export function createSendToItem<N extends Answerable>(api: Api, name: N): Handle {
  const { documents } = api;
  const accepted = new RecentIdentities();
  return async (request, response) => {
    const standing = standingOf(response);
    const { actor, key } = standing;
    contextOf(response).command = name;
    const written = jsonBody(request);
    const body = parseBody(ITEM_BODIES[name].body, written);
    const identity = identify(request, response, actor.person, `${name} ${key}`, written);
    const payload = (await travel(ITEM_BODIES[name].body, body as never, (document) =>
      documents.put(document, { subject: actor.person, lifecycle: key }),
    )) as ItemPayloads[N];
    const replayed = accepted.has(identity);
    const { events, item } =
      name === 'use-item'
        ? await useItem(api, standing, payload, identity)
        : await sendToItem(api, standing, name, payload, identity);
    accepted.add(identity);
    response.json({ events, replayed, item: itemView(item) });
  };
}

/** What somebody started past the API believes whom they chose, and so says nothing that may be acted on. */
function requireOurs(believed: Trust, ours: Trust): void {
  if (ours === 'dev' || (believed !== 'dev' && believed.roots.every((root) => ours.roots.includes(root))))
    return;
  const detail = 'this item was not opened by the API, or before its root keys were replaced; open another';
  throw new Problem('unverified', detail);
}

/** An item that is over takes nothing: why, the decider says. */
function refusedOver<N extends Answerable>(
  name: N,
  { actor, payload }: ItemEnvelope<N>,
  over: ItemState,
): Problem {
  const command = { name, actor, payload } as Parameters<typeof decideItem>[0];
  const judged = decideItem(command, over, Date.now());
  if ('rejected' in judged) return rejected(judged);
  return new Problem('outcome-unknown', 'the item closed in this moment; repeat the request');
}

/** An id stays taken when the engine has forgotten its item: the ledger has not. */
async function requireUnforgotten({ itemGateway, items }: Api, key: string, item: string): Promise<void> {
  if ((await within(LOOK_UP_MS, items.knows(key, item))) !== true) return;
  if ((await itemGateway.item(key, item)) === undefined) throw taken(item);
}

function taken(item: string): Problem {
  const message = `there is an item ${item} already, open or closed; choose another id`;
  return new Problem('exists', message, { reasons: [{ code: 'exists', message, pointer: '/item' }] });
}

/** It has started for good; where no worker shows it yet, the answer says only that. */
async function shown({ itemGateway }: Api, key: string, item: string): Promise<ItemState | undefined> {
  try {
    return await itemGateway.item(key, item);
  } catch (error) {
    if (
      error instanceof Problem &&
      (error.code === 'view-unavailable' || error.code === 'temporal-unavailable')
    )
      return undefined;
    throw error;
  }
}
