import type { Request, Response } from 'express';
import { ITEM_BODIES } from '../../contracts/bodies/items.js';
import type { ItemEnvelope } from '../../contracts/item-envelope.js';
import type { Trust } from '../../contracts/proof/roots.js';
import { travel } from '../../contracts/travel.js';
import { decideItem } from '../../domain/operations/decide-item.js';
import type { ItemState } from '../../domain/operations/item.js';
import type { ItemPayloads } from '../../domain/operations/item-commands.js';
import { itemView } from '../../domain/operations/item-view.js';
import { standingOf } from '../authorize.js';
import type { Api } from '../deps.js';
import { identify, RecentIdentities } from '../idempotency.js';
import { jsonBody } from '../json-body.js';
import { parseBody } from '../parse-body.js';
import { Problem, rejected } from '../problem.js';
import { contextOf } from '../request-context.js';
import { within } from '../within.js';

type Answerable = 'decide-item' | 'use-item';
type Handle = (request: Request, response: Response) => Promise<void>;

const LOOK_UP_MS = 300;

/** Opens an item: the lifecycle says under which terms, and a workflow of its own carries it. */
export function createOpenItem(api: Api): Handle {
  const { itemGateway: items, prover } = api;
  return async (request, response) => {
    const { actor, key } = standingOf(response);
    contextOf(response).command = 'open-item';
    const written = jsonBody(request);
    const body = parseBody(ITEM_BODIES['open-item'].body, written);
    const { queue = null, clause = null, agent = false, action, case: reference } = body;
    const identity = identify(request, response, actor.person, `open-item ${key}`, written);
    const item = body.item ?? `i-${identity.id}`;
    const terms = await items.terms(key, actor, { queue, clause, agent });
    if ('rejected' in terms) throw rejected(terms);
    await requireUnforgotten(api, key, item);
    const payload = { item, action, clause, case: reference, terms };
    const startId = `${identity.id}.${identity.digest}`;
    const opening = await prover.proveItem(key, 'open-item', { ...identity, actor, payload });
    const started = await items.open({ opening, trust: await prover.trust() }, startId);
    if (!started.started && started.startId !== startId) throw taken(item);
    const state = await shown(api, key, item);
    const events = [`review/${key}/${item}/1`];
    if (state === undefined) {
      response.status(202).json({ accepted: true, lifecycle: key, command: 'open-item', id: identity.id });
      return;
    }
    response.status(201).json({ events, replayed: !started.started, item: itemView(state) });
  };
}

/** Sends a command to an item that is there. */
export function createSendToItem<N extends Answerable>(api: Api, name: N): Handle {
  const { itemGateway: items, documents, prover } = api;
  const accepted = new RecentIdentities();
  return async (request, response) => {
    const { actor, key } = standingOf(response);
    contextOf(response).command = name;
    const written = jsonBody(request);
    const body = parseBody(ITEM_BODIES[name].body, written);
    const identity = identify(request, response, actor.person, `${name} ${key}`, written);
    if (name === 'use-item') {
      const refusal = await items.refusesUse(key, actor);
      if (refusal !== null) throw rejected(refusal);
    }
    const payload = (await travel(ITEM_BODIES[name].body, body as never, (document) =>
      documents.put(document, { subject: actor.person, lifecycle: key }),
    )) as ItemPayloads[N];
    const envelope: ItemEnvelope<N> = await prover.proveItem(key, name, { ...identity, actor, payload });
    const replayed = accepted.has(identity);
    const answer = await items.send(key, body.item, name, envelope);
    if ('over' in answer) throw refusedOver(name, envelope, answer.over);
    requireOurs(answer.trust, await prover.trust());
    accepted.add(identity);
    const { events, item } = answer;
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
