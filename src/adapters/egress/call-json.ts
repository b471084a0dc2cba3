import { type Call, call } from './call.js';
import type { Egress } from './egress.js';

/** More than any answer of a target or a metric source has to say. */
export const MAX_ANSWER_BYTES = 4 * 1024 * 1024;

export interface JsonCall extends Omit<Call, 'headers' | 'body' | 'maxBytes'> {
  readonly headers?: Readonly<Record<string, string>>;
  /** Sent as JSON; undefined: no body. */
  readonly content?: unknown;
}

/** The status and JSON body of an answer; undefined as body where it is none. */
export interface JsonAnswer {
  readonly status: number;
  readonly body: unknown;
}

/** One HTTP call with JSON both ways. Throws what `call` throws. */
export async function callJson(
  egress: Egress,
  { content, headers = {}, ...rest }: JsonCall,
): Promise<JsonAnswer> {
  const { status, text } = await call(egress, {
    ...rest,
    headers: {
      accept: 'application/json',
      ...(content !== undefined && { 'content-type': 'application/json' }),
      ...headers,
    },
    ...(content !== undefined && { body: JSON.stringify(content) }),
    maxBytes: MAX_ANSWER_BYTES,
  });
  return { status, body: parsedAnswer(text) };
}

/** The JSON of an answer; undefined where it is none. */
export function parsedAnswer(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
