import type { Request } from 'express';
import { eventsQuery, noQuery, pageQuery, routeQuery } from '../../contracts/lists.js';
import { CursorInvalid } from '../../ports/ledger.js';
import { standingOf } from '../authorize.js';
import type { Api } from '../deps.js';
import { type GuardedRoute, route } from '../guarded-routes.js';
import { parseQuery } from '../parse-query.js';
import { PAGE } from '../query-defaults.js';
import { contextOf } from '../request-context.js';
import { showLifecycle } from '../show-lifecycle.js';
import { etagOf, viewHeaders, withinScopes } from '../show-view.js';

/** What is read of one lifecycle: its state, its timeline, its live events, its route. */
export function readRoutes(api: Api): GuardedRoute[] {
  const { gateway, ledger, streams } = api;

  const view = route('show', async (request, response) => {
    const { actor, key } = standingOf(response);
    parseQuery(noQuery, request);
    const shown = withinScopes(response, await showLifecycle(api, key, actor));
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

  const timeline = route('timeline', async (request, response) => {
    const { key } = standingOf(response);
    const { cursor, limit } = parseQuery(pageQuery, request);
    const { entries, next } = await ledger.read(key, cursor ?? null, limit ?? PAGE);
    response.set('Cache-Control', 'private, no-cache').json({ items: entries, nextCursor: next });
  });

  const events = route('events', async (request, response) => {
    const { actor, key } = standingOf(response);
    const { judge = unguarded } = contextOf(response);
    const still = () => judge(request, response);
    await streams.stream(response, { key, person: actor.person, position: positionIn(request), still });
  });

  const ahead = route('route', async (request, response) => {
    const { key } = standingOf(response);
    const { whatIf } = parseQuery(routeQuery, request);
    response.set('Cache-Control', 'private, no-cache').json(await gateway.route(key, whatIf ?? []));
  });
  return [view, timeline, events, ahead];
}

const unguarded = async (): Promise<never> => {
  throw new TypeError('nothing stands before this route');
};

/** Where a stream goes on: a browser that comes again says what it had last, whatever its address says. */
function positionIn(request: Request<{ key: string }>): number {
  const { cursor } = parseQuery(eventsQuery, request);
  const given = request.get('last-event-id') || cursor;
  if (given === undefined) return 0;
  if (!/^\d{1,15}$/.test(given)) throw new CursorInvalid(given);
  return Number(given);
}
