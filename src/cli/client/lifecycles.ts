/** The calls that the command line makes, with their answers read. */
import type { z } from 'zod';
import { devTokenAnswer, operatingModelList, routeAnswer, timelinePage } from '../../contracts/answers.js';
import { lifecycleView, shownLifecycle } from '../../contracts/view.js';
import { type Answer, type ApiClient, createApiClient } from './api-client.js';
import { Unreachable } from './problems.js';

export type View = z.output<typeof lifecycleView>;
export type Shown = z.output<typeof shownLifecycle>;
export type Entry = z.output<typeof timelinePage>['items'][number];
export type RouteAnswer = z.output<typeof routeAnswer>;

/** A page of a timeline: at most what the API gives at once. */
const PAGE = 200;

/** An answer's body by its form; throws `Unreachable` for an API of another version. */
export function read<S extends z.ZodType>(
  form: S,
  { body }: Pick<Answer, 'body'>,
  address: string,
): z.output<S> {
  const parsed = form.safeParse(body);
  if (parsed.success) return parsed.data;
  throw new Unreachable(
    `${address} answered in a form that this version does not know: ${parsed.error.message}`,
  );
}

const path = (key: string, rest = ''): string => `/v1/lifecycles/${encodeURIComponent(key)}${rest}`;

/** A client with a development token of this person. */
export async function signedInAs(person: string, address: string): Promise<ApiClient> {
  return createApiClient(address, await devToken(person, address));
}

export async function devToken(person: string, address: string): Promise<string> {
  const answer = await createApiClient(address).post('/v1/dev/token', { person });
  return read(devTokenAnswer, answer, address).token;
}

export async function readView(api: ApiClient, key: string): Promise<View> {
  return read(lifecycleView, await api.get(path(key)), api.address);
}

/** The raw answer too, for what is printed as JSON. */
export async function askView(api: ApiClient, key: string, etag?: string) {
  const answer = await api.get(path(key), etag);
  const view = answer.status === 304 ? undefined : read(shownLifecycle, answer, api.address);
  return { answer, view };
}

export function sendCommand(
  api: ApiClient,
  key: string,
  command: string,
  body: unknown,
  idempotencyKey?: string,
) {
  return api.post(path(key, `/${command}`), body, { idempotencyKey });
}

export async function readRoute(api: ApiClient, key: string, whatIf: readonly string[]) {
  const query = new URLSearchParams(whatIf.map((each): [string, string] => ['whatIf', each]));
  const answer = await api.get(path(key, whatIf.length > 0 ? `/route?${query.toString()}` : '/route'));
  return { answer, route: read(routeAnswer, answer, api.address) };
}

/** One page of the timeline behind a cursor; `next` is undefined behind the last entry there is so far. */
export async function readTimeline(api: ApiClient, key: string, cursor: string | undefined) {
  const query = new URLSearchParams({ limit: String(PAGE), ...(cursor !== undefined && { cursor }) });
  const answer = await api.get(path(key, `/timeline?${query.toString()}`));
  const { items, nextCursor } = read(timelinePage, answer, api.address);
  return { items, next: nextCursor ?? undefined };
}

/** How much an operating model shortens the elapsed times of rollouts; 1 for one that is not listed. */
export async function readTimeScale(api: ApiClient, model: string): Promise<number> {
  const { items } = read(operatingModelList, await api.get('/v1/operating-models'), api.address);
  return items.find(({ name }) => name === model)?.timeScale ?? 1;
}
