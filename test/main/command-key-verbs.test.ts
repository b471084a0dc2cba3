import { readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Command } from 'commander';
import { beforeEach, describe, expect, it } from 'vitest';
import type { Terminal } from '../../src/cli/terminal/terminal.js';
import { isSignedByRoot } from '../../src/contracts/proof/roots.js';
import { commandKeyVerbs } from '../../src/main/command-key-verbs.js';
import { makeDevelopmentKeys } from '../../src/main/development-keys.js';
import { readEnvironment, type Variables } from '../../src/main/environment.js';
import { openRoots, openSigner } from '../../src/main/open-signer.js';
import { publicKeysIn, rootSetsIn } from '../../src/signing/sources.js';
import { temporaryFolder } from '../ports/temporary-folder.js';

let folder: string;
let variables: Variables;

beforeEach(async () => {
  folder = await temporaryFolder();
  variables = { AIRWORTHY_HOME: join(folder, 'home') };
});

const environment = (more: Variables = {}) => readEnvironment({ ...variables, ...more });

/** Runs `keys …` and answers what it writes. */
async function keys(...args: string[]): Promise<string> {
  const lines: string[] = [];
  const program = new Command().exitOverride();
  commandKeyVerbs(
    program,
    { out: (line: string) => void lines.push(line) } as unknown as Terminal,
    environment,
  );
  await program.parseAsync(['keys', ...args], { from: 'user' });
  return lines.join('\n');
}

/** A root key, with the files of its two halves. */
async function makeRoot(name: string): Promise<{ readonly root: string; readonly publicFile: string }> {
  const root = join(folder, 'safe', `${name}.pem`);
  const publicFile = join(folder, `${name}.pub.pem`);
  await writeFile(publicFile, await keys('make-root', root));
  return { root, publicFile };
}

describe('airworthy keys', () => {
  it('leads from nothing to a key that signs, with the root key kept elsewhere', async () => {
    const { root, publicFile } = await makeRoot('root');
    expect((await stat(root)).mode & 0o077).toBe(0);
    const named = { AIRWORTHY_ROOT_KEYS_FILE: publicFile };
    await expect(openSigner(environment(named))).rejects.toThrow(
      /trust|TRUST=signed: no key that signs commands/i,
    );
    await expect(openRoots(environment())).rejects.toThrow(/there is no root key to believe/);
    const roots = await openRoots(environment(named));
    expect([await roots.believed(), await roots.known()]).toEqual([
      [expect.any(String)],
      [expect.any(String)],
    ]);
    const request = join(folder, 'key.pub.pem');
    await writeFile(request, await keys('make'));
    const block = await keys('certify', request, '--root', root, '--for', '30d', '--install');
    expect(block).toMatch(/^-----BEGIN AIRWORTHY CERTIFICATE-----/);
    const { certificate } = await (await openSigner(environment(named))).key(Date.now());
    expect(certificate.key).toBe(publicKeysIn(await readFile(request, 'utf8'))[0]);
    expect((certificate.notAfter - certificate.notBefore) / 86_400_000).toBe(30);
  });

  it('takes keys and certificates from the environment as well', async () => {
    const { root, publicFile } = await makeRoot('root');
    const private_ = join(folder, 'signing.pem');
    const request = join(folder, 'key.pub.pem');
    await writeFile(request, await keys('make', '--out', private_));
    const signer = await openSigner(
      environment({
        AIRWORTHY_ROOT_KEYS: await readFile(publicFile, 'utf8'),
        AIRWORTHY_COMMAND_KEY: await readFile(private_, 'utf8'),
        AIRWORTHY_COMMAND_CERTIFICATES: await keys('certify', request, '--root', root),
      }),
    );
    await expect(signer.key(Date.now())).resolves.toBeDefined();
  });

  it('names new root keys, signed by one that is believed', async () => {
    const [old, next] = [await makeRoot('old'), await makeRoot('next')];
    const text = await keys(
      'new-roots',
      old.publicFile,
      next.publicFile,
      '--root',
      old.root,
      '--serial',
      '1',
    );
    const [set] = rootSetsIn(text);
    const [believed = ''] = publicKeysIn(await readFile(old.publicFile, 'utf8'));
    expect(set && isSignedByRoot(set, [believed])).toBe(true);
    expect(set?.roots).toHaveLength(2);
    expect(set?.serial).toBe(1);
  });

  it('shows what is believed and until when it signs', async () => {
    await makeDevelopmentKeys(environment());
    expect(await keys('show')).toMatch(
      /^root [0-9a-f]{16}, of set 0\nkey [0-9a-f]{16}, by [0-9a-f]{16}, from \S+Z until \S+Z, 36[45] days left$/,
    );
  });

  it.each<[string, string[], RegExp]>([
    ['a missing root key', ['certify', 'KEY', '--root', 'nowhere.pem'], /nowhere\.pem cannot be read/],
    ['a file without a key', ['certify', 'EMPTY', '--root', 'ROOT'], /public half of one key/],
    ['a time that is none', ['certify', 'KEY', '--root', 'ROOT', '--for', 'long'], /write elapsed time/],
    ['a date that is none', ['certify', 'KEY', '--root', 'ROOT', '--from', 'soon'], /write a date-time/],
    ['a serial that is none', ['new-roots', 'KEY', '--root', 'ROOT', '--serial', '0'], /write 1 or more/],
    ['a root key that is there already', ['make-root', 'ROOT'], /exists/],
  ])('refuses %s in words', async (_what, args, message) => {
    const { root, publicFile } = await makeRoot('root');
    const empty = join(folder, 'empty.pem');
    await writeFile(empty, '');
    const files: Readonly<Record<string, string>> = { KEY: publicFile, ROOT: root, EMPTY: empty };
    await expect(keys(...args.map((arg) => files[arg] ?? arg))).rejects.toThrow(message);
  });
});

describe('keys of development', () => {
  it('are made once, and never beside keys that are named', async () => {
    await makeDevelopmentKeys(environment());
    const first = await (await openSigner(environment())).key(Date.now());
    await makeDevelopmentKeys(environment());
    const again = await (await openSigner(environment())).key(Date.now());
    expect(again.certificate).toEqual(first.certificate);
    variables = { AIRWORTHY_HOME: join(folder, 'other'), AIRWORTHY_ROOT_KEYS: 'x' };
    await makeDevelopmentKeys(environment());
    await expect(stat(join(folder, 'other', 'keys'))).rejects.toThrow(/ENOENT/);
  });
});
