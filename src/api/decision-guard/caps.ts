import { randomUUID } from 'node:crypto';
import type { Logger } from 'pino';
import type { GuardCaps } from '../../domain/guard/standing.js';
import type { Capped, GuardLeases } from '../../ports/guard-leases.js';
import { CapCounter, type Room } from './cap-counter.js';

const SYNC_MS = 250;
/** Counters told and asked for at once. */
const AT_ONCE = 4;

/** Whether a pilot may touch this person and this case; what it may is counted by then. */
export interface Caps {
  admit(key: string, touched: { readonly person: string; readonly case: string }): Exclude<Room, 'room'>;
  /** Tells the others what was counted here and leases more; called by the timer. Never throws. */
  sync(): Promise<void>;
  /** Gives back what is left. */
  close(): Promise<void>;
}

interface Counters {
  readonly people: CapCounter;
  readonly cases: CapCounter;
}

/** `capped` says which lifecycles have caps now. */
export function createCaps(
  leases: GuardLeases,
  capped: () => Iterable<readonly [key: string, standing: { readonly caps: GuardCaps | null }]>,
  log: Pick<Logger, 'warn'>,
): Caps {
  const instance = randomUUID();
  const counters = new Map<string, Counters>();
  const countersOf = (key: string): Counters => {
    const known = counters.get(key);
    if (known !== undefined) return known;
    const made = (of: Capped) => new CapCounter({ key, of, instance }, leases);
    const fresh = { people: made('people'), cases: made('cases') };
    counters.set(key, fresh);
    return fresh;
  };

  let away = false;
  const syncAll = async (): Promise<void> => {
    const due: (() => Promise<void>)[] = [];
    const now = Date.now();
    const open = new Set<string>();
    for (const [key, { caps }] of capped()) {
      if (caps === null) continue;
      open.add(key);
      const { people, cases } = countersOf(key);
      if (people.due(caps.people, now)) due.push(() => people.sync(caps.people, now));
      if (cases.due(caps.cases, now)) due.push(() => cases.sync(caps.cases, now));
    }
    for (const [key, { people, cases }] of counters) {
      if (open.has(key)) continue;
      due.push(async () => {
        await people.giveBack();
        await cases.giveBack();
        // Not before: what nobody took back is given back with the next round.
        counters.delete(key);
      });
    }
    await each(due);
    away = false;
  };

  let syncing: Promise<void> | undefined;
  let timer: NodeJS.Timeout;
  let closed = false;
  const later = (): void => {
    if (closed) return;
    timer = setTimeout(() => void caps.sync().finally(later), SYNC_MS);
    timer.unref();
  };

  const caps: Caps = {
    admit(key, { person, case: reference }) {
      const { people, cases } = countersOf(key);
      const rooms = [people.room(person), cases.room(reference)];
      if (rooms.includes('reached')) return 'reached';
      if (rooms.includes('unknown')) return 'unknown';
      people.count(person);
      cases.count(reference);
      return 'counted';
    },
    sync() {
      syncing ??= syncAll()
        .catch((error: unknown) => {
          if (!away) log.warn({ err: error }, 'pilots cannot be counted now; what is leased is used up');
          away = true;
        })
        .finally(() => {
          syncing = undefined;
        });
      return syncing;
    },
    async close() {
      closed = true;
      clearTimeout(timer);
      await syncing;
      const back = [...counters.values()].flatMap(({ people, cases }) => [people, cases]);
      await each(back.map((counter) => () => counter.giveBack())).catch(() => undefined);
    },
  };
  later();
  return caps;
}

/** A few at a time; throws what failed once all have ended. */
async function each(tasks: readonly (() => Promise<void>)[]): Promise<void> {
  const left = tasks.values();
  const failures: unknown[] = [];
  const workers = Array.from({ length: AT_ONCE }, async () => {
    for (const task of left) await task().catch((error: unknown) => failures.push(error));
  });
  await Promise.all(workers);
  if (failures.length > 0) throw new AggregateError(failures, 'slices could not be leased');
}
