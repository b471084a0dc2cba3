import { createPublicKey, type KeyObject } from 'node:crypto';
import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { isSignedBy } from '../../src/contracts/proof/dsse.js';
import { keysOfFolder, keysOfText } from '../../src/ledger/anchors/private-keys.js';
import { SigningUnavailable } from '../../src/ports/signer.js';
import { certify, nameRoots, publicHex } from '../../src/signing/certify.js';
import { createKeyRing } from '../../src/signing/key-ring.js';
import {
  certificateBlock,
  certificatesIn,
  fileOf,
  folderOf,
  pinnedRootsIn,
  rootSetBlock,
  textOf,
} from '../../src/signing/sources.js';
import { temporaryFolder } from '../ports/temporary-folder.js';
import { newKey } from '../support/signing.js';

const HOUR = 3_600_000;
const NOW = 1_796_025_600_000;
const pem = (key: KeyObject) => String(key.export({ type: 'pkcs8', format: 'pem' }));
const publicPem = (key: KeyObject) => String(createPublicKey(key).export({ type: 'spki', format: 'pem' }));
const root = newKey();

/** Keys in a folder as an operator has them; the clock of the ring is the test's. */
async function ring() {
  const folder = await temporaryFolder();
  const commands = join(folder, 'commands');
  const roots = join(folder, 'roots', 'roots.pem');
  await mkdir(dirname(roots), { recursive: true });
  await writeFile(roots, publicPem(root));
  let now = NOW;
  const signer = createKeyRing(
    { keys: keysOfFolder(commands), certificates: folderOf(commands, '.cert'), roots: fileOf(roots) },
    () => now,
  );
  return {
    signer,
    commands,
    roots,
    advance: (ms: number) => {
      now += ms;
    },
    /** A new key with a certificate by this root. */
    async add(from: number, until: number, by: KeyObject = root): Promise<string> {
      const key = await keysOfFolder(commands).make?.();
      if (key === undefined) throw new Error('a folder makes keys');
      const certificate = certify(by, publicHex(key), from, until);
      await writeFile(join(commands, `${publicHex(key)}.cert`), `${certificateBlock(certificate)}\n`);
      return publicHex(key);
    },
    now: () => now,
  };
}

describe('the ring of keys', () => {
  it('signs what is believed', async () => {
    const { signer, add } = await ring();
    const key = await add(NOW - HOUR, NOW + HOUR);
    const signing = await signer.key(NOW);
    expect(signing.certificate.key).toBe(key);
    expect(isSignedBy(key, signing.sign('{}'), 'statement', '{}')).toBe(true);
    expect(await signer.roots()).toEqual({ roots: [publicHex(root)], serial: 0 });
  });

  it('goes over to a new key while the old one is still certified, without a restart', async () => {
    const { signer, add, advance, now } = await ring();
    const old = await add(NOW - HOUR, NOW + 10 * HOUR);
    expect((await signer.key(now())).certificate.key).toBe(old);
    const next = await add(NOW, NOW + 30 * HOUR);
    advance(5_000);
    expect((await signer.key(now())).certificate.key).toBe(next);
    // Certified ahead of its time it waits.
    const later = await add(NOW + 20 * HOUR, NOW + 90 * HOUR);
    advance(5_000);
    expect((await signer.key(now())).certificate.key).toBe(next);
    advance(21 * HOUR);
    expect((await signer.key(now())).certificate.key).toBe(later);
  });

  it('signs by no key that is not certified, any more, yet, or by a root that is believed', async () => {
    const { signer, add, advance, now } = await ring();
    await add(NOW - 2 * HOUR, NOW);
    await add(NOW + HOUR, NOW + 2 * HOUR);
    await add(NOW - HOUR, NOW + HOUR, newKey());
    await expect(signer.key(now())).rejects.toThrow(/no key that signs commands is certified for now/);
    advance(HOUR);
    await expect(signer.key(now())).resolves.toBeDefined();
  });

  it('says what is wrong, and looks again', async () => {
    const { signer, add, commands, now } = await ring();
    await add(NOW - HOUR, NOW + HOUR);
    await writeFile(
      join(commands, 'broken.cert'),
      '-----BEGIN AIRWORTHY CERTIFICATE-----\nAAAA\n-----END AIRWORTHY CERTIFICATE-----\n',
    );
    await expect(signer.key(now())).rejects.toThrow(SigningUnavailable);
    await writeFile(join(commands, 'broken.cert'), '');
    await expect(signer.key(now())).resolves.toBeDefined();
    const [none, missing] = [textOf(''), fileOf(join(commands, 'nowhere'))];
    for (const roots of [none, missing])
      await expect(
        createKeyRing({ keys: keysOfText(pem(newKey()), 'X'), certificates: none, roots }).key(NOW),
      ).rejects.toThrow(SigningUnavailable);
    await expect(
      createKeyRing({
        keys: keysOfText('no pem', 'X'),
        certificates: none,
        roots: textOf(publicPem(root)),
      }).key(NOW),
    ).rejects.toThrow(/X holds no PEM/);
  });
});

describe('texts of public halves', () => {
  it('may have their line breaks as two characters', () => {
    const certificate = certify(root, publicHex(newKey()), NOW, NOW + HOUR);
    expect(certificatesIn(certificateBlock(certificate).replaceAll('\n', '\\n'))).toEqual([certificate]);
    expect(pinnedRootsIn(publicPem(root).replaceAll('\n', '\\n')).roots).toEqual([publicHex(root)]);
  });

  it('name the root keys of the newest set, where there is one', () => {
    const next = newKey();
    const [first, second] = [
      nameRoots(root, [publicHex(root), publicHex(next)], 1),
      nameRoots(next, [publicHex(next)], 2),
    ];
    const text = [publicPem(root), rootSetBlock(second), rootSetBlock(first)].join('\n');
    expect(pinnedRootsIn(text)).toEqual({ roots: [publicHex(next)], serial: 2 });
  });
});
