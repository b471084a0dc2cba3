import { createPublicKey } from 'node:crypto';
import { Command } from 'commander';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import type { Terminal } from '../../src/cli/terminal/terminal.js';
import { APP_ROLE, createPool } from '../../src/ledger/pool.js';
import { keyId, rawPublicKey } from '../../src/ledger/verify/checkpoint.js';
import { keyVerbs } from '../../src/main/key-verbs.js';
import { temporaryFolder } from '../ports/temporary-folder.js';
import { freshDatabase } from '../support/fresh-database.js';

let appUrl: string;

beforeEach(async () => {
  ({ appUrl } = await freshDatabase());
  vi.stubEnv('AIRWORTHY_HOME', await temporaryFolder());
});
afterEach(() => {
  vi.unstubAllEnvs();
});

/** Runs `ledger …` and answers what it writes. */
async function ledger(...args: string[]): Promise<string> {
  const lines: string[] = [];
  const terminal = { out: (line: string) => void lines.push(line) } as unknown as Terminal;
  const group = new Command('ledger').exitOverride();
  keyVerbs(group, terminal, async () => createPool(appUrl, { role: APP_ROLE }));
  await group.parseAsync(args, { from: 'user' });
  return lines.join('\n');
}

const idsOf = (text: string) =>
  (text.match(/-----BEGIN PUBLIC KEY-----[^-]+-----END PUBLIC KEY-----/g) ?? []).map((pem) =>
    keyId(rawPublicKey(createPublicKey(pem))),
  );

it('rotates, and prints the public keys as PEM with their ids and times', async () => {
  expect(await ledger('keys')).toBe('');
  const [first] = idsOf(await ledger('rotate-key'));
  const rotated = await ledger('rotate-key', '--overlap', '2d');
  const [second] = idsOf(rotated);
  const end = /Key (\w+) signs until (\S+)\.\n/.exec(rotated);
  expect(end?.[1]).toBe(first);
  const left = Date.parse(end?.[2] ?? '') - Date.now();
  expect(left / 3_600_000).toBeCloseTo(48, 1);

  const printed = await ledger('keys');
  expect(idsOf(printed)).toEqual([first, second]);
  expect(printed).toMatch(
    new RegExp(`# ${first}, from \\S+ until ${end?.[2]}\n[\\s\\S]+# ${second}, from \\S+Z\n`),
  );
  expect(JSON.parse(await ledger('keys', '--json'))).toMatchObject([
    { key: first, retiredAt: end?.[2] },
    { key: second, retiredAt: null },
  ]);
});

it('ends the old key at once for an overlap of nothing', async () => {
  await ledger('rotate-key');
  await ledger('rotate-key', '--overlap', '0');
  const [first, second] = JSON.parse(await ledger('keys', '--json'));
  expect(first.retiredAt).toBe(second.validFrom);
});

it.each(['soon', '1bd', '-1d', '7m'])('refuses an overlap of %s', async (overlap) => {
  await expect(ledger('rotate-key', `--overlap=${overlap}`)).rejects.toThrow(
    /write elapsed time, such as 7d/,
  );
  expect(await ledger('keys')).toBe('');
});

it('says what to do where the keys are kept elsewhere and none is new', async () => {
  vi.stubEnv('AIRWORTHY_SIGNING_KEY', 'nothing');
  await expect(ledger('rotate-key')).rejects.toThrow(/AIRWORTHY_SIGNING_KEY holds no PEM/);
});
