// Brings a checkout into a runnable state: dependencies, compiled sources, workflow bundle. Plain Node and
// old syntax, because it runs before anything is installed and must be able to tell an old Node so.
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const modules = join(root, 'node_modules');
const dist = join(root, 'dist');
const installedStamp = join(modules, '.airworthy-installed');
const builtStamp = join(dist, '.airworthy-built');
const lockFolder = join(modules, '.airworthy-set-up');

/** A failure whose message is all that a person needs: no stack is shown for it. */
export class SetUpError extends Error {}

/**
 * Makes the checkout runnable and returns the names of the steps that were needed (none: under a second).
 * Throws SetUpError with a sentence that says what to do.
 */
export async function setUp(say = (line) => process.stderr.write(`${line}\n`)) {
  requireNode();
  if (upToDate()) return [];
  return withLock(say, async () => {
    const steps = [];
    const begun = Date.now();
    if (stamp(installedStamp) !== dependencyHash()) {
      steps.push('install');
      await install(say);
    }
    if (stamp(builtStamp) !== sourceHash()) {
      steps.push('build');
      await build(say);
    }
    if (steps.length > 0) say(`Set-up done in ${Math.round((Date.now() - begun) / 1000)} s.`);
    return steps;
  });
}

function upToDate() {
  return stamp(installedStamp) === dependencyHash() && stamp(builtStamp) === sourceHash();
}

function requireNode() {
  const parts = process.versions.node.split('.').map(Number);
  if (parts[0] > 20 || (parts[0] === 20 && parts[1] >= 20)) return;
  throw new SetUpError(
    `Airworthy needs Node 20.20 or newer; this is Node ${process.versions.node} (${process.execPath}). ` +
      'Install a newer one (nodejs.org, nvm or your package manager) and run the command again.',
  );
}

async function install(say) {
  say('Installing dependencies (about half a minute the first time) ...');
  const args = ['install', '--include=dev', '--ignore-scripts', '--no-audit', '--no-fund'];
  // npm names its own script to what it runs; this avoids a second npm of another version on the PATH.
  const npm = process.env.npm_execpath;
  const [program, first] = npm?.endsWith('.js') ? [process.execPath, [npm]] : ['npm', []];
  await run(program, first.concat(args), 'npm install did not succeed. Is the package registry reachable?');
  // Hashed after the fact: npm may complete the lock for this platform.
  writeFileSync(installedStamp, dependencyHash());
}

async function build(say) {
  const hash = sourceHash();
  say('Compiling src/ ...');
  const next = `${dist}.next`;
  rmSync(next, { recursive: true, force: true });
  try {
    await compile('tsconfig.build.json', next);
  } catch (error) {
    rmSync(next, { recursive: true, force: true });
    throw error;
  }
  // Swapped whole, so that no file of a removed source stays behind and a running system keeps what it loaded.
  const previous = `${dist}.previous`;
  rmSync(previous, { recursive: true, force: true });
  if (existsSync(dist)) renameSync(dist, previous);
  renameSync(next, dist);
  rmSync(previous, { recursive: true, force: true });
  say('Bundling the workflows ...');
  await run(process.execPath, [join(dist, 'main', 'bundle.js')], 'The workflow bundle could not be built.');
  writeFileSync(builtStamp, hash);
}

/** Compiles one TypeScript project into a folder; the compiler's complaints become the error. */
export function compile(project, outDir) {
  const tsc = join(modules, '.bin', 'tsc');
  return run(
    tsc,
    ['-p', project, '--outDir', outDir],
    `${project} does not compile. Mend what is named above.`,
  );
}

/** Runs a program, its output shown only when it fails. */
function run(program, args, sentence) {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, { cwd: root, stdio: ['ignore', 'pipe', 'pipe'] });
    const output = [];
    child.stdout.on('data', (chunk) => output.push(chunk));
    child.stderr.on('data', (chunk) => output.push(chunk));
    child.on('error', (error) => reject(new SetUpError(`${sentence}\n${program}: ${error.message}`)));
    child.on('close', (code) => {
      if (code === 0) resolve();
      else
        reject(
          new SetUpError(`${Buffer.concat(output).toString('utf8').slice(-8000).trimEnd()}\n${sentence}`),
        );
    });
  });
}

/** One set-up at a time in a checkout: a second waits, then finds everything done. */
async function withLock(say, body) {
  mkdirSync(modules, { recursive: true });
  const holder = join(lockFolder, String(process.pid));
  let told = false;
  while (!takeLock(holder)) {
    if (!told) say('Another set-up is at work in this checkout; waiting for it ...');
    told = true;
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
  const release = () => rmSync(lockFolder, { recursive: true, force: true });
  process.once('exit', release);
  try {
    return await body();
  } finally {
    release();
    process.off('exit', release);
  }
}

function takeLock(holder) {
  // Complete with its holder's name before it appears: a rename onto a folder that is not empty fails.
  const own = `${lockFolder}.${process.pid}`;
  mkdirSync(own, { recursive: true });
  writeFileSync(join(own, String(process.pid)), '');
  try {
    renameSync(own, lockFolder);
    return existsSync(holder);
  } catch {
    rmSync(own, { recursive: true, force: true });
    const pid = existsSync(lockFolder) ? readdirSync(lockFolder)[0] : undefined;
    if (pid !== undefined && !alive(Number(pid))) rmSync(join(lockFolder, pid), { force: true });
    return false;
  }
}

function alive(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error.code === 'EPERM';
  }
}

function stamp(file) {
  return existsSync(file) ? readFileSync(file, 'utf8') : undefined;
}

function dependencyHash() {
  const manifest = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  const wanted = [
    manifest.dependencies,
    manifest.devDependencies,
    manifest.optionalDependencies,
    manifest.overrides,
  ];
  const hash = createHash('sha256').update(JSON.stringify(wanted));
  return hash.update(readFileSync(join(root, 'package-lock.json'))).digest('hex');
}

function sourceHash() {
  const hash = createHash('sha256').update(dependencyHash());
  const files = ['tsconfig.json', 'tsconfig.build.json'].concat(filesUnder('src'));
  for (const file of files) hash.update(`${file}\n`).update(readFileSync(join(root, file)));
  return hash.digest('hex');
}

function filesUnder(folder) {
  const entries = readdirSync(join(root, folder), { withFileTypes: true });
  return entries
    .flatMap((entry) =>
      entry.isDirectory() ? filesUnder(`${folder}/${entry.name}`) : [`${folder}/${entry.name}`],
    )
    .filter((file) => /\.(ts|tsx|json)$/.test(file))
    .sort();
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) {
  setUp().catch((error) => {
    process.stderr.write(`${error instanceof SetUpError ? error.message : error.stack}\n`);
    process.exitCode = 1;
  });
}
