import { type Request, type Response, Router } from 'express';
import { eventsQuery, noQuery, pageQuery, routeQuery } from '../../contracts/lists.js';
import { CursorInvalid } from '../../ports/ledger.js';
import { authorize } from '../authorize.js';
import type { Api } from '../deps.js';
import { allowOnly } from '../methods.js';
import { parseQuery } from '../parse-query.js';
import { PAGE } from '../query-defaults.js';
import { showLifecycle } from '../show-lifecycle.js';
import { etagOf, viewHeaders } from '../show-view.js';

/** What is read of one lifecycle: its state, its timeline, its live events, its route. */
export function readRoutes(api: Api): Router {
  const { gateway, ledger, streams } = api;
  const router = Router();
  const standing = (response: Response, key: string) => authorize(api, response, key, 'read');

  const view = router.route('/v1/lifecycles/:key');
  view.get(async (request, response) => {
    const { actor, key } = await standing(response, request.params.key);
    parseQuery(noQuery, request);
    const shown = await showLifecycle(api, key, actor);
    if (shown.stale) {
      // Without an ETag: what was seen here is not to be relied on in a command.
      response.set('Cache-Control', 'no-store').json(shown);
      return;
    }
    const behind = shown.ledger?.behind ?? 0;
    viewHeaders(response, shown, behind);
    if (request.get('if-none-match') === etagOf(shown, behind)) response.status(304).end();
    else response.json(shown);
  });
  view.all(allowOnly('GET'));

  const timeline = router.route('/v1/lifecycles/:key/timeline');
  timeline.get(async (request, response) => {
    const { key } = await standing(response, request.params.key);
    const { cursor, limit } = parseQuery(pageQuery, request);
    const { entries, next } = await ledger.read(key, cursor ?? null, limit ?? PAGE);
    response.set('Cache-Control', 'private, no-cache').json({ items: entries, nextCursor: next });
  });
  timeline.all(allowOnly('GET'));

  const events = router.route('/v1/lifecycles/:key/events');
  events.get(async (request, response) => {
    const { actor, key } = await standing(response, request.params.key);
    await streams.stream(response, key, actor.person, positionIn(request));
  });
  events.all(allowOnly('GET'));

  const route = router.route('/v1/lifecycles/:key/route');
  route.get(async (request, response) => {
    const { key } = await standing(response, request.params.key);
    const { whatIf } = parseQuery(routeQuery, request);
    response.set('Cache-Control', 'private, no-cache').json(await gateway.route(key, whatIf ?? []));
  });
  route.all(allowOnly('GET'));
  return router;
}

/** Where a stream goes on: a browser that comes again says what it had last, whatever its address says. */
function positionIn(request: Request<{ key: string }>): number {
  const { cursor } = parseQuery(eventsQuery, request);
  const given = request.get('last-event-id') || cursor;
  if (given === undefined) return 0;
  if (!/^\d{1,15}$/.test(given)) throw new CursorInvalid(given);
  return Number(given);
}
