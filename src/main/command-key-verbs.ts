import type { KeyObject } from 'node:crypto';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Command } from 'commander';
import type { Terminal } from '../cli/terminal/terminal.js';
import { elapsedOf, elapsedTime } from '../contracts/duration-text.js';
import type { Environment } from './environment.js';
import { OperatorError } from './operator-error.js';
import { commandFolder, keySources, rootsSource } from './signing-settings.js';

const DAY_MS = 86_400_000;
const instant = (at: number): string => new Date(at).toISOString();

/** The verbs about the keys that sign commands, which need neither API nor database: root keys never come near either. */
export function commandKeyVerbs(program: Command, { out }: Terminal, environment: () => Environment): void {
  const keys = program
    .command('keys')
    .description(
      'The keys that prove that commands come from the API: root keys, and those that they certify',
    );

  keys
    .command('make-root <file>')
    .description('Make a root key: its private half into the file, which belongs into a safe')
    .action((file: string) => inWords(async () => out(await makeKey(file))));

  keys
    .command('make')
    .description('Make a key to sign commands with, and print its public half to be certified')
    .option('--out <file>', 'where its private half goes; absent: where the API looks for it')
    .action(({ out: file }: { out?: string }) =>
      inWords(async () => out(await makeCommandKey(file, environment()))),
    );

  keys
    .command('certify <public>')
    .description('Let a root key certify a key (a file with its public half) for a while')
    .requiredOption('--root <file>', 'private half of the root key')
    .option('--for <time>', 'how long it may sign', '90d')
    .option('--from <date-time>', 'from when on; absent: from now on')
    .option('--install', 'put it where the API looks for certificates, too')
    .action((file: string, options: CertifyOptions) =>
      inWords(async () => out(await certifyKey(file, options, environment()))),
    );

  keys
    .command('new-roots <public...>')
    .description('Name the root keys that hold from now on, signed by one that holds now')
    .requiredOption('--root <file>', 'private half of a root key that lifecycles believe now')
    .requiredOption('--serial <number>', 'above that of the set before; 1 for the first')
    .action((files: readonly string[], options: { root: string; serial: string }) =>
      inWords(async () => out(await nameNewRoots(files, options))),
    );

  keys
    .command('tell <file>')
    .description('Tell every running lifecycle of new root keys, as new-roots printed them')
    .action((file: string) => inWords(() => tellLifecycles(file, out)));

  keys
    .command('show')
    .description('Which root keys are believed, and which keys sign until when')
    .action(() => inWords(() => showKeys(environment(), out)));
}

interface CertifyOptions {
  readonly root: string;
  readonly for: string;
  readonly from?: string;
  readonly install?: boolean;
}

/** What the operator can mend, in words. */
async function inWords(run: () => Promise<unknown>): Promise<void> {
  const { SigningUnavailable } = await import('../ports/signer.js');
  const { SigningKeyUnusable } = await import('../ledger/anchors/private-keys.js');
  try {
    await run();
  } catch (error) {
    if (error instanceof SigningUnavailable || error instanceof SigningKeyUnusable)
      throw new OperatorError(`${error.message}.`);
    if (error instanceof Error && 'code' in error && (error.code === 'ENOENT' || error.code === 'EEXIST'))
      throw new OperatorError(`${error.message}.`);
    throw error;
  }
}

const publicPem = async (key: KeyObject): Promise<string> => {
  const { createPublicKey } = await import('node:crypto');
  return String(createPublicKey(key).export({ type: 'spki', format: 'pem' })).trim();
};

async function makeKey(file: string): Promise<string> {
  const { generateKeyPairSync } = await import('node:crypto');
  const { privateKey } = generateKeyPairSync('ed25519');
  await mkdir(dirname(file), { recursive: true, mode: 0o700 });
  await writeFile(file, privateKey.export({ type: 'pkcs8', format: 'pem' }), { flag: 'wx', mode: 0o600 });
  return publicPem(privateKey);
}

async function makeCommandKey(file: string | undefined, { home }: Environment): Promise<string> {
  if (file !== undefined) return makeKey(file);
  const { keysOfFolder } = await import('../ledger/anchors/private-keys.js');
  const made = await keysOfFolder(commandFolder(home)).make?.();
  if (made === undefined) throw new OperatorError('No key could be made.');
  return publicPem(made);
}

async function rootIn(file: string): Promise<KeyObject> {
  const { keysOfFile } = await import('../ledger/anchors/private-keys.js');
  const [root, another] = await keysOfFile(file).all();
  if (root === undefined || another !== undefined)
    throw new OperatorError(`${file} should hold one root key.`);
  return root;
}

async function certifyKey(file: string, options: CertifyOptions, { home }: Environment): Promise<string> {
  const { certify } = await import('../signing/certify.js');
  const { certificateBlock, publicKeysIn } = await import('../signing/sources.js');
  const [key, another] = publicKeysIn(await readFile(file, 'utf8'));
  if (key === undefined || another !== undefined)
    throw new OperatorError(`${file} should hold the public half of one key.`);
  if (!elapsedTime.safeParse(options.for).success)
    throw new OperatorError(`--for ${options.for}: write elapsed time, such as 90d.`);
  const from = options.from === undefined ? Date.now() : Date.parse(options.from);
  if (Number.isNaN(from)) throw new OperatorError(`--from ${options.from}: write a date-time.`);
  const certificate = certify(await rootIn(options.root), key, from, from + elapsedOf(options.for));
  const block = certificateBlock(certificate);
  if (options.install) await install(home, block, key);
  return block;
}

async function install(home: string, block: string, key: string): Promise<void> {
  const { keyIdOf } = await import('../contracts/proof/dsse.js');
  await mkdir(commandFolder(home), { recursive: true, mode: 0o700 });
  await writeFile(join(commandFolder(home), `${keyIdOf(key)}.${Date.now()}.cert`), `${block}\n`);
}

async function nameNewRoots(
  files: readonly string[],
  { root, serial }: { root: string; serial: string },
): Promise<string> {
  const { nameRoots } = await import('../signing/certify.js');
  const { publicKeysIn, rootSetBlock } = await import('../signing/sources.js');
  const number = Number(serial);
  if (!Number.isInteger(number) || number < 1)
    throw new OperatorError(`--serial ${serial}: write 1 or more.`);
  const texts = await Promise.all(files.map((file) => readFile(file, 'utf8')));
  const roots = texts.flatMap((text) => publicKeysIn(text));
  if (roots.length === 0) throw new OperatorError('Name files with public root keys.');
  return rootSetBlock(nameRoots(await rootIn(root), roots, number));
}

async function tellLifecycles(file: string, out: (line: string) => void): Promise<void> {
  const { rootSetsIn } = await import('../signing/sources.js');
  const { tellRoots } = await import('./tell-roots.js');
  const newest = rootSetsIn(await readFile(file, 'utf8')).at(-1);
  if (newest === undefined) throw new OperatorError(`${file} holds no set of root keys.`);
  out(`Told ${await tellRoots(newest)} lifecycles of the root keys of set ${newest.serial}.`);
}

async function showKeys({ signing, home }: Environment, out: (line: string) => void): Promise<void> {
  const { keyIdOf } = await import('../contracts/proof/dsse.js');
  const { certificatesIn, pinnedRootsIn } = await import('../signing/sources.js');
  const { roots, serial } = pinnedRootsIn(await rootsSource(signing, home)());
  for (const root of roots) out(`root ${keyIdOf(root)}, of set ${serial}`);
  for (const { key, root, notBefore, notAfter } of certificatesIn(
    await keySources(signing, home).certificates(),
  )) {
    const left = Math.floor((notAfter - Date.now()) / DAY_MS);
    out(
      `key ${keyIdOf(key)}, by ${root}, from ${instant(notBefore)} until ${instant(notAfter)}, ${left} days left`,
    );
  }
}
