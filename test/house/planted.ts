import { execFile } from 'node:child_process';
import { cp, mkdir, symlink, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { inCheckout } from '../../src/main/checkout.js';
import { temporaryFolder } from '../ports/temporary-folder.js';

const RULES = [
  '.dependency-cruiser.mjs',
  '.oxlintrc.json',
  'biome.json',
  'knip.jsonc',
  'lint',
  'package.json',
  'tsconfig.json',
];

/** Source text by path, such as `src/domain/clock.ts`. */
export type Planted = Readonly<Record<string, string>>;

/** A checkout with the house's own rules and packages, and of sources only what is planted; gone after the test. */
export async function plant(files: Planted): Promise<string> {
  const folder = await temporaryFolder();
  for (const rule of RULES) await cp(inCheckout(rule), join(folder, rule), { recursive: true });
  await symlink(inCheckout('node_modules'), join(folder, 'node_modules'));
  await writeFile(join(folder, '.gitignore'), 'node_modules\n');
  for (const [path, text] of Object.entries(files)) {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), `${text}\n`);
  }
  return folder;
}

interface Checked {
  readonly code: number;
  readonly output: string;
}

/** Runs a checker in a folder; one that complains ends with another code than 0. */
export function check(folder: string, program: string, args: readonly string[]): Promise<Checked> {
  return run(inCheckout('node_modules', '.bin', program), args, folder);
}

/** Runs one of the house's own scripts. */
export function runNode(script: string, args: readonly string[]): Promise<Checked> {
  return run(process.execPath, [script, ...args], inCheckout());
}

function run(program: string, args: readonly string[], cwd: string): Promise<Checked> {
  return new Promise((resolve, reject) => {
    const done = (error: Error | null, stdout: string, stderr: string): void => {
      const code = error === null ? 0 : 'code' in error ? error.code : undefined;
      if (typeof code === 'number') resolve({ code, output: stdout + stderr });
      else reject(error ?? new Error(`${program} did not run`));
    };
    execFile(program, args, { cwd, maxBuffer: 1 << 24 }, done);
  });
}
