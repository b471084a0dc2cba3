/** Where all chains stand, beside where the last checkpoint left them. */
import type pg from 'pg';
import type { Leaf } from '../verify/checkpoint.js';

/** Chains are read in pages of this many: memory does not grow with the ledger. */
const PAGE = 2_000;

// By scalar subqueries: each is one look into an index, whatever the planner believes about the tables.
const STANDING = {
  name: 'standing',
  text: `SELECT c.chain, c.position::int, encode(c.hash, 'hex') AS hash, l.position::int AS "sealedPosition",
      encode(l.hash, 'hex') AS "sealedHash",
      (SELECT encode(e.hash, 'hex') FROM ledger.entry e
        WHERE e.chain = c.chain AND e.position = c.position) AS "headThere",
      (SELECT encode(e.hash, 'hex') FROM ledger.entry e
        WHERE e.chain = c.chain AND e.position = l.position) AS "sealedThere"
    FROM (SELECT chain, position, hash FROM ledger.chain
      WHERE position > 0 AND chain > $1 ORDER BY chain LIMIT ${PAGE}) c
    LEFT JOIN LATERAL (SELECT position, hash FROM ledger.checkpoint_leaf s
      WHERE s.chain = c.chain ORDER BY number DESC LIMIT 1) l ON true
    ORDER BY c.chain`,
};

interface Row extends Leaf {
  readonly sealedPosition: number | null;
  readonly sealedHash: string | null;
  readonly headThere: string | null;
  readonly sealedThere: string | null;
}

/** A chain now and as of the last checkpoint; null where it is newer than that. */
interface Standing {
  readonly leaf: Leaf;
  readonly sealed: Leaf | null;
}

/**
 * What is in the ledger does not continue what was sealed: somebody changed it, or it is an old copy. Nothing may be
 * sealed on top of it. Alarm: retrying cannot help.
 */
export class LedgerRewritten extends Error {
  override readonly name = 'LedgerRewritten';
  readonly code = 'ledger-rewritten';
  /** What does not continue: a chain, or `checkpoint {number}`. */
  readonly what: string;
  constructor(what: string, detail: string) {
    super(
      `${what} does not continue what was sealed: ${detail}. Nothing is sealed any more; find out who changed the ledger, and compare it with what the witnesses have`,
    );
    this.what = what;
  }
}

/** All chains in the order of their leaves, in pages. Throws `LedgerRewritten` at the first that is no continuation. */
export async function* standings(client: pg.PoolClient): AsyncGenerator<readonly Standing[]> {
  for (let after = ''; ; ) {
    const { rows } = await client.query<Row>({ ...STANDING, values: [after] });
    yield rows.map(continued);
    const last = rows.at(-1);
    if (last === undefined || rows.length < PAGE) return;
    after = last.chain;
  }
}

/** Some chain that was sealed and has no entries any more; undefined where there is none. */
export async function lostChain(client: pg.PoolClient): Promise<string | undefined> {
  const { rows } = await client.query<{ chain: string }>(
    `SELECT chain FROM ledger.checkpoint_leaf
      EXCEPT SELECT chain FROM ledger.chain WHERE position > 0 ORDER BY chain LIMIT 1`,
  );
  return rows[0]?.chain;
}

function continued({
  chain,
  position,
  hash,
  sealedPosition,
  sealedHash,
  headThere,
  sealedThere,
}: Row): Standing {
  if (headThere !== hash)
    throw new LedgerRewritten(chain, `its last entry, ${position}, is not what its head says`);
  const leaf = { chain, hash, position };
  if (sealedPosition === null || sealedHash === null) return { leaf, sealed: null };
  if (position < sealedPosition) {
    throw new LedgerRewritten(chain, `it has ${position} entries, and had ${sealedPosition}`);
  }
  if (sealedThere !== sealedHash) {
    throw new LedgerRewritten(chain, `entry ${sealedPosition} is another than the one that was sealed`);
  }
  return { leaf, sealed: { chain, hash: sealedHash, position: sealedPosition } };
}
