import { setTimeout as sleep } from 'node:timers/promises';
import { createPool } from '../src/ledger/pool.js';

const LOOK_EVERY_MS = 100;

/** A line of a release target's journal. */
interface Applied {
  readonly effectKey: string;
  readonly lifecycle: string;
  readonly fence: number;
}

/** What target and ledger say of the effects of these lifecycles, counted. */
export interface EffectsFound {
  /** Effects that were asked for, as the ledger has it. */
  readonly asked: number;
  /** Asked for or confirmed, and not in the target's journal. */
  readonly lost: number;
  /** In the target's journal twice, under two keys, or without having been asked for. */
  readonly duplicated: number;
}

/** Compares a target's own journal with what the ledger says was asked for and read back. */
export async function compareEffects(
  ownerUrl: string,
  target: string,
  lifecycles: readonly string[],
): Promise<EffectsFound> {
  const answer = await fetch(`${target}/journal`);
  const { entries } = (await answer.json()) as { entries: readonly Applied[] };
  const pool = createPool(ownerUrl, { max: 1, statementMs: 0 });
  const found = { asked: 0, lost: 0, duplicated: 0 };
  try {
    for (const lifecycle of lifecycles) {
      const applied = entries.filter((entry) => entry.lifecycle === lifecycle);
      const inJournal = new Set(applied.map(({ effectKey }) => effectKey));
      const { rows } = await pool.query<{ type: string; key: string; fence: number }>(
        `SELECT type, body::json #>> '{data,key}' AS key, (body::json #>> '{data,fence}')::int AS fence
           FROM ledger.entry WHERE chain = $1 AND type IN ('ExposureRequested', 'ExposureConfirmed')`,
        [`lifecycle/${lifecycle}`],
      );
      const asked = new Set(rows.filter(({ type }) => type === 'ExposureRequested').map(({ key }) => key));
      found.asked += asked.size;
      found.lost += new Set(rows.map(({ key }) => key).filter((key) => !inJournal.has(key))).size;
      found.duplicated += applied.length - new Set(applied.map(({ fence }) => fence)).size;
      found.duplicated += [...inJournal].filter((key) => !asked.has(key)).length;
    }
    return found;
  } finally {
    await pool.end();
  }
}

/** Milliseconds from now until the ledger says that this effect was read back; throws when it never does. */
export async function untilConfirmed(
  ownerUrl: string,
  { lifecycle, effectKey }: { readonly lifecycle: string; readonly effectKey: string },
  patienceMs: number,
): Promise<number> {
  const begun = performance.now();
  const pool = createPool(ownerUrl, { max: 1 });
  try {
    for (;;) {
      const { rowCount } = await pool.query(
        `SELECT FROM ledger.entry WHERE chain = $1 AND type = 'ExposureConfirmed' AND body::json #>> '{data,key}' = $2`,
        [`lifecycle/${lifecycle}`, effectKey],
      );
      const took = performance.now() - begun;
      if (rowCount !== 0) return took;
      if (took > patienceMs) throw new Error(`${effectKey} was not read back within ${patienceMs} ms`);
      await sleep(LOOK_EVERY_MS);
    }
  } finally {
    await pool.end();
  }
}
