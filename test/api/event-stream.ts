import type { PlacedEntry } from '../../src/ports/ledger.js';

/** A stream of events as a client sees it. */
export interface Seen {
  readonly status: number;
  readonly headers: Headers;
  readonly entries: PlacedEntry[];
  /** The ids, as they were sent. */
  readonly ids: string[];
  /** Everything, as it came. */
  readonly text: () => string;
  /** Resolves when the server ends it; the client ends it by `leave`. */
  readonly ended: Promise<void>;
  readonly leave: () => void;
}

/** Opens one as somebody, and reads it from then on. */
export async function openEvents(
  address: string,
  headers: Readonly<Record<string, string>> = {},
  as = 'ravi',
): Promise<Seen> {
  const leaving = new AbortController();
  const response = await fetch(address, {
    headers: { authorization: `Bearer dev-${as}`, ...headers },
    signal: leaving.signal,
  });
  const entries: PlacedEntry[] = [];
  const ids: string[] = [];
  let text = '';
  let read = 0;
  const ended = (async () => {
    for await (const chunk of (response.body ?? new ReadableStream()).pipeThrough(new TextDecoderStream())) {
      text += chunk;
      for (let end = text.indexOf('\n\n', read); end >= 0; end = text.indexOf('\n\n', read)) {
        const lines = text.slice(read, end).split('\n');
        read = end + 2;
        ids.push(...lines.filter((line) => line.startsWith('id: ')).map((line) => line.slice(4)));
        const data = lines.filter((line) => line.startsWith('data: ')).map((line) => line.slice(6));
        entries.push(...data.map((line) => JSON.parse(line) as PlacedEntry));
      }
    }
  })().catch((error: unknown) => {
    if (!leaving.signal.aborted) throw error;
  });
  const { status } = response;
  return {
    status,
    headers: response.headers,
    entries,
    ids,
    text: () => text,
    ended,
    leave: () => leaving.abort(),
  };
}
