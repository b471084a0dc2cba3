import { Router } from 'express';
import { inboxQuery } from '../../contracts/lists.js';
import { callerOf } from '../authenticate.js';
import type { Api } from '../deps.js';
import { allowOnly } from '../methods.js';
import { parseQuery } from '../parse-query.js';
import { PAGE } from '../query-defaults.js';

/** `GET /v1/inbox`: what waits on the caller. */
export function inboxRoute({ readModel }: Pick<Api, 'readModel'>): Router {
  const router = Router();
  const route = router.route('/v1/inbox');
  route.get(async (request, response) => {
    const { id, teams } = callerOf(response);
    const { limit = PAGE } = parseQuery(inboxQuery, request);
    const found = await readModel.inbox(id, teams, limit + 1);
    response
      .set('Cache-Control', 'private, no-cache')
      .json({ items: found.slice(0, limit), more: found.length > limit });
  });
  route.all(allowOnly('GET'));
  return router;
}
