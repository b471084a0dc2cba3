import { randomUUID } from 'node:crypto';
import type { Permission } from '../contracts/actions.js';
import type { LedgerEntry } from '../ports/ledger.js';
import type { Refusals } from './refusals.js';

const EVERY_MS = 60_000;

/** The record of denials to callers whom nobody knows: however many they are, it grows by one entry a minute. */
export interface Strangers {
  /** One was denied; `permission` is undefined for an address that has none. */
  saw(code: string, permission: Permission | undefined): void;
  /** Records what was only counted so far. */
  close(): Promise<void>;
}

/** The first is recorded at once, and what follows within `everyMs` in one entry, with how many of what. */
export function createStrangers(refusals: Pick<Refusals, 'record'>, everyMs: number = EVERY_MS): Strangers {
  let counts = new Map<string, number>();
  let since = Date.now();
  let timer: NodeJS.Timeout | undefined;

  const flush = async (): Promise<void> => {
    timer = undefined;
    if (counts.size === 0) return;
    const counted = counts;
    counts = new Map();
    timer = setTimeout(() => void flush(), everyMs).unref();
    await refusals.record(entryOf(counted, since, Date.now()));
  };

  return {
    saw(code, permission) {
      const name = permission === undefined ? code : `${code} ${permission}`;
      if (counts.size === 0) since = Date.now();
      counts.set(name, (counts.get(name) ?? 0) + 1);
      if (timer === undefined) void flush();
    },

    async close() {
      clearTimeout(timer);
      await flush();
      clearTimeout(timer);
    },
  };
}

function entryOf(counts: ReadonlyMap<string, number>, since: number, at: number): LedgerEntry {
  const denied = Object.fromEntries(counts);
  const count = [...counts.values()].reduce((sum, each) => sum + each, 0);
  return {
    id: `refusal/strangers/${randomUUID()}`,
    lifecycle: null,
    kind: 'refusal',
    seq: null,
    at,
    type: 'unauthenticated',
    by: null,
    command: null,
    data: { count, since, denied },
  };
}
