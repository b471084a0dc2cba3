import type { Logger } from 'pino';
import type { GuardSource, ToldStop } from '../../ports/guard-source.js';
import { within } from '../within.js';

/** A connection that died silently answers nothing; told again on another, the stop is the same. */
const PATIENCE_MS = 1_000;

/** Tells the other instances of stops: at once, and again with every round until the database has taken it. */
export interface Telling {
  /** Resolves once it is told, or could not be yet. Never throws. */
  tell(stop: ToldStop): Promise<void>;
  /** Tells what could not be told yet. */
  again(): void;
}

/** `told`: hears of each stop as it stands now, with the number that its command was told with first. */
export function createTelling(
  source: Pick<GuardSource, 'tell'>,
  log: Pick<Logger, 'warn'>,
  told: (stop: ToldStop) => void,
): Telling {
  const untold = new Map<string, ToldStop>();
  const underWay = new Set<string>();

  const send = async (stop: ToldStop): Promise<void> => {
    const name = nameOf(stop);
    if (underWay.has(name)) return;
    underWay.add(name);
    const failed = (error: unknown): undefined => {
      log.warn({ err: error, stop }, 'other instances could not be told of a stop yet; it is told again');
    };
    const seq = await within(PATIENCE_MS, source.tell(stop).catch(failed));
    underWay.delete(name);
    if (seq === undefined) return;
    if (untold.get(name) === stop) untold.delete(name);
    told({ ...stop, seq });
  };

  return {
    tell(stop) {
      untold.set(nameOf(stop), stop);
      return send(stop);
    },
    again() {
      for (const stop of untold.values()) void send(stop);
    },
  };
}

const nameOf = ({ key, command }: ToldStop): string => `${key}\n${command}`;
