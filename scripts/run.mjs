// `node scripts/run.mjs NAME [args]`: set-up, then the named program in this same process, so that signals,
// arguments and the exit code are its own and no wrapper survives or hides it.
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { compile, SetUpError, setUp } from './set-up.mjs';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const programs = {
  up: { file: 'dist/main/up.js', args: [] },
  demo: { file: 'dist/main/demo.js', args: [] },
  test: { file: 'node_modules/vitest/vitest.mjs', args: ['run'] },
  bench: { file: 'dist/bench/bench/main.js', args: [], project: 'bench' },
  faults: { file: 'dist/faults/faults/main.js', args: [], project: 'faults' },
  generate: { file: 'dist/main/generate.js', args: [] },
};

async function main() {
  const [name, ...rest] = process.argv.slice(2);
  const program = programs[name];
  if (program === undefined) {
    throw new SetUpError(`Say which program to run: ${Object.keys(programs).join(', ')}.`);
  }
  await setUp();
  const { project } = program;
  if (project !== undefined) await compile(`tsconfig.${project}.json`, join(root, 'dist', project));
  const file = join(root, program.file);
  process.setSourceMapsEnabled(true);
  process.argv = [process.argv[0], file, ...program.args, ...rest];
  await import(pathToFileURL(file).href);
}

main().catch((error) => {
  process.stderr.write(`${error instanceof SetUpError ? error.message : error.stack}\n`);
  process.exitCode = 1;
});
