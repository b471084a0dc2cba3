import { randomUUID } from 'node:crypto';
import { ApiProblem, readProblem, Unreachable } from './problems.js';

const TIMEOUT_MS = 30_000;

interface Request {
  readonly method?: 'POST';
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
}

/** A client of the API at `address`; without a token it can only ask for one. */
export function createApiClient(address: string, token?: string): ApiClient {
  const authorization = token === undefined ? {} : { authorization: `Bearer ${token}` };

  const call = async (path: string, init: Request, idempotencyKey?: string): Promise<Answer> => {
    const headers = { accept: 'application/json', ...authorization, ...init.headers };
    const response = await send(new URL(path, address), { ...init, headers });
    const body = parse(response.text);
    const { status, etag } = response;
    if ((status >= 200 && status < 300) || status === 304) return { status, body, etag };
    const problem = readProblem(body);
    if (problem !== undefined) throw new ApiProblem(problem, idempotencyKey);
    throw new Unreachable(
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
  };
}

async function send(url: URL, init: Request) {
  try {
    const response = await fetch(url, { ...init, signal: AbortSignal.timeout(TIMEOUT_MS) });
    const etag = response.headers.get('etag') ?? undefined;
    return { status: response.status, text: await response.text(), etag };
  } catch (cause) {
    const message = `nothing answers at ${url.origin}: start it with npm run up, or set AIRWORTHY_PUBLIC_URL`;
    throw new Unreachable(message, { cause });
  }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
