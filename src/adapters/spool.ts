import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import type { Logger } from 'pino';
import { type Carrying, type OpenSpool, type Spool, SpoolFull } from '../ports/spool.js';
import { createItemFolder } from './item-folder.js';

const RETRY_MS = 1_000;
/** Whoever sends does not wait longer than this for a place that neither takes nor refuses. */
const PATIENCE_MS = 1_000;

/** Spools as folders in a folder, each created when something has to wait. Several processes may share them. */
export function createSpools(home: string, log: Pick<Logger, 'info' | 'warn' | 'error'>): OpenSpool {
  return (carrying) => openSpool(join(home, carrying.what), carrying, log);
}

function openSpool(
  folder: string,
  { what, carry, passes, most }: Carrying,
  log: Pick<Logger, 'info' | 'warn' | 'error'>,
): Spool {
  const items = createItemFolder(folder);
  /** Items that can never be carried: they stay in the folder for somebody to look at. */
  const refused = new Set<string>();
  /** How many wait, at least; 0: all that is sent is carried at once. */
  let waiting = 0;
  let timer: NodeJS.Timeout | undefined;
  let carrying: Promise<void> = Promise.resolve();

  const carryWaiting = async (): Promise<void> => {
    const names = (await items.names()).filter((name) => !refused.has(name));
    waiting = names.length;
    for (const name of names) {
      try {
        const item = await items.get(name);
        if (item !== undefined) await carry(item);
        await items.remove(name);
      } catch (error) {
        if (passes(error)) return;
        log.error({ err: error, folder, name }, `one of the ${what} can never be carried; it stays here`);
        refused.add(name);
      }
      waiting -= 1;
    }
    if (names.length > 0)
      log.info({ carried: names.length }, `the ${what} that waited are where they belong`);
  };

  const carryLater = (ms: number): void => {
    timer ??= setTimeout(() => {
      timer = undefined;
      carrying = carryWaiting()
        .catch((error: unknown) => log.error({ err: error, folder }, `the waiting ${what} cannot be read`))
        .then(() => (waiting > 0 ? carryLater(RETRY_MS) : undefined));
    }, ms).unref();
  };

  carryLater(0);
  return {
    async send(name, item) {
      // Behind others that wait it would only find out again that it has to.
      if (waiting === 0) {
        try {
          if (await inTime(carry(item))) return true;
          log.warn({ name }, `no answer in time: the ${what} wait on disk`);
        } catch (error) {
          if (!passes(error)) throw error;
          log.warn({ err: error, name }, `the ${what} wait on disk`);
        }
      }
      if (waiting >= most)
        throw new SpoolFull(`${most} ${what} wait in ${folder} already: bring the database back`);
      await items.add(name, item);
      waiting += 1;
      carryLater(RETRY_MS);
      return false;
    },

    get: (name) => items.get(name),

    async close() {
      clearTimeout(timer);
      await carrying;
      clearTimeout(timer);
    },
  };
}

/** False where it is not done in time; it may still be, and carrying it again changes nothing. */
async function inTime(carried: Promise<void>): Promise<boolean> {
  const late = new AbortController();
  try {
    return await Promise.race([
      carried.then(() => true),
      pause(PATIENCE_MS, false, { signal: late.signal }).catch(() => false),
    ]);
  } finally {
    late.abort();
    carried.catch(() => undefined);
  }
}
