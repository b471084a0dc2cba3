import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Command } from 'commander';
import type pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runProgram } from '../../../src/cli/program.js';
import { createTerminal } from '../../../src/cli/terminal/terminal.js';
import { canonicalForm } from '../../../src/domain/digest.js';
import type { Json } from '../../../src/domain/json.js';
import { createPool } from '../../../src/ledger/pool.js';
import { publicKeyOf } from '../../../src/ledger/verify/checkpoint.js';
import { bundleVerbs } from '../../../src/main/ledger-verbs.js';
import { freshDatabase } from '../../support/fresh-database.js';
import { OURS, sample } from './corruptions.js';
import { bytesOf, event, seededKey } from './sample-ledger.js';

let folder = '';
let url = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'airworthy-verify-'));
  url = (await freshDatabase()).ownerUrl;
});
afterAll(() => rm(folder, { recursive: true, force: true }));

async function run(...args: string[]): Promise<{ exit: number; out: string; err: string }> {
  let [out, err] = ['', ''];
  const stream = (add: (text: string) => void) => ({ write: (text: string) => add(text) });
  const terminal = createTerminal(
    stream((text) => {
      out += text;
    }),
    stream((text) => {
      err += text;
    }),
    false,
  );
  const program = new Command('airworthy').exitOverride().configureOutput({ writeErr: terminal.err });
  const ledger = program.command('ledger');
  bundleVerbs(ledger, terminal, async (): Promise<pg.Pool> => createPool(url, { max: 1 }));
  const exit = await runProgram(program, ['ledger', ...args], terminal);
  return { exit, out, err };
}

async function file(name: string, content: string | Uint8Array): Promise<string> {
  const path = join(folder, name);
  await writeFile(path, content);
  return path;
}

describe('airworthy ledger verify', () => {
  it('verifies a file, and says that its keys are its own', async () => {
    const { exit, out } = await run('verify', await file('good', bytesOf(await sample().lines())));
    expect(exit).toBe(0);
    expect(out).toMatch(/^Verified/);
    expect(out).toMatch(/3 chains with 10 entries/);
    expect(out).toMatch(new RegExp(`keys come from what was verified itself[^]*${OURS.id}`));
  });

  it('trusts the keys that it is given, and no others', async () => {
    const good = await file('good', bytesOf(await sample().lines()));
    const pem = (raw: Uint8Array) => publicKeyOf(raw).export({ type: 'spki', format: 'pem' }).toString();
    const ours = await file('ours.pem', `# ours\n${pem(OURS.raw)}`);
    const theirs = await file('theirs.pem', pem(seededKey(2).raw));
    expect(await run('verify', good, '--key', theirs, '--key', ours)).toMatchObject({ exit: 0 });
    const refused = await run('verify', good, '--key', theirs);
    expect(refused).toMatchObject({ exit: 3, err: expect.stringMatching(/not what it claims/) });
    expect(refused.out).toMatch(/First bad row: line 3: unknown key: checkpoint 1/);
  });

  it('compares with what a witness holds', async () => {
    const good = await file('good', bytesOf(await sample().lines()));
    const later = sample((ledger) => ledger.seal([OURS]));
    const kept = (ledger: typeof later) =>
      ledger.checkpoints.map((one) => `${canonicalForm(one as unknown as Json)}\n`).join('');
    expect(await run('verify', good, '--witness', await file('same', kept(sample())))).toMatchObject({
      exit: 0,
    });
    const { exit, out } = await run('verify', good, '--witness', await file('later', kept(later)));
    expect(exit).toBe(3);
    expect(out).toMatch(/truncated: the witness holds checkpoint 3/);
  });

  it('names the first bad row, for people and for machines', async () => {
    const lines = (await sample().lines()).map((line) => line.replace('"p-1"', '"p-2"'));
    const bad = await file('bad', bytesOf(lines));
    const { exit, out } = await run('verify', bad);
    expect(exit).toBe(3);
    expect(out).toMatch(/First bad row: lifecycle\/kyc, position 1, line 8: edited/);
    const { out: json } = await run('verify', bad, '--json');
    expect(JSON.parse(json)).toMatchObject({ ok: false, findings: expect.any(Array) });
    expect(JSON.parse(json).findings[0]).toMatchObject({ check: 'link', line: 8 });
  });

  it('exits 2 for files that cannot be used', async () => {
    const good = await file('good', bytesOf(await sample().lines()));
    for (const args of [
      [join(folder, 'none')],
      [good, '--key', good],
      [good, '--witness', folder],
      [good, '--unknown'],
    ]) {
      expect(await run('verify', ...args)).toMatchObject({ exit: 2 });
    }
  });

  it('verifies the database, and exits 7 where that cannot be read', async () => {
    expect(await run('verify')).toMatchObject({ exit: 0, out: expect.stringMatching(/^Verified/) });
    const there = url;
    url = 'postgres://nobody:x@127.0.0.1:1/nothing';
    expect(await run('verify')).toMatchObject({ exit: 7, err: expect.stringMatching(/cannot be read/) });
    url = there;
  });
});

describe('airworthy ledger export', () => {
  it('writes a file that verifies, compressed where its name says so, and leaves no half of one', async () => {
    const pool = createPool(url, { max: 1 });
    const body = event('kyc', 1);
    await pool.query('SELECT ledger.append($1, $2, $3, $4, $5)', [
      'lifecycle/kyc',
      ['lifecycle/kyc/1'],
      ['CommentAdded'],
      [1],
      [body],
    ]);
    await pool.end();
    for (const name of ['all.jsonl', 'one.jsonl.gz']) {
      const out = join(folder, name);
      const only = name.startsWith('one') ? ['--lifecycle', 'kyc'] : [];
      expect(await run('export', ...only, '--out', out)).toMatchObject({ exit: 0 });
      expect(await run('verify', out)).toMatchObject({ exit: 0 });
    }
    expect(await run('export', '--lifecycle', 'nobody', '--out', join(folder, 'x'))).toMatchObject({
      exit: 5,
    });
    expect(await run('export', '--out', join(folder, 'no', 'folder'))).toMatchObject({ exit: 2 });
    expect((await readdir(folder)).filter((each) => each.endsWith('.part') || each === 'x')).toEqual([]);
  });
});
