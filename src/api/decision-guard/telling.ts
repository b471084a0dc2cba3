import type { Logger } from 'pino';
import type { GuardSource, ToldStop } from '../../ports/guard-source.js';

/** Tells the other instances of stops: at once, and again with every round until the database has taken it. */
export interface Telling {
  tell(stop: ToldStop): void;
  /** Tells what could not be told yet. */
  again(): void;
}

export function createTelling(source: Pick<GuardSource, 'tell'>, log: Pick<Logger, 'warn'>): Telling {
  const untold = new Map<string, ToldStop>();
  const underWay = new Set<string>();

  const send = async (name: string, stop: ToldStop): Promise<void> => {
    if (underWay.has(name)) return;
    underWay.add(name);
    try {
      await source.tell(stop);
      if (untold.get(name) === stop) untold.delete(name);
    } catch (error) {
      log.warn({ err: error, stop }, 'other instances could not be told of a stop yet; it is told again');
    } finally {
      underWay.delete(name);
    }
  };

  return {
    tell(stop) {
      const name = [stop.key, stop.effect, stop.scope].join('\n');
      untold.set(name, stop);
      void send(name, stop);
    },
    again() {
      for (const [name, stop] of untold) void send(name, stop);
    },
  };
}
