import { type IncomingMessage, type RequestOptions, request as requestHttp } from 'node:http';
import { request as requestHttps } from 'node:https';
import { type Egress, EgressRefused, type Pinned } from './egress.js';

export interface Call {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
  /** Limit of the whole call, its answer included, in milliseconds. */
  readonly timeoutMs: number;
  readonly signal?: AbortSignal | undefined;
  /** The most of an answer that is taken in, in bytes; 0: whatever it says is not read. */
  readonly maxBytes: number;
}

export interface Answer {
  readonly status: number;
  /** Empty where nothing was to be read. */
  readonly text: string;
  /** How long the service asks to be left alone, in milliseconds; null where it does not say. */
  readonly retryAfterMs: number | null;
}

/** The answer is longer than anything that was asked for. */
export class AnswerTooLong extends Error {
  override readonly name = 'AnswerTooLong';
  readonly code = 'answer-too-long';
}

/**
 * Calls an address that may be called, over a connection to the one that was checked. A redirect is an answer like
 * any other: it is not followed. Throws what `pin` throws, `AnswerTooLong`, the signal's reason, and what a connection
 * fails with.
 */
export async function call(egress: Egress, { url, timeoutMs, signal, ...rest }: Call): Promise<Answer> {
  const place = placeOf(url);
  const limit = AbortSignal.timeout(timeoutMs);
  const stopped = signal === undefined ? limit : AbortSignal.any([signal, limit]);
  const pinned = await egress.pin(place.hostname, portOf(place));
  if (place.protocol === 'http:' && !pinned.inside)
    throw new EgressRefused('outside of allowed networks only https is spoken');
  stopped.throwIfAborted();
  const { method, body, maxBytes } = rest;
  const headers = { ...rest.headers, ...lengthOf(body) };
  const options = { ...connectionOf(pinned), method, headers, signal: stopped };
  return new Promise((resolve, reject) => {
    const fail = (error: Error): void => {
      const told: unknown = stopped.reason;
      reject(told instanceof Error ? told : error);
    };
    const open = place.protocol === 'https:' ? requestHttps : requestHttp;
    const request = open(place, options, (response) => {
      textOf(response, maxBytes).then(
        (text) =>
          resolve({
            status: response.statusCode ?? 0,
            text,
            retryAfterMs: retryAfter(response.headers['retry-after']),
          }),
        (error: Error) => {
          request.destroy();
          fail(error);
        },
      );
    });
    request.on('error', fail);
    request.end(body);
  });
}

/** Said for every method: Node leaves out of a DELETE how long its body is, and then it is none. */
function lengthOf(body: string | undefined): Readonly<Record<string, string>> {
  return body === undefined ? {} : { 'content-length': String(Buffer.byteLength(body)) };
}

async function textOf(response: IncomingMessage, maxBytes: number): Promise<string> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of response as AsyncIterable<Buffer>) {
    if (maxBytes === 0) continue;
    bytes += chunk.length;
    if (bytes > maxBytes) throw new AnswerTooLong(`the answer is longer than ${maxBytes} bytes`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
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
