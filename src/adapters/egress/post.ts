import { type RequestOptions, request as requestHttp } from 'node:http';
import { request as requestHttps } from 'node:https';
import { type Egress, EgressRefused, type Pinned } from './egress.js';

export interface Post {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  /** Limit of the whole call, in milliseconds. */
  readonly timeoutMs: number;
  readonly signal?: AbortSignal | undefined;
}

/** What was answered; whatever the body says is not read. */
export interface Posted {
  readonly status: number;
  /** How long the service asks to be left alone, in milliseconds; null where it does not say. */
  readonly retryAfterMs: number | null;
}

/**
 * Posts to an address that may be called, over a connection to the one that was checked. A redirect is an answer like
 * any other: it is not followed. Throws what `pin` throws, the signal's reason, and what a connection fails with.
 */
export async function post(egress: Egress, { url, headers, body, timeoutMs, signal }: Post): Promise<Posted> {
  const place = placeOf(url);
  const limit = AbortSignal.timeout(timeoutMs);
  const stopped = signal === undefined ? limit : AbortSignal.any([signal, limit]);
  const pinned = await egress.pin(place.hostname, portOf(place));
  if (place.protocol === 'http:' && !pinned.inside)
    throw new EgressRefused('outside of allowed networks only https is spoken');
  stopped.throwIfAborted();
  const options = { ...connectionOf(pinned), method: 'POST', headers, signal: stopped };
  return new Promise((resolve, reject) => {
    const open = place.protocol === 'https:' ? requestHttps : requestHttp;
    const request = open(place, options, (response) => {
      response.on('error', reject);
      response.on('end', () =>
        resolve({
          status: response.statusCode ?? 0,
          retryAfterMs: retryAfter(response.headers['retry-after']),
        }),
      );
      response.resume();
    });
    request.on('error', (error) => {
      const told: unknown = stopped.reason;
      reject(told instanceof Error ? told : error);
    });
    request.end(body);
  });
}

function placeOf(url: string): URL {
  const place = URL.parse(url);
  if (!place || !/^https?:$/.test(place.protocol)) throw new EgressRefused('it is no http(s) address');
  if (place.username !== '' || place.password !== '')
    throw new EgressRefused('an address with a password in it is not called');
  return place;
}

function portOf({ port, protocol }: URL): number {
  return port === '' ? (protocol === 'https:' ? 443 : 80) : Number(port);
}

/** No pool: a connection kept open would outlive the check that it was made under. */
function connectionOf({ address, family }: Pinned): RequestOptions {
  return {
    agent: false,
    lookup: (_host, { all }, done) => {
      if (all) done(null, [{ address, family }]);
      else done(null, address, family);
    },
  };
}

function retryAfter(written: string | undefined): number | null {
  const seconds = /^\d{1,6}$/.test(written ?? '') ? Number(written) : null;
  return seconds === null ? null : seconds * 1_000;
}
