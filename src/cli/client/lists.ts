/** Calls across lifecycles and to what they have on record, with their answers read. */
import type { z } from 'zod';
import { decisionList } from '../../contracts/decisions.js';
import { itemList } from '../../contracts/items.js';
import { inboxAnswer, lifecycleList, portfolioAnswer } from '../../contracts/lists.js';
import { specDiffAnswer } from '../../contracts/records.js';
import { specOverviewAnswer } from '../../contracts/spec-overview.js';
import type { ApiClient } from './api-client.js';
import { read } from './lifecycles.js';

export type LifecycleRow = z.output<typeof lifecycleList>['items'][number];
export type Inbox = z.output<typeof inboxAnswer>;
export type Portfolio = z.output<typeof portfolioAnswer>;
export type Item = z.output<typeof itemList>['items'][number];
export type Decision = z.output<typeof decisionList>['items'][number];
export type SpecDiff = z.output<typeof specDiffAnswer>;

type Parameters = Readonly<Record<string, string | undefined>>;

/** An address with the parameters that are given. */
function withQuery(path: string, parameters: Parameters): string {
  const given = Object.entries(parameters).filter((each): each is [string, string] => each[1] !== undefined);
  return given.length === 0 ? path : `${path}?${new URLSearchParams(given).toString()}`;
}

export async function readLifecycles(api: ApiClient, parameters: Parameters) {
  const answer = await api.get(withQuery('/v1/lifecycles', parameters));
  return { answer, list: read(lifecycleList, answer, api.address) };
}

export async function readInbox(api: ApiClient, parameters: Parameters) {
  const answer = await api.get(withQuery('/v1/inbox', parameters));
  return { answer, inbox: read(inboxAnswer, answer, api.address) };
}

export async function readPortfolio(api: ApiClient) {
  const answer = await api.get('/v1/portfolio');
  return { answer, portfolio: read(portfolioAnswer, answer, api.address) };
}

export async function readItems(api: ApiClient, key: string, parameters: Parameters) {
  const answer = await api.get(withQuery(`/v1/lifecycles/${encodeURIComponent(key)}/items`, parameters));
  return { answer, list: read(itemList, answer, api.address) };
}

export async function readDecisions(api: ApiClient, key: string, parameters: Parameters) {
  const answer = await api.get(withQuery(`/v1/lifecycles/${encodeURIComponent(key)}/decisions`, parameters));
  return read(decisionList, answer, api.address);
}

export async function readSpecDiff(api: ApiClient, key: string, from: string, to: string) {
  const [lifecycle, a, b] = [key, from, to].map(encodeURIComponent);
  const answer = await api.get(`/v1/lifecycles/${lifecycle}/specs/${a}/diff/${b}`);
  return { answer, diff: read(specDiffAnswer, answer, api.address) };
}

export async function readSpecOverview(api: ApiClient, key: string, version: string) {
  const answer = await api.get(specPath(key, version, 'overview'));
  return { answer, overview: read(specOverviewAnswer, answer, api.address) };
}

/** The rule file, as text. */
export async function readAlertingRules(
  api: ApiClient,
  key: string,
  version: string,
  parameters: Parameters,
): Promise<string> {
  const path = withQuery(specPath(key, version, 'alerting-rules'), parameters);
  let text = '';
  for await (const piece of await api.stream(path, { accept: 'text/yaml' }, QUIET_MS)) text += piece;
  return text;
}

const QUIET_MS = 30_000;
const specPath = (key: string, version: string, what: string): string =>
  `/v1/lifecycles/${encodeURIComponent(key)}/specs/${encodeURIComponent(version)}/${what}`;
