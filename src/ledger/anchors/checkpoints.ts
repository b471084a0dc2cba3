import type pg from 'pg';
import { type Checkpoint, checkpointBytes, type Leaf, type SignedCheckpoint } from '../verify/checkpoint.js';

interface Row {
  readonly body: string;
  readonly signatures: SignedCheckpoint['signatures'];
}

const signed = ({ body, signatures }: Row): SignedCheckpoint => ({
  checkpoint: JSON.parse(body) as Checkpoint,
  signatures,
});

/** The last checkpoint; undefined before the first. */
export async function lastCheckpoint(
  client: Pick<pg.ClientBase, 'query'>,
): Promise<SignedCheckpoint | undefined> {
  const { rows } = await client.query<Row>(
    'SELECT body, signatures FROM ledger.checkpoint ORDER BY number DESC LIMIT 1',
  );
  return rows[0] && signed(rows[0]);
}

/** Up to `limit` checkpoints that a witness has not taken yet, oldest first. */
export async function notWitnessed(
  database: Pick<pg.ClientBase, 'query'>,
  witness: string,
  limit: number,
): Promise<readonly SignedCheckpoint[]> {
  const { rows } = await database.query<Row>(
    `SELECT body, signatures FROM ledger.checkpoint
      WHERE number > (SELECT coalesce(max(number), 0) FROM ledger.witnessed WHERE witness = $1)
      ORDER BY number LIMIT $2`,
    [witness, limit],
  );
  return rows.map(signed);
}

/** Keeps that a witness has taken a checkpoint; the same again changes nothing. */
export async function keepWitnessed(
  database: Pick<pg.ClientBase, 'query'>,
  witness: string,
  number: number,
): Promise<void> {
  await database.query(
    'INSERT INTO ledger.witnessed (witness, number) VALUES ($1, $2) ON CONFLICT DO NOTHING',
    [witness, number],
  );
}

/** Stores leaves that changed with the checkpoint that is being sealed, before it. */
export async function insertLeaves(
  client: pg.PoolClient,
  number: number,
  leaves: readonly Leaf[],
): Promise<void> {
  if (leaves.length === 0) return;
  await client.query(
    `INSERT INTO ledger.checkpoint_leaf (number, chain, position, hash)
      SELECT $1, chain, position, decode(hash, 'hex') FROM unnest($2::text[], $3::bigint[], $4::text[])
        AS n(chain, position, hash)`,
    [
      number,
      leaves.map(({ chain }) => chain),
      leaves.map(({ position }) => position),
      leaves.map(({ hash }) => hash),
    ],
  );
}

/** Stores a checkpoint; the database refuses one that does not continue the last. */
export async function insertCheckpoint(
  client: pg.PoolClient,
  { checkpoint, signatures }: SignedCheckpoint,
): Promise<void> {
  await client.query('INSERT INTO ledger.checkpoint (number, body, signatures) VALUES ($1, $2, $3)', [
    checkpoint.number,
    checkpointBytes(checkpoint),
    JSON.stringify(signatures),
  ]);
}
