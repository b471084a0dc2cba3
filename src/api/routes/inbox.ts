import { inboxQuery } from '../../contracts/lists.js';
import { callerOf } from '../authenticate.js';
import type { Api } from '../deps.js';
import { type GuardedRoute, route } from '../guarded-routes.js';
import { parseQuery } from '../parse-query.js';
import { PAGE } from '../query-defaults.js';

/** `GET /v1/inbox`: what waits on the caller. */
export function inboxRoute({ readModel, items }: Pick<Api, 'readModel' | 'items'>): GuardedRoute {
  return route('inbox', async (request, response) => {
    const { id, teams, functions } = callerOf(response);
    const { limit = PAGE } = parseQuery(inboxQuery, request);
    const [lifecycles, cases] = await Promise.all([
      readModel.inbox(id, teams, limit + 1),
      items.inbox(id, functions, teams, limit + 1),
    ]);
    // What has no due time comes last; of two that are due together, that of the lifecycle first.
    const found = [...lifecycles, ...cases].sort((a, b) => (a.due ?? Infinity) - (b.due ?? Infinity) || 0);
    response
      .set('Cache-Control', 'private, no-cache')
      .json({ items: found.slice(0, limit), more: found.length > limit });
  });
}
