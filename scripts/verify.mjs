// `npm run verify`: everything that can be said about a change without running it. All steps run, so that one
// run names everything there is to mend; each is an npm script of its own, to be run alone.
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { SetUpError, setUp } from './set-up.mjs';

const root = dirname(dirname(fileURLToPath(import.meta.url)));

/** npm script, what it watches, and what to do when it complains. */
const steps = [
  ['format:check', 'format', 'npm run format mends it'],
  ['lint', 'lint', 'npm run format mends some of it'],
  ['types', 'types', 'mend what the compiler names'],
  ['fences', 'imports between folders', 'who may import whom: .dependency-cruiser.mjs'],
  ['generate:check', 'generated references', 'npm run generate writes them anew'],
  ['dead-code', 'unused files, exports, packages', 'remove it, or use it'],
  ['sizes', 'sizes of files', 'split what is too long'],
];

function runScript(name) {
  return new Promise((resolve) => {
    const child = spawn('npm', ['run', '--silent', name], { cwd: root, stdio: ['ignore', 'pipe', 'pipe'] });
    const output = [];
    child.stdout.on('data', (chunk) => output.push(chunk));
    child.stderr.on('data', (chunk) => output.push(chunk));
    child.on('error', (error) => resolve({ ok: false, output: error.message }));
    child.on('close', (code) => resolve({ ok: code === 0, output: Buffer.concat(output).toString('utf8') }));
  });
}

async function verify() {
  if (!existsSync(join(root, 'node_modules', '.bin', 'biome'))) await setUp();
  const failed = [];
  for (const [name, what, advice] of steps) {
    const begun = Date.now();
    const { ok, output } = await runScript(name);
    const seconds = ((Date.now() - begun) / 1000).toFixed(1).padStart(5);
    process.stdout.write(`${ok ? 'ok     ' : 'REFUSED'} ${seconds} s  ${what}${ok ? '' : `: ${advice}`}\n`);
    if (ok) continue;
    failed.push(name);
    process.stdout.write(`${output.trimEnd().replace(/^/gm, '    ')}\n`);
  }
  const sum = `${steps.length - failed.length} of ${steps.length} steps clean`;
  process.stdout.write(
    failed.length === 0 ? `verify: ${sum}\n` : `verify: ${sum}; refused: ${failed.join(', ')}\n`,
  );
  process.exitCode = failed.length === 0 ? 0 : 1;
}

verify().catch((error) => {
  process.stderr.write(`${error instanceof SetUpError ? error.message : error.stack}\n`);
  process.exitCode = 1;
});
