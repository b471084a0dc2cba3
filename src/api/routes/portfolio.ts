import { noQuery } from '../../contracts/lists.js';
import { callerOf } from '../authenticate.js';
import { seenTeams } from '../authorize.js';
import type { Api } from '../deps.js';
import { type GuardedRoute, route } from '../guarded-routes.js';
import { parseQuery } from '../parse-query.js';

/** `GET /v1/portfolio`: counts of what is open in the caller's teams. */
export function portfolioRoute({ readModel, items }: Pick<Api, 'readModel' | 'items'>): GuardedRoute {
  return route('portfolio', async (request, response) => {
    parseQuery(noQuery, request);
    const [teams, now] = [seenTeams(callerOf(response)), Date.now()];
    const [portfolio, cases] = await Promise.all([readModel.portfolio(teams, now), items.counts(teams, now)]);
    response.set('Cache-Control', 'private, no-cache').json({ ...portfolio, items: cases });
  });
}
