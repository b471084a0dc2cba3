import type { Request, Response } from 'express';
import { noQuery, pageQuery } from '../../contracts/lists.js';
import { CursorInvalid } from '../../ports/ledger.js';
import { standingOf } from '../authorize.js';
import type { Api } from '../deps.js';
import { type GuardedRoute, route } from '../guarded-routes.js';
import { parseQuery } from '../parse-query.js';
import { PAGE } from '../query-defaults.js';
import { decisionsPage } from '../records/decisions.js';
import { evidencePage } from '../records/evidence.js';
import { releasesOf } from '../records/releases.js';
import type { Standing } from '../request-context.js';

/** The recorded things of one lifecycle beside its specs: its evidence, its releases, its decisions. */
export function recordRoutes(api: Api): GuardedRoute[] {
  const evidence = route('evidence', async (request, response) => {
    const { key } = standingOf(response);
    const { cursor, limit = PAGE } = parseQuery(pageQuery, request);
    answer(response, await evidencePage(api, key, positionOf(cursor), limit));
  });

  const releases = route('releases', async (request, response) => {
    const { key } = asked(request, response);
    answer(response, { items: await releasesOf(api, key) });
  });
  const decisions = route('decisions', async (request, response) => {
    const { key } = standingOf(response);
    const { cursor, limit = PAGE } = parseQuery(pageQuery, request);
    answer(response, await decisionsPage(api, key, positionOf(cursor), limit));
  });
  return [evidence, releases, decisions];
}

/** Of which lifecycle; nothing more can be asked for. */
function asked(request: Pick<Request, 'query'>, response: Response): Standing {
  const standing = standingOf(response);
  parseQuery(noQuery, request);
  return standing;
}

function answer(response: Response, body: object): void {
  response.set('Cache-Control', 'private, no-cache').json(body);
}

function positionOf(cursor: string | undefined): number {
  if (cursor === undefined) return 0;
  if (!/^[1-9]\d{0,14}$/.test(cursor)) throw new CursorInvalid(cursor);
  return Number(cursor);
}
