import { type RequestHandler, Router } from 'express';
import { noQuery, pageQuery } from '../../contracts/lists.js';
import { CursorInvalid } from '../../ports/ledger.js';
import { authorize } from '../authorize.js';
import type { Api } from '../deps.js';
import { allowOnly } from '../methods.js';
import { parseQuery } from '../parse-query.js';
import { Problem } from '../problem.js';
import { PAGE } from '../query-defaults.js';
import { evidencePage } from '../records/evidence.js';
import { releasesOf } from '../records/releases.js';
import { documentOf } from '../records/sources.js';
import { diffSpecs } from '../records/spec-diff.js';
import { specsOf, versionIn } from '../records/specs.js';

/** The recorded things of one lifecycle: its specs, its evidence, its releases. */
export function recordRoutes(api: Api): Router {
  const router = Router();
  const get = <P extends { key: string }>(path: string, answer: Answer<P>): void => {
    const route = router.route(`/v1/lifecycles/:key${path}`);
    const handle: RequestHandler<P> = async (request, response) => {
      const { key } = await authorize(api, response, request.params.key, 'read');
      const { cursor, limit = PAGE } = parseQuery(
        path === '/evidence' ? pageQuery : noQuery,
        request,
      ) as Page;
      const page = { after: positionOf(cursor), limit };
      response.set('Cache-Control', 'private, no-cache');
      response.json(await answer({ ...request.params, key }, page));
    };
    route.get(handle as unknown as RequestHandler);
    route.all(allowOnly('GET'));
  };

  get('/specs', async ({ key }) => ({ items: (await specsOf(api, key)).map(({ item }) => item) }));

  get<{ key: string; version: string }>('/specs/:version', async ({ key, version }) => {
    const { item } = versionIn(await specsOf(api, key), key, numberOf(version));
    return { ...item, spec: await documentOf(api, item.digest) };
  });

  get<{ key: string; a: string; b: string }>('/specs/:a/diff/:b', async ({ key, a, b }) => {
    const [from, to] = [numberOf(a), numberOf(b)];
    const specs = await specsOf(api, key);
    return diffSpecs(api, versionIn(specs, key, from), versionIn(specs, key, to));
  });

  get('/evidence', ({ key }, { after, limit }) => evidencePage(api, key, after, limit));

  get('/releases', async ({ key }) => ({ items: await releasesOf(api, key) }));
  return router;
}

interface Page {
  readonly cursor?: string | undefined;
  readonly limit?: number | undefined;
}

type Answer<P> = (parameters: P, page: { readonly after: number; readonly limit: number }) => Promise<object>;

function numberOf(version: string): number {
  if (/^[1-9]\d{0,5}$/.test(version)) return Number(version);
  throw new Problem('not-found', `"${version.slice(0, 20)}" is no version; write its number, such as 1`);
}

function positionOf(cursor: string | undefined): number {
  if (cursor === undefined) return 0;
  if (!/^[1-9]\d{0,14}$/.test(cursor)) throw new CursorInvalid(cursor);
  return Number(cursor);
}
