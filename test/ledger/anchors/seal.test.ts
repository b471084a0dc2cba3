import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { createSealer } from '../../../src/ledger/anchors/seal.js';
import { signingKeys } from '../../../src/ledger/anchors/signing-keys.js';
import {
  checkpointHash,
  leafBytes,
  type SignedCheckpoint,
  verifySignature,
} from '../../../src/ledger/verify/checkpoint.js';
import { merkleRoot } from '../../../src/ledger/verify/merkle.js';
import { event, events } from '../../ports/ledger-entries.js';
import { openSealing, type Sealing } from './sealing.js';

/** The root over all leaves of a checkpoint, put together from the stored ones. */
async function rootOf({ owner }: Sealing, number: number): Promise<string> {
  const { rows } = await owner.query(
    `SELECT DISTINCT ON (chain) chain, position::int, encode(hash, 'hex') AS hash FROM ledger.checkpoint_leaf
      WHERE number <= $1 ORDER BY chain, number DESC`,
    [number],
  );
  return merkleRoot(rows.map(leafBytes)).toString('hex');
}

const leaves = async ({ owner }: Sealing, number: number): Promise<string[]> => {
  const { rows } = await owner.query<{ chain: string; position: string }>(
    'SELECT chain, position FROM ledger.checkpoint_leaf WHERE number = $1 ORDER BY chain',
    [number],
  );
  return rows.map(({ chain, position }) => `${chain} ${position}`);
};

describe('sealing', () => {
  it('makes a key at the first start, private to its owner, and has it in the chain that it seals', async () => {
    const sealing = await openSealing();
    expect(await sealing.sealer.seal()).toEqual({ number: 1, fresh: true });
    const [key] = await signingKeys(sealing.app);
    expect((await stat(join(sealing.folder, `${key?.key}.pem`))).mode & 0o777).toBe(0o600);
    const { entries } = await sealing.ledger.read(null, null, 10);
    expect(entries).toMatchObject([
      {
        id: `key/${key?.key}`,
        kind: 'key',
        at: sealing.clock.now,
        data: { key: key?.key, publicKey: key?.publicKey.toString('base64'), retired: [] },
      },
    ]);
    expect(await leaves(sealing, 1)).toEqual(['service 1']);
  });

  it('covers every chain by one root and one signature, and stores only the leaves that changed', async () => {
    const sealing = await openSealing();
    await sealing.ledger.append(events('a', 3));
    await sealing.ledger.append(events('b', 2));
    await sealing.sealer.seal();
    await sealing.ledger.append([event('b', 3)]);
    await sealing.ledger.append([event('c', 1)]);
    sealing.clock.now += 5_000;
    expect(await sealing.sealer.seal()).toEqual({ number: 2, fresh: true });

    expect(await leaves(sealing, 1)).toEqual(['lifecycle/a 3', 'lifecycle/b 2', 'service 1']);
    expect(await leaves(sealing, 2)).toEqual(['lifecycle/b 3', 'lifecycle/c 1']);
    const [first, second] = (await sealing.checkpoints()) as [SignedCheckpoint, SignedCheckpoint];
    expect(first.checkpoint).toMatchObject({ number: 1, chains: 3, entries: 6, previous: null });
    expect(second.checkpoint).toEqual({
      at: sealing.clock.now,
      chains: 4,
      entries: 8,
      format: 'airworthy-checkpoint/1',
      number: 2,
      previous: checkpointHash(first.checkpoint),
      root: await rootOf(sealing, 2),
    });
    expect(first.checkpoint.root).toBe(await rootOf(sealing, 1));
    const [key] = await signingKeys(sealing.app);
    for (const { checkpoint, signatures } of [first, second]) {
      expect(signatures.map((one) => one.key)).toEqual([key?.key]);
      for (const one of signatures)
        expect(verifySignature(checkpoint, one, key?.publicKey ?? Buffer.of())).toBe(true);
    }
  });

  it('makes no checkpoint where nothing changed, however often it is repeated', async () => {
    const sealing = await openSealing();
    await sealing.ledger.append(events('a', 1));
    await sealing.sealer.seal();
    sealing.clock.now += 60_000;
    expect(await sealing.sealer.seal()).toEqual({ number: 1, fresh: false });
    expect(await sealing.sealer.seal()).toEqual({ number: 1, fresh: false });
    expect(await sealing.checkpoints()).toHaveLength(1);
  });

  it('is one at a time: of several at once one seals, and the numbers have no gap', async () => {
    const sealing = await openSealing();
    for (let round = 1; round <= 4; round++) {
      await sealing.ledger.append([event('a', round)]);
      const all = await Promise.all(Array.from({ length: 4 }, () => sealing.sealer.seal()));
      expect(all.filter(({ fresh }) => fresh)).toHaveLength(1);
      expect(new Set(all.map(({ number }) => number))).toEqual(new Set([round]));
    }
    expect((await sealing.checkpoints()).map(({ checkpoint }) => checkpoint.number)).toEqual([1, 2, 3, 4]);
  });

  it('seals more chains than are read at once', async () => {
    const sealing = await openSealing();
    await sealing.forge(
      `INSERT INTO ledger.entry (chain, position, id, type, body, hash)
        SELECT 'lifecycle/k' || n, 1, 'k' || n, 't', '{}', sha256(int4send(n)) FROM generate_series(1, 4100) n`,
      'INSERT INTO ledger.chain SELECT chain, position, 0, hash FROM ledger.entry',
    );
    await sealing.sealer.seal();
    const [sealed] = await sealing.checkpoints();
    expect(sealed?.checkpoint.chains).toBe(4_101);
    expect(sealed?.checkpoint.root).toBe(await rootOf(sealing, 1));
    expect(await sealing.sealer.seal()).toEqual({ number: 1, fresh: false });
  });

  it('does not let a clock that went back make a checkpoint older than the one before', async () => {
    const sealing = await openSealing();
    await sealing.sealer.seal();
    await sealing.ledger.append([event('a', 1)]);
    sealing.clock.now -= 10_000;
    await sealing.sealer.seal();
    const [first, second] = await sealing.checkpoints();
    expect(second?.checkpoint.at).toBe(first?.checkpoint.at);
  });

  it('fails without a key, and says what to do', async () => {
    const sealing = await openSealing(false);
    await expect(sealing.sealer.seal()).rejects.toThrow(/AIRWORTHY_SIGNING_KEY/);
    expect(await sealing.checkpoints()).toEqual([]);
  });

  it('fails where the key that the ledger knows is not there, instead of taking another', async () => {
    const sealing = await openSealing();
    await sealing.sealer.seal();
    await sealing.ledger.append([event('a', 1)]);
    const other = await openSealing();
    const stranger = createSealer({ pool: sealing.app, keys: other.keys, makesFirstKey: true });
    await expect(stranger.seal()).rejects.toThrow(/restore the last one/);
    expect(await sealing.sealer.seal()).toEqual({ number: 2, fresh: true });
  });
});
