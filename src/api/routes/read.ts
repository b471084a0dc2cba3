import { type Response, Router } from 'express';
import { authorize } from '../authorize.js';
import type { Api } from '../deps.js';
import { allowOnly } from '../methods.js';
import { invalidBody } from '../problem.js';
import { etagOf, viewHeaders } from '../show-view.js';

const PAGE = 50;
const MOST_ENTRIES = 200;
const MOST_ASSUMPTIONS = 10;

/** What is read of one lifecycle: its state, its timeline, its route. */
export function readRoutes(api: Api): Router {
  const { gateway, ledger } = api;
  const router = Router();
  const standing = (response: Response, key: string) => authorize(gateway, response, key, 'read');

  const view = router.route('/v1/lifecycles/:key');
  view.get(async (request, response) => {
    const { actor, key } = await standing(response, request.params.key);
    const shown = await gateway.view(key, actor);
    viewHeaders(response, shown);
    if (request.get('if-none-match') === etagOf(shown)) response.status(304).end();
    else response.json(shown);
  });
  view.all(allowOnly('GET'));

  const timeline = router.route('/v1/lifecycles/:key/timeline');
  timeline.get(async (request, response) => {
    const { key } = await standing(response, request.params.key);
    const cursor = words(request.query.cursor)[0];
    const { entries, next } = await ledger.read(key, cursor ?? null, limitOf(request.query.limit));
    response.set('Cache-Control', 'private, no-cache').json({ items: entries, nextCursor: next });
  });
  timeline.all(allowOnly('GET'));

  const route = router.route('/v1/lifecycles/:key/route');
  route.get(async (request, response) => {
    const { key } = await standing(response, request.params.key);
    const whatIf = words(request.query.whatIf);
    if (whatIf.length > MOST_ASSUMPTIONS || whatIf.some((assumption) => assumption.length > 100)) {
      throw invalidBody([
        { path: ['whatIf'], detail: `takes up to ${MOST_ASSUMPTIONS} assumptions of 100 characters` },
      ]);
    }
    response.set('Cache-Control', 'private, no-cache').json(await gateway.route(key, whatIf));
  });
  route.all(allowOnly('GET'));
  return router;
}

function limitOf(given: unknown): number {
  const [text] = words(given);
  if (text === undefined) return PAGE;
  const limit = Number(text);
  if (Number.isInteger(limit) && limit >= 1 && limit <= MOST_ENTRIES) return limit;
  throw invalidBody([{ path: ['limit'], detail: `is a whole number from 1 to ${MOST_ENTRIES}` }]);
}

/** A query parameter, given once or several times. */
function words(given: unknown): string[] {
  return [given].flat().filter((word): word is string => typeof word === 'string' && word !== '');
}
