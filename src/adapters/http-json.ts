/** The status and JSON body of an answer; undefined as body where it is none. */
export interface JsonAnswer {
  readonly status: number;
  readonly body: unknown;
}

/**
 * One HTTP call with JSON both ways and a time limit that covers the whole answer. Throws the signal's
 * reason when aborted, and otherwise whatever fetch throws: no connection, or out of time.
 */
export async function callJson(
  method: 'GET' | 'PUT' | 'POST',
  url: URL,
  content: unknown,
  timeoutMs: number,
  signal: AbortSignal | undefined,
): Promise<JsonAnswer> {
  const limit = AbortSignal.timeout(timeoutMs);
  const answer = await fetch(url, {
    method,
    headers: { 'content-type': 'application/json', accept: 'application/json' },
    signal: signal === undefined ? limit : AbortSignal.any([signal, limit]),
    ...(content === undefined ? {} : { body: JSON.stringify(content) }),
  });
  return { status: answer.status, body: parse(await answer.text()) };
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
