import { genesisOf, nextHash } from '../src/ledger/chain.js';
import { createPool } from '../src/ledger/pool.js';

/** What is wrong in a ledger, counted. */
export interface Found {
  /** Expected entries that are not there. */
  readonly lost: number;
  /** Entries that are there twice, and events that nobody expects. */
  readonly duplicated: number;
  /** Links that do not hold, numbers that do not follow, heads that are not the last entry. */
  readonly broken: number;
}

interface Row {
  readonly position: number;
  readonly seq: number | null;
  readonly id: string;
  readonly body: string;
  readonly hash: Buffer;
}

/** Reads chains from their start, trusting nothing; `expected` names the entries of each of them. */
export async function inspect(
  ownerUrl: string,
  expected: ReadonlyMap<string, ReadonlySet<string>>,
): Promise<Found> {
  const pool = createPool(ownerUrl, { max: 1, statementMs: 0 });
  const found = { lost: 0, duplicated: 0, broken: 0 };
  try {
    for (const [chain, ids] of expected) {
      const { rows } = await pool.query<Row>(
        'SELECT position::int, seq::int, id, body, hash FROM ledger.entry WHERE chain = $1 ORDER BY position',
        [chain],
      );
      const there = new Set(rows.map(({ id }) => id));
      found.lost += [...ids].filter((id) => !there.has(id)).length;
      found.duplicated += rows.length - there.size;
      found.duplicated += rows.filter(({ id, seq }) => seq !== null && !ids.has(id)).length;
      found.broken += brokenLinks(chain, rows);
      const heads = await pool.query<{ hash: Buffer }>('SELECT hash FROM ledger.chain WHERE chain = $1', [
        chain,
      ]);
      if (!heads.rows[0]?.hash.equals(rows.at(-1)?.hash ?? Buffer.alloc(0))) found.broken++;
    }
    return found;
  } finally {
    await pool.end();
  }
}

function brokenLinks(chain: string, rows: readonly Row[]): number {
  let previous = genesisOf(chain);
  let seq = 0;
  let broken = 0;
  for (const [index, row] of rows.entries()) {
    previous = nextHash(previous, row.body);
    if (row.position !== index + 1 || !previous.equals(row.hash)) broken++;
    if (row.seq !== null && row.seq !== ++seq) broken++;
  }
  return broken;
}
