import { randomUUID } from 'node:crypto';
import type { Logger } from 'pino';
import { GUARD_SAYS } from '../../contracts/guard.js';
import type { Digest } from '../../domain/digest.js';
import type { Judgement } from '../../domain/guard/judge.js';
import { type Ledger, LedgerConflict, type LedgerEntry } from '../../ports/ledger.js';
import type { OpenSpool } from '../../ports/spool.js';

/** What was blocked within this time is one entry for each clause: a system that tries all day does not fill the ledger. */
const FLUSH_MS = 1_000;
/** Actions that an entry names; those beyond are counted. */
const NAMED = 20;
/** Entries that may wait in an outage of the ledger. */
const MOST = 10_000;

interface Blocked {
  readonly key: string;
  readonly by: string;
  readonly judged: Judgement;
  readonly action: Digest;
  readonly case: string;
}

interface Group {
  readonly first: Blocked;
  readonly since: number;
  count: number;
  readonly actions: { readonly action: Digest; readonly case: string }[];
}

/** The record of what the guard blocked: off the path, in batches, and on disk while the ledger is away. */
export interface Blocks {
  record(blocked: Omit<Blocked, 'action'>, actionOf: () => Digest): void;
  /** Records what is gathered; what waits is recorded after the next start. */
  close(): Promise<void>;
}

export function createBlocks(
  ledger: Pick<Ledger, 'append'>,
  open: OpenSpool,
  log: Pick<Logger, 'error'>,
): Blocks {
  const instance = randomUUID();
  let groups = new Map<string, Group>();
  let timer: NodeJS.Timeout | undefined;
  let flushing: Promise<void> = Promise.resolve();
  let n = 0;

  const spool = open({
    what: 'blocks',
    carry: (item) => ledger.append([item as unknown as LedgerEntry]),
    passes: (error) => !(error instanceof LedgerConflict),
    most: MOST,
  });

  const flush = (): Promise<void> => {
    timer = undefined;
    const gathered = [...groups.values()];
    groups = new Map();
    flushing = flushing.then(async () => {
      for (const group of gathered) {
        n += 1;
        const entry = entryOf(group, `guard/${instance}/${n}`);
        try {
          await spool.send(`${String(group.since).padStart(15, '0')}-${instance}-${n}`, entry);
        } catch (error) {
          log.error({ err: error, entry }, 'what the guard blocked is recorded nowhere but in this line');
        }
      }
    });
    return flushing;
  };

  return {
    record(blocked, actionOf) {
      const { key, by, judged } = blocked;
      const name = [key, by, judged.clause, judged.why, judged.incident].join('\n');
      let group = groups.get(name);
      if (group === undefined) {
        group = { first: { ...blocked, action: actionOf() }, since: Date.now(), count: 0, actions: [] };
        groups.set(name, group);
      }
      group.count += 1;
      if (group.actions.length < NAMED) group.actions.push({ action: actionOf(), case: blocked.case });
      timer ??= setTimeout(() => void flush(), FLUSH_MS).unref();
    },
    async close() {
      clearTimeout(timer);
      await flush();
      await spool.close();
    },
  };
}

function entryOf({ first: { key, by, judged }, since, count, actions }: Group, id: string): LedgerEntry {
  const { clause, why, incident } = judged;
  return {
    id,
    lifecycle: key,
    kind: 'refusal',
    seq: null,
    at: since,
    type: incident ? 'blocked-as-incident' : 'blocked',
    by,
    command: 'check',
    data: {
      action: 'check',
      clause,
      count,
      actions,
      reasons: [{ code: why, message: GUARD_SAYS[why], ...(clause !== null && { fact: clause }) }],
    },
  };
}
