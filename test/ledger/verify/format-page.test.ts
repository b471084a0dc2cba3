import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { genesisOf } from '../../../src/ledger/chain.js';
import { checkpointHash, leafBytes } from '../../../src/ledger/verify/checkpoint.js';
import { CHECKS } from '../../../src/ledger/verify/checks.js';
import { leafHash } from '../../../src/ledger/verify/merkle.js';
import { inCheckout } from '../../../src/main/checkout.js';
import { sample } from './corruptions.js';
import { exampleLedger } from './format-example.js';
import { bytesOf, ended, verified } from './sample-ledger.js';

const page = await readFile(inCheckout('docs', 'reference', 'ledger-format.md'), 'utf8');
const VERIFIER = inCheckout('test', 'ledger', 'verify', 'independent_verifier.py');

describe('the page of the format', () => {
  it('shows a bundle that verifies, as it would be written', async () => {
    const [shown = ''] = [...page.matchAll(/```jsonl\n([^`]+)```/g)].map(([, text]) => text ?? '');
    expect(shown).toBe(bytesOf(await exampleLedger().lines()).toString());
    expect(verified(Buffer.from(shown), { strict: true }).findings).toEqual([]);
  });

  it('shows the values on the way to its hashes and roots', async () => {
    const { leaves, checkpoints } = exampleLedger();
    expect(page).toContain(genesisOf('lifecycle/kyc').toString('hex'));
    for (const leaf of leaves.flat()) expect(page).toContain(leafHash(leafBytes(leaf)).toString('hex'));
    for (const { checkpoint } of checkpoints) expect(page).toContain(checkpoint.root);
    const [first] = checkpoints;
    expect(page).toContain(first && checkpointHash(first.checkpoint));
    const proof = (await exampleLedger().lines('kyc')).filter((line) => line.includes('"proof"')).at(-1);
    expect(page).toContain(proof);
  });

  it('lists every check', () => {
    for (const [check, meaning] of Object.entries(CHECKS))
      expect(page).toContain(`| \`${check}\` | ${meaning} |`);
  });
});

describe('a verifier written from that page, in Python', () => {
  let folder = '';
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'airworthy-verify-'));
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  async function verdictOn(lines: readonly string[]): Promise<{ code: number; said: string }> {
    const file = join(folder, 'bundle.jsonl');
    await writeFile(file, bytesOf(lines));
    const run = promisify(execFile)('python3', [VERIFIER, file]);
    return run.then(
      ({ stdout }) => ({ code: 0, said: stdout.trim() }),
      ({ code, stdout }: { code: number; stdout: string }) => ({ code, said: stdout.trim() }),
    );
  }

  it('verifies what we write', async () => {
    expect(await verdictOn(await sample().lines())).toEqual({ code: 0, said: '10 entries, 2 checkpoints' });
    expect(await verdictOn(await exampleLedger().lines())).toEqual({
      code: 0,
      said: '3 entries, 2 checkpoints',
    });
  });

  it('finds an edited entry, another root, a rewritten chain and a bundle that was cut short', async () => {
    const lines = await sample().lines();
    const edited = lines.map((line) => line.replace('"p-1"', '"p-2"'));
    expect(await verdictOn(edited)).toEqual({ code: 3, said: 'lifecycle/kyc: entry 1 does not follow' });
    const root = lines.map((line) => line.replace(/(?<="number":2.*"root":")../, '00'));
    expect(await verdictOn(root)).toEqual({ code: 3, said: 'checkpoint 2: another root' });
    const leaf = lines.map((line) => line.replace(/(?<="from":1,"hash":")../, '00'));
    expect(await verdictOn(leaf)).toMatchObject({
      code: 3,
      said: expect.stringMatching(/is not what was sealed$/),
    });
    expect(await verdictOn(lines.slice(0, -1))).toEqual({ code: 3, said: 'cut short' });
    expect(await verdictOn(ended(lines.slice(0, -4)))).toMatchObject({ code: 3 });
  });
});
