/** Server-sent events of one lifecycle, followed through interruptions. */
import { setTimeout as sleep } from 'node:timers/promises';
import { ledgerEntry } from '../../contracts/answers.js';
import type { ApiClient } from './api-client.js';
import type { Entry } from './lifecycles.js';
import { isPassing } from './problems.js';

const REST_MS = 1_000;
/** The API says something every 15 s: one that is quiet for longer is gone. */
const QUIET_MS = 40_000;

interface Following {
  /** Position of the last entry that is known; undefined: from the start. */
  readonly after?: number | undefined;
  readonly signal?: AbortSignal;
  /** Told when the stream broke, before it is taken up again. */
  readonly interrupted?: (error: Error) => void;
}

/**
 * Every entry behind `after`, then each as it comes, until the signal. It goes on where it was interrupted once
 * it has begun; before that, and for what time does not mend, it throws like any other call.
 */
export async function* followEvents(
  api: ApiClient,
  key: string,
  following: Following,
): AsyncGenerator<Entry> {
  const { signal, interrupted } = following;
  let { after } = following;
  let begun = false;
  while (!signal?.aborted) {
    try {
      const path = `/v1/lifecycles/${encodeURIComponent(key)}/events`;
      const last = after === undefined ? {} : { 'last-event-id': String(after) };
      const body = await api.stream(path, last, QUIET_MS, signal);
      begun = true;
      for await (const text of eventsIn(body)) {
        const entry = ledgerEntry.parse(JSON.parse(text));
        after = entry.position;
        yield entry;
      }
    } catch (error) {
      if (signal?.aborted) return;
      if (!begun || !isPassing(error)) throw error;
      interrupted?.(error);
    }
    await sleep(REST_MS, undefined, { ...(signal && { signal }) }).catch(() => undefined);
  }
}

/** The data of each event; comments and what this client has no use for are passed over. */
async function* eventsIn(body: AsyncIterable<string>): AsyncGenerator<string> {
  let rest = '';
  for await (const text of body) {
    const events = (rest + text).split('\n\n');
    rest = events.pop() ?? '';
    for (const event of events) {
      const data = event.split('\n').filter((line) => line.startsWith('data: '));
      if (data.length > 0) yield data.map((line) => line.slice('data: '.length)).join('\n');
    }
  }
}
