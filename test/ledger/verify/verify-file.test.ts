import { mkdtemp, open, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { exportToFile } from '../../../src/ledger/bundle/bundle-file.js';
import { verifyFile } from '../../../src/ledger/verify/verify-file.js';
import { sample } from './corruptions.js';
import { bytesOf } from './sample-ledger.js';

let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'airworthy-verify-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

async function verdictOn(bytes: Uint8Array) {
  const file = join(folder, 'bundle');
  await writeFile(file, bytes);
  return verifyFile(file, {});
}

describe('a bundle in a file', () => {
  it.each([false, true])('is written and verified, compressed: %s', async (compressed) => {
    const file = join(folder, 'written');
    await exportToFile(sample().source(), undefined, file, compressed);
    const seen: number[] = [];
    const verdict = await verifyFile(file, { strict: true }, ({ bytes }) => void seen.push(bytes));
    expect(verdict).toMatchObject({ ok: true, chains: 3, entries: 10, documents: 2, unsealed: 2 });
    expect(seen.length).toBeGreaterThan(0);
  });

  it('is empty, of one byte, or of something else: that is a finding', async () => {
    for (const bytes of [Buffer.alloc(0), Buffer.of(0x1f), Buffer.from('{}\n'), Buffer.alloc(9_000)]) {
      expect(await verdictOn(bytes)).toMatchObject({
        ok: false,
        findings: expect.arrayContaining([expect.objectContaining({ check: 'header' })]),
      });
    }
  });

  it('is compressed data that was cut short, or damaged', async () => {
    const packed = gzipSync(bytesOf(await sample().lines()));
    for (const bytes of [
      packed.subarray(0, -20),
      Buffer.concat([packed.subarray(0, 60), packed.subarray(70)]),
    ]) {
      const { findings } = await verdictOn(bytes);
      expect(findings.at(-1)?.message).toMatch(/gzip data is broken/);
    }
  });

  it('unpacks to far more than any bundle: it is not unpacked to the end', async () => {
    const [header = ''] = await sample().lines();
    const bomb = gzipSync(Buffer.concat([Buffer.from(`${header}\n`), Buffer.alloc(100 * 1024 * 1024, ' ')]));
    const { findings, bytes } = await verdictOn(bomb);
    expect(findings.at(-1)?.message).toMatch(/200 times its size/);
    expect(bytes).toBeLessThan(80 * 1024 * 1024);
  });

  it('is of 1 GB without a newline: told from its beginning, in little memory', async () => {
    const file = join(folder, 'huge');
    const [header = ''] = await sample().lines();
    for (const begin of ['', `${header}\n["`]) {
      await writeFile(file, begin);
      await truncate(file, 1_000_000_000);
      const before = process.memoryUsage.rss();
      const { ok, findings } = await verifyFile(file, {});
      expect(ok).toBe(false);
      expect(findings.map(({ check }) => check)).toEqual(
        begin === '' ? ['line-length'] : ['line-length', 'end'],
      );
      expect(process.memoryUsage.rss() - before).toBeLessThan(100_000_000);
    }
  });

  it('is not there, or a folder: that is no verdict', async () => {
    await expect(verifyFile(join(folder, 'nothing'), {})).rejects.toThrow(/ENOENT/);
    await expect(verifyFile(folder, {})).rejects.toThrow(/EISDIR/);
    await (await open(join(folder, 'bundle'), 'w')).close();
  });
});
