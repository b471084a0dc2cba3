import { itemsQuery } from '../../contracts/items.js';
import { standingOf } from '../authorize.js';
import type { Api } from '../deps.js';
import { type GuardedRoute, route } from '../guarded-routes.js';
import { createOpenItem, createSendToItem } from '../items/item-commands.js';
import { BODY_LIMIT, readBody } from '../json-body.js';
import { parseQuery } from '../parse-query.js';
import { PAGE } from '../query-defaults.js';

/** The exception items of one lifecycle: their list, and the commands that reach each. */
export function itemRoutes(api: Api): GuardedRoute[] {
  const body = readBody(BODY_LIMIT);
  return [
    route('items', async (request, response) => {
      const { key: lifecycle } = standingOf(response);
      const { status, late, cursor, limit } = parseQuery(itemsQuery, request);
      const answer = await api.items.list({
        lifecycle,
        ...(status !== undefined && { status }),
        ...(late !== undefined && { late }),
        now: Date.now(),
        cursor: cursor ?? null,
        limit: limit ?? PAGE,
      });
      response.set('Cache-Control', 'private, no-cache').json(answer);
    }),
    route('open-item', body, createOpenItem(api)),
    route('decide-item', body, createSendToItem(api, 'decide-item')),
    route('use-item', body, createSendToItem(api, 'use-item')),
  ];
}
