import { generateKeyPairSync } from 'node:crypto';
import { chmod, mkdir, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import {
  keysOfFile,
  keysOfFolder,
  keysOfText,
  SigningKeyUnusable,
} from '../../../src/ledger/anchors/private-keys.js';
import { createSealer } from '../../../src/ledger/anchors/seal.js';
import { rotateKey, signingKeys } from '../../../src/ledger/anchors/signing-keys.js';
import { keyId, rawPublicKey, verifySignature } from '../../../src/ledger/verify/checkpoint.js';
import { event } from '../../ports/ledger-entries.js';
import { temporaryFolder } from '../../ports/temporary-folder.js';
import { openSealing, type Sealing } from './sealing.js';

const DAY = 86_400_000;
const pemOf = () =>
  generateKeyPairSync('ed25519').privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();

/** Adds an entry, seals, and answers whose valid signatures the checkpoint has. */
async function signersOf(sealing: Sealing, seq: number): Promise<string[]> {
  await sealing.ledger.append([event('a', seq)]);
  await sealing.sealer.seal();
  const last = (await sealing.checkpoints()).at(-1);
  const known = await signingKeys(sealing.app);
  return (last?.signatures ?? []).map((one) => {
    const by = known.find(({ key }) => key === one.key);
    expect(by && last && verifySignature(last.checkpoint, one, by.publicKey)).toBe(true);
    return one.key;
  });
}

describe('rotating the key', () => {
  it('lets both sign while they overlap, and the new one alone afterwards', async () => {
    const sealing = await openSealing();
    const [first = ''] = await signersOf(sealing, 1);
    sealing.clock.now += DAY;
    const rotatedAt = sealing.clock.now;
    const { added, retired } = await rotateKey(sealing.app, sealing.keys, 7 * DAY, rotatedAt);
    expect(retired).toMatchObject([{ key: first, retiredAt: rotatedAt + 7 * DAY }]);
    expect(await signersOf(sealing, 2)).toEqual([first, added.key]);
    sealing.clock.now = rotatedAt + 7 * DAY - 1;
    expect(await signersOf(sealing, 3)).toEqual([first, added.key]);
    sealing.clock.now = rotatedAt + 7 * DAY;
    expect(await signersOf(sealing, 4)).toEqual([added.key]);
    expect(await readdir(sealing.folder)).toHaveLength(2);
  });

  it('is recorded in the service chain, with what it replaces', async () => {
    const sealing = await openSealing();
    const [first] = await signersOf(sealing, 1);
    const { added } = await rotateKey(sealing.app, sealing.keys, DAY, 5 * DAY);
    const { entries } = await sealing.ledger.read(null, null, 10);
    expect(entries[1]).toMatchObject({
      id: `key/${added.key}`,
      kind: 'key',
      type: 'SigningKeyAdded',
      data: { key: added.key, validFrom: 5 * DAY, retired: [{ key: first, retiredAt: 6 * DAY }] },
    });
  });

  it('without an overlap ends the old one at once, also where it had longer', async () => {
    const sealing = await openSealing();
    await signersOf(sealing, 1);
    await rotateKey(sealing.app, sealing.keys, 7 * DAY, sealing.clock.now);
    const { added } = await rotateKey(sealing.app, sealing.keys, 0, sealing.clock.now + 1);
    sealing.clock.now += 1;
    expect(await signersOf(sealing, 2)).toEqual([added.key]);
    // A later rotation never makes a key that ended sign again.
    await rotateKey(sealing.app, sealing.keys, 7 * DAY, sealing.clock.now + 1);
    expect((await signingKeys(sealing.app))[0]?.retiredAt).toBe(sealing.clock.now);
  });

  it('takes the key that the ledger does not know yet where they are kept elsewhere', async () => {
    const sealing = await openSealing();
    const [old, fresh] = [pemOf(), pemOf()];
    const before = keysOfText(old, 'AIRWORTHY_SIGNING_KEY');
    await createSealer({ pool: sealing.app, keys: before, makesFirstKey: false }).seal();
    await expect(rotateKey(sealing.app, before, DAY, Date.now())).rejects.toThrow(
      /no key is new to the ledger/,
    );
    const both = keysOfText(`${old}${fresh}`, 'AIRWORTHY_SIGNING_KEY');
    const { added } = await rotateKey(sealing.app, both, DAY, Date.now());
    const [, second] = await both.all();
    expect(added.key).toBe(second && keyId(rawPublicKey(second)));
    const three = keysOfText([old, fresh, pemOf(), pemOf()].join(''), 'AIRWORTHY_SIGNING_KEY');
    await expect(rotateKey(sealing.app, three, DAY, Date.now())).rejects.toThrow(/2 keys are new/);
  });

  it('goes on with the key of a rotation that was cut off after it had made it', async () => {
    const sealing = await openSealing();
    await signersOf(sealing, 1);
    const made = await sealing.keys.make?.();
    const { added } = await rotateKey(sealing.app, sealing.keys, DAY, sealing.clock.now);
    expect(added.key).toBe(made && keyId(rawPublicKey(made)));
    expect(await readdir(sealing.folder)).toHaveLength(2);
  });
});

describe('private keys', () => {
  it('are read from a text, with line breaks as a variable may have them, from a file and from a folder', async () => {
    const folder = await temporaryFolder();
    const pem = pemOf();
    const file = join(folder, 'one.pem');
    await writeFile(file, pem, { mode: 0o600 });
    const found = await Promise.all([
      keysOfText(pem.replaceAll('\n', '\\n'), 'here').all(),
      keysOfFile(file).all(),
      keysOfFolder(folder).all(),
    ]);
    const ids = found.flat().map((key) => keyId(rawPublicKey(key)));
    expect(ids).toHaveLength(3);
    expect(new Set(ids).size).toBe(1);
    expect(await keysOfFolder(join(folder, 'nowhere')).all()).toEqual([]);
  });

  it.each([
    ['nothing', /holds no PEM/],
    ['-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----', /no private key/],
    [
      generateKeyPairSync('x25519').privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
      /another kind than Ed25519/,
    ],
  ])('refuses %#, without quoting it', async (text, said) => {
    const refused = keysOfText(text, 'AIRWORTHY_SIGNING_KEY').all();
    await expect(refused).rejects.toThrow(SigningKeyUnusable);
    await expect(refused).rejects.toThrow(said);
    await expect(refused).rejects.not.toThrow(text.slice(0, 40));
  });

  it('in a folder are refused where others may read them', async () => {
    const folder = join(await temporaryFolder(), 'keys');
    await mkdir(folder);
    await writeFile(join(folder, 'a.pem'), pemOf());
    await chmod(join(folder, 'a.pem'), 0o640);
    await expect(keysOfFolder(folder).all()).rejects.toThrow(/chmod 600/);
  });
});
