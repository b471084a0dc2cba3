import { Router } from 'express';
import { noQuery } from '../../contracts/lists.js';
import { callerOf } from '../authenticate.js';
import { seenTeams } from '../authorize.js';
import type { Api } from '../deps.js';
import { allowOnly } from '../methods.js';
import { parseQuery } from '../parse-query.js';

/** `GET /v1/portfolio`: counts of what is open in the caller's teams. */
export function portfolioRoute({ readModel }: Pick<Api, 'readModel'>): Router {
  const router = Router();
  const route = router.route('/v1/portfolio');
  route.get(async (request, response) => {
    parseQuery(noQuery, request);
    const portfolio = await readModel.portfolio(seenTeams(callerOf(response)), Date.now());
    response.set('Cache-Control', 'private, no-cache').json(portfolio);
  });
  route.all(allowOnly('GET'));
  return router;
}
