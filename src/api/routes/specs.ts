import type { Request, Response } from 'express';
import { alertingQuery, noQuery } from '../../contracts/lists.js';
import { ruleFileText } from '../../contracts/spec/rule-file.js';
import { standingOf } from '../authorize.js';
import type { Api } from '../deps.js';
import { type GuardedRoute, route } from '../guarded-routes.js';
import { parseQuery } from '../parse-query.js';
import { alertingOf } from '../records/alerting.js';
import { documentOf } from '../records/sources.js';
import { diffSpecs } from '../records/spec-diff.js';
import { overviewOf } from '../records/spec-overview.js';
import { readingOf } from '../records/spec-reading.js';
import { specsOf, versionIn } from '../records/specs.js';
import { numberOf } from './version-number.js';

type Shown = Awaited<ReturnType<typeof readingOf>>['view'];

/** What the versions of a spec say, how they differ, and what one compiles to. */
export function specRoutes(api: Api): GuardedRoute[] {
  const versionOf = async (key: string, written: string) =>
    versionIn(await specsOf(api, key), key, numberOf(written));

  const specs = route('specs', async (request, response) => {
    const { key } = asked(request, response);
    answer(response, { items: (await specsOf(api, key)).map(({ item }) => item) });
  });

  const spec = route('spec', async (request, response) => {
    const { key } = asked(request, response);
    const { item } = await versionOf(key, request.params.version);
    answer(response, { ...item, spec: await documentOf(api, item.digest) });
  });

  const diff = route('spec-diff', async (request, response) => {
    const { key } = asked(request, response);
    const [from, to] = [numberOf(request.params.a), numberOf(request.params.b)];
    const known = await specsOf(api, key);
    answer(response, await diffSpecs(api, versionIn(known, key, from), versionIn(known, key, to)));
  });

  const overview = route('spec-overview', async (request, response) => {
    const { key, team, actor } = asked(request, response);
    const { item, compiled } = await versionOf(key, request.params.version);
    const [{ view, ...reading }, written] = await Promise.all([
      readingOf(api, key, actor),
      documentOf(api, item.digest),
    ]);
    const watched = { lifecycle: key, team, release: releaseOf(view) };
    const alerting = await alertingOf(api, compiled, reading, watched);
    answer(response, overviewOf(written, compiled, reading, alerting));
  });

  const alerting = route('alerting-rules', async (request, response) => {
    const { key, team, actor } = standingOf(response);
    const { release: named } = parseQuery(alertingQuery, request);
    const { item, compiled } = await versionOf(key, request.params.version);
    const { view, ...reading } = await readingOf(api, key, actor);
    const release = named ?? releaseOf(view);
    const rules = await alertingOf(api, compiled, reading, { lifecycle: key, team, release });
    const head = `${key}, spec version ${item.version} (${item.digest}), release ${release}`;
    response.set('Cache-Control', 'private, no-cache').type('text/yaml').send(ruleFileText(rules, head));
  });
  return [specs, spec, diff, overview, alerting];
}

/** Of which lifecycle; nothing more can be asked for. */
function asked(request: Pick<Request, 'query'>, response: Response) {
  const standing = standingOf(response);
  parseQuery(noQuery, request);
  return standing;
}

function answer(response: Response, body: object): void {
  response.set('Cache-Control', 'private, no-cache').json(body);
}

/** The release to watch: what serves, else the one on its way, else the first that will be registered. */
function releaseOf({ serving, candidate, delivery }: Shown): string {
  return serving?.label ?? candidate?.label ?? delivery?.release?.label ?? 'r1';
}
