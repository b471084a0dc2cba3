/** Sealing: where all chains stand becomes one signed root, which nobody can change without its being seen. */
import { type KeyObject, sign } from 'node:crypto';
import type pg from 'pg';
import {
  CHECKPOINT_FORMAT,
  type Checkpoint,
  type CheckpointSignature,
  checkpointBytes,
  checkpointHash,
  keyId,
  leafBytes,
  rawPublicKey,
  type SignedCheckpoint,
  verifySignature,
} from '../verify/checkpoint.js';
import { leafHash, MerkleTree } from '../verify/merkle.js';
import { LedgerRewritten, lostChain, standings } from './chains.js';
import { insertCheckpoint, insertLeaves, lastCheckpoint } from './checkpoints.js';
import { exclusively, within } from './exclusively.js';
import { type PrivateKeys, SigningKeyUnusable } from './private-keys.js';
import { ensureFirstKey, type SigningKey, signingKeys, signsAt } from './signing-keys.js';

export interface SealerOptions {
  /** Logged in as whoever may append. */
  readonly pool: pg.Pool;
  readonly keys: PrivateKeys;
  /** Whether the first key of a ledger is made when none is there: for development. */
  readonly makesFirstKey: boolean;
  readonly now?: () => number;
}

/** The newest checkpoint, and whether this call made it. */
interface Sealed {
  /** Null while there is nothing to seal. */
  readonly number: number | null;
  readonly fresh: boolean;
}

export interface Sealer {
  /**
   * Seals all chains, unless none changed since the last checkpoint. One at a time in a database; repeating it is safe.
   * Throws `LedgerRewritten`, `SigningKeyUnusable`, and what the database throws.
   */
  seal(): Promise<Sealed>;
}

export function createSealer({ pool, keys, makesFirstKey, now = Date.now }: SealerOptions): Sealer {
  return {
    seal: () =>
      exclusively(pool, async (client) => {
        await ensureFirstKey(client, keys, makesFirstKey, now());
        return within(client, 'REPEATABLE READ', async () => {
          const known = await signingKeys(client);
          const last = await lastCheckpoint(client);
          if (last !== undefined) requireSigned(last, known);
          const next = await sealChains(client, last?.checkpoint ?? null, now());
          if (next === null) return { number: last?.checkpoint.number ?? null, fresh: false };
          const signatures = signaturesOf(next, known, await keys.all());
          await insertCheckpoint(client, { checkpoint: next, signatures });
          return { number: next.number, fresh: true };
        });
      }),
  };
}

/** The checkpoint that comes next, its changed leaves stored; null where nothing changed. */
async function sealChains(
  client: pg.PoolClient,
  last: Checkpoint | null,
  now: number,
): Promise<Checkpoint | null> {
  const number = (last?.number ?? 0) + 1;
  const [tree, before] = [new MerkleTree(), new MerkleTree()];
  let entries = 0;
  let moved = 0;
  for await (const page of standings(client)) {
    for (const { leaf, sealed } of page) {
      tree.add(leafHash(leafBytes(leaf)));
      entries += leaf.position;
      if (sealed !== null) before.add(leafHash(leafBytes(sealed)));
    }
    const changed = page.filter(({ leaf, sealed }) => leaf.position !== sealed?.position);
    moved += changed.length;
    await insertLeaves(
      client,
      number,
      changed.map(({ leaf }) => leaf),
    );
  }
  if (last !== null) await requireSameTree(client, last, before);
  if (moved === 0) return null;
  return {
    // A clock that went back does not make a checkpoint older than the one before it.
    at: Math.max(now, last?.at ?? 0),
    chains: tree.size,
    entries,
    format: CHECKPOINT_FORMAT,
    number,
    previous: last && checkpointHash(last),
    root: tree.root().toString('hex'),
  };
}

/** The stored leaves must be those that the last checkpoint was signed over: else leaves were changed with the entries. */
async function requireSameTree(client: pg.PoolClient, last: Checkpoint, before: MerkleTree): Promise<void> {
  const chains = before.size;
  if (chains !== last.chains) {
    const lost = await lostChain(client);
    throw new LedgerRewritten(
      lost ?? `checkpoint ${last.number}`,
      `it sealed ${last.chains} chains, not ${chains}`,
    );
  }
  if (before.root().toString('hex') === last.root) return;
  throw new LedgerRewritten(`checkpoint ${last.number}`, 'its leaves do not come to its root');
}

function requireSigned({ checkpoint, signatures }: SignedCheckpoint, known: readonly SigningKey[]): void {
  const ours = signatures.some((one) => {
    const by = known.find(({ key }) => key === one.key);
    return by !== undefined && verifySignature(checkpoint, one, by.publicKey);
  });
  if (!ours) throw new LedgerRewritten(`checkpoint ${checkpoint.number}`, 'no key of the ledger signed it');
}

/** One signature by each key that is valid: while two overlap, whoever knows only one of them can check. */
function signaturesOf(
  checkpoint: Checkpoint,
  known: readonly SigningKey[],
  held: readonly KeyObject[],
): CheckpointSignature[] {
  const bytes = Buffer.from(checkpointBytes(checkpoint));
  const byId = new Map(held.map((key) => [keyId(rawPublicKey(key)), key]));
  const signatures = known
    .filter((key) => signsAt(key, checkpoint.at))
    .flatMap(({ key }) => {
      const privateKey = byId.get(key);
      return privateKey ? [{ key, signature: sign(null, bytes, privateKey).toString('base64') }] : [];
    });
  if (signatures.length > 0) return signatures;
  throw new SigningKeyUnusable(
    'none of the keys here may sign now: restore the last one, or say airworthy ledger rotate-key',
  );
}
