import type { Request, Response } from 'express';
import { noQuery, pageQuery } from '../../contracts/lists.js';
import { CursorInvalid } from '../../ports/ledger.js';
import { standingOf } from '../authorize.js';
import type { Api } from '../deps.js';
import { type GuardedRoute, route } from '../guarded-routes.js';
import { parseQuery } from '../parse-query.js';
import { Problem } from '../problem.js';
import { PAGE } from '../query-defaults.js';
import { decisionsPage } from '../records/decisions.js';
import { evidencePage } from '../records/evidence.js';
import { releasesOf } from '../records/releases.js';
import { documentOf } from '../records/sources.js';
import { diffSpecs } from '../records/spec-diff.js';
import { specsOf, versionIn } from '../records/specs.js';
import type { Standing } from '../request-context.js';

/** The recorded things of one lifecycle: its specs, its evidence, its releases. */
export function recordRoutes(api: Api): GuardedRoute[] {
  const specs = route('specs', async (request, response) => {
    const { key } = asked(request, response);
    answer(response, { items: (await specsOf(api, key)).map(({ item }) => item) });
  });

  const spec = route('spec', async (request, response) => {
    const { key } = asked(request, response);
    const { item } = versionIn(await specsOf(api, key), key, numberOf(request.params.version));
    answer(response, { ...item, spec: await documentOf(api, item.digest) });
  });

  const diff = route('spec-diff', async (request, response) => {
    const { key } = asked(request, response);
    const [from, to] = [numberOf(request.params.a), numberOf(request.params.b)];
    const known = await specsOf(api, key);
    answer(response, await diffSpecs(api, versionIn(known, key, from), versionIn(known, key, to)));
  });

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
  return [specs, spec, diff, evidence, releases, decisions];
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

function numberOf(version: string): number {
  if (/^[1-9]\d{0,5}$/.test(version)) return Number(version);
  throw new Problem('not-found', `"${version.slice(0, 20)}" is no version; write its number, such as 1`);
}

function positionOf(cursor: string | undefined): number {
  if (cursor === undefined) return 0;
  if (!/^[1-9]\d{0,14}$/.test(cursor)) throw new CursorInvalid(cursor);
  return Number(cursor);
}
