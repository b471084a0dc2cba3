import { randomUUID } from 'node:crypto';
import { ApiProblem, readProblem, Unreachable } from './problems.js';

const TIMEOUT_MS = 30_000;

interface Request {
  readonly method?: 'POST' | 'DELETE';
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
}

/** An answer that is no problem: 2xx, or 304 without a body. */
export interface Answer {
  readonly status: number;
  readonly body: unknown;
  readonly etag: string | undefined;
}

interface PostOptions {
  /** A new one for every request that leaves it out. */
  readonly idempotencyKey?: string | undefined;
}

/** The API over HTTP, for one caller. Throws `ApiProblem` and `Unreachable`. */
export interface ApiClient {
  readonly address: string;
  get(path: string, etag?: string): Promise<Answer>;
  post(path: string, body: unknown, options?: PostOptions): Promise<Answer>;
  delete(path: string): Promise<Answer>;
  /**
   * An answer that goes on, as text. It throws `Unreachable` where it breaks, or says nothing for `quietMs`.
   */
  stream(
    path: string,
    headers: Readonly<Record<string, string>>,
    quietMs: number,
    signal?: AbortSignal,
  ): Promise<AsyncIterable<string>>;
}

/** A client of the API at `address`; without a token it can only ask for one. */
export function createApiClient(address: string, token?: string): ApiClient {
  const authorization = token === undefined ? {} : { authorization: `Bearer ${token}` };

  const call = async (path: string, init: Request, idempotencyKey?: string): Promise<Answer> => {
    const headers = { accept: 'application/json', ...authorization, ...init.headers };
    const response = await send(new URL(path, address), { ...init, headers });
    const { status, etag, text } = response;
    const body = parse(text);
    if ((status >= 200 && status < 300) || status === 304) return { status, body, etag };
    throw refusal(status, body, idempotencyKey);
  };

  const refusal = (status: number, body: unknown, idempotencyKey?: string): Error => {
    const problem = readProblem(body);
    if (problem !== undefined) return new ApiProblem(problem, idempotencyKey);
    return new Unreachable(
      `${address} answered ${status}, and not as Airworthy does; is it the right address?`,
    );
  };

  return {
    address,
    get: (path, etag) => call(path, { headers: etag === undefined ? {} : { 'if-none-match': etag } }),
    post: (path, body, { idempotencyKey = randomUUID() } = {}) =>
      call(
        path,
        {
          method: 'POST',
          headers: { 'content-type': 'application/json', 'idempotency-key': idempotencyKey },
          body: JSON.stringify(body),
        },
        idempotencyKey,
      ),
    delete: (path) => call(path, { method: 'DELETE', headers: {} }),
    stream: async (path, more, quietMs, signal) => {
      const headers = { accept: 'text/event-stream', ...authorization, ...more };
      const url = new URL(path, address);
      const quiet = new AbortController();
      const timer = setTimeout(() => quiet.abort(), quietMs);
      try {
        const given = signal === undefined ? quiet.signal : AbortSignal.any([quiet.signal, signal]);
        const response = await fetch(url, { headers, signal: given });
        if (response.status === 200) return textOf(response, url, timer);
        throw refusal(response.status, parse(await response.text()));
      } catch (error) {
        clearTimeout(timer);
        throw error instanceof ApiProblem || error instanceof Unreachable ? error : nobodyAt(url, error);
      }
    },
  };
}

async function* textOf({ body }: Response, url: URL, quiet: NodeJS.Timeout): AsyncGenerator<string> {
  try {
    for await (const text of (body ?? new ReadableStream()).pipeThrough(new TextDecoderStream())) {
      quiet.refresh();
      yield text;
    }
  } catch (cause) {
    throw nobodyAt(url, cause);
  } finally {
    clearTimeout(quiet);
  }
}

function nobodyAt({ origin }: URL, cause: unknown): Unreachable {
  const message = `nothing answers at ${origin}: start it with npm run up, or set AIRWORTHY_PUBLIC_URL`;
  return new Unreachable(message, { cause });
}

async function send(url: URL, init: Request) {
  try {
    const response = await fetch(url, { ...init, signal: AbortSignal.timeout(TIMEOUT_MS) });
    const etag = response.headers.get('etag') ?? undefined;
    return { status: response.status, text: await response.text(), etag };
  } catch (cause) {
    throw nobodyAt(url, cause);
  }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
