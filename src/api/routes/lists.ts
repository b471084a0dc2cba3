import { lifecycleQuery } from '../../contracts/lists.js';
import type { ListQuery } from '../../ports/read-model.js';
import { callerOf } from '../authenticate.js';
import { seenTeams } from '../authorize.js';
import type { Api } from '../deps.js';
import { type GuardedRoute, route } from '../guarded-routes.js';
import { parseQuery } from '../parse-query.js';
import { PAGE } from '../query-defaults.js';

/** `GET /v1/lifecycles`: of the caller's teams, by filters. */
export function listRoute({ readModel }: Pick<Api, 'readModel'>): GuardedRoute {
  return route('list', async (request, response) => {
    const teams = seenTeams(callerOf(response));
    const { sort, cursor, limit, ...filters } = parseQuery(lifecycleQuery, request);
    const given = Object.fromEntries(Object.entries(filters).filter(([, value]) => value !== undefined));
    const query: ListQuery = {
      ...given,
      teams,
      sort: sort ?? 'due',
      cursor: cursor ?? null,
      limit: limit ?? PAGE,
    };
    response.set('Cache-Control', 'private, no-cache').json(await readModel.lifecycles(query));
  });
}
