import type { Response } from 'express';
import type { Logger } from 'pino';
import type { Ledger, PlacedEntry } from '../../ports/ledger.js';
import { Problem } from '../problem.js';
import { createEventFeeds } from './event-feeds.js';

const HEARTBEAT_MS = 15_000;
/** What a client waits before it comes again, when its stream ends. */
const RETRY_MS = 1_000;
const MOST = 1_000;
const MOST_OF_ONE = 20;

/** Server-sent events of lifecycles: every entry with its position as id. */
export interface EventStreams {
  /** How many are followed now. */
  readonly open: number;
  /**
   * Answers with the entries behind a position, and goes on until the client goes, `still` throws, which is asked
   * with every heartbeat, or all of this ends. Throws `Problem` where too many follow, and what the ledger throws
   * where it cannot be read.
   */
  stream(response: Response, follower: Follower): Promise<void>;
  /** Ends them all, and takes no more; their clients come again, and get what they missed. */
  end(): void;
}

/** Who follows which lifecycle, from behind which position, and for how long that may be. */
interface Follower {
  readonly key: string;
  readonly person: string;
  readonly position: number;
  readonly still: () => Promise<void>;
}

export function createEventStreams(
  ledger: Pick<Ledger, 'read'>,
  log: Pick<Logger, 'warn'>,
  heartbeatMs: number = HEARTBEAT_MS,
): EventStreams {
  const feeds = createEventFeeds(ledger, log);
  const streams = new Map<Response, string>();
  let ended = false;

  const requireRoom = (person: string): void => {
    const own = [...streams.values()].filter((each) => each === person).length;
    if (!ended && own < MOST_OF_ONE && streams.size < MOST) return;
    const detail = ended
      ? 'this process is stopping; come again in a moment'
      : 'too many streams of events are open; close one, or read the timeline';
    throw new Problem('too-many-streams', detail, { headers: { 'Retry-After': '5' } });
  };

  const follow = (response: Response, { key, person, position, still }: Follower): void => {
    let blocked = false;
    const write = (text: string): void => {
      blocked = !response.write(text);
    };
    write(`retry: ${RETRY_MS}\n\n`);
    response.on('drain', () => {
      blocked = false;
    });
    const unfollow = feeds.follow(key, {
      position,
      ready: () => !blocked,
      take: (entries) => write(entries.map(eventOf).join('')),
    });
    const beat = async (): Promise<void> => {
      try {
        // Whoever has left, or lost the team, a role or the token, has seen the last of it.
        await still();
        if (!blocked && !response.writableEnded) write(': still here\n\n');
      } catch (error) {
        log.warn({ err: error, lifecycle: key, person }, 'a stream of events ends: it cannot be let go on');
        response.end();
      }
    };
    const heartbeat = setInterval(() => void beat(), heartbeatMs).unref();
    response.on('close', () => {
      clearInterval(heartbeat);
      unfollow();
    });
  };

  return {
    get open() {
      return streams.size;
    },

    async stream(response, follower) {
      const { key, person, position } = follower;
      requireRoom(person);
      streams.set(response, person);
      response.on('close', () => streams.delete(response));
      // Before the answer begins: afterwards nothing can be refused any more.
      await ledger.read(key, position === 0 ? null : String(position), 1);
      if (response.destroyed) return;
      response.status(200).set({
        'Content-Type': 'text/event-stream; charset=utf-8',
        'Cache-Control': 'no-store',
        'X-Accel-Buffering': 'no',
        // So that a server that stops need not wait for it.
        Connection: 'close',
      });
      if (response.req.method === 'HEAD' || ended) {
        response.end();
        return;
      }
      follow(response, follower);
    },

    end() {
      ended = true;
      for (const response of streams.keys()) if (response.headersSent) response.end();
    },
  };
}

/** One entry. JSON has no line ends of its own, so it is one line. */
function eventOf(entry: PlacedEntry): string {
  return `id: ${entry.position}\ndata: ${JSON.stringify(entry)}\n\n`;
}
