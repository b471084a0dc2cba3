import { execFile } from 'node:child_process';
import { readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { inCheckout } from '../../../src/main/checkout.js';
import { cacheFolder } from '../../../src/main/environment.js';
import { OperatorError } from '../../../src/main/operator-error.js';
import { runLongCommand } from '../../../src/main/servers/command.js';
import { fetchedBefore, fetchInto, type Search, type Source } from '../../../src/main/servers/fetched.js';
import { onPath } from '../../../src/main/servers/program-path.js';
import { unpackDebian } from './debian.js';

/** How to run MLflow: the interpreter, the variables it needs, and in words where it comes from. */
export interface MlflowProgram {
  readonly python: string;
  readonly variables: NodeJS.ProcessEnv;
  readonly origin: string;
}

interface Python {
  readonly path: string;
  readonly version: string;
}

const REQUIREMENTS = inCheckout('test', 'support', 'services', 'mlflow-requirements.txt');
const PYTHONS = ['python3', 'python3.14', 'python3.13', 'python3.12', 'python3.11', 'python3.10'];
const run = promisify(execFile);

/**
 * MLflow as the requirements file pins it, from the Python package index: fetched before, or installed once into a
 * folder of the cache. Throws OperatorError saying what to install where there is no Python 3.10 or newer.
 */
export async function mlflowProgram(search: Search): Promise<MlflowProgram> {
  const python = await findPython(search);
  const release = /^mlflow-skinny==(.+)$/m.exec(await readFile(REQUIREMENTS, 'utf8'))?.[1] ?? '';
  const source: Source = {
    // Compiled parts of a package are for one minor version of Python.
    folder: `mlflow-${release}-python${python.version}`,
    program: 'complete',
    words: `MLflow ${release} of the Python package index`,
  };
  const cache = cacheFolder(search.variables);
  const found = (await fetchedBefore(cache, source)) ?? (await install(cache, source, python, search));
  const variables = { PYTHONPATH: join(cache, source.folder), PYTHONNOUSERSITE: '1' };
  return { python: python.path, variables, origin: found.origin };
}

async function findPython({ variables }: Search): Promise<Python> {
  // What a version manager puts on the PATH is often a script: the interpreter knows its own path.
  const question = 'import sys; print(sys.executable, "%d.%d" % sys.version_info[:2])';
  for (const name of PYTHONS) {
    const path = await onPath(name, variables);
    const answer = path && (await run(path, ['-c', question]).catch(() => undefined));
    const found = answer && /^(.+) 3\.(\d+)$/.exec(answer.stdout.trim());
    if (found && Number(found[2]) >= 10) return { path: found[1] ?? '', version: `3.${found[2]}` };
  }
  throw new OperatorError(
    'MLflow, which tests release models to, needs Python 3.10 or newer on the PATH as `python3` ' +
      '(on Debian: apt-get install python3). Install it and run the tests again.',
  );
}

async function install(cache: string, source: Source, python: Python, search: Search) {
  search.say(`Installing ${source.words}, once (200 MB, half a minute to a few) ...`);
  return fetchInto(cache, source, async (folder) => {
    await runLongCommand({
      program: python.path,
      args: [
        ...(await pip(python, folder, search)),
        'install',
        '--target',
        folder,
        '--requirement',
        REQUIREMENTS,
        '--only-binary=:all:',
        '--disable-pip-version-check',
        '--no-cache-dir',
        '--no-warn-conflicts',
      ],
      doing: 'installing MLflow',
      variables: { ...search.variables, PYTHONNOUSERSITE: '1' },
      signal: search.signal,
      say: search.say,
    });
    await rm(join(folder, '.pip'), { recursive: true, force: true });
    // What the cache asks for: a mark that is there only when all the rest is.
    await writeFile(join(folder, source.program), '#!/bin/sh\n');
  });
}

/** The arguments that run pip: Python's own, or Debian's wheel of it, which runs as it is. */
async function pip(python: Python, folder: string, search: Search): Promise<string[]> {
  const own = ['-m', 'pip'];
  if (
    await run(python.path, [...own, '--version']).then(
      () => true,
      () => false,
    )
  )
    return own;
  const unpacked = join(folder, '.pip');
  const wheels = join(unpacked, 'usr', 'share', 'python-wheels');
  if (await unpackDebian(['python3-pip-whl'], unpacked, search)) {
    const wheel = (await readdir(wheels)).find((file) => /^pip-.*\.whl$/.test(file));
    if (wheel !== undefined) return [join(wheels, wheel, 'pip')];
  }
  throw new OperatorError(
    `MLflow is installed with pip, and ${python.path} has none. Install it (on Debian: apt-get install python3-pip; ` +
      'elsewhere: python3 -m ensurepip) and run the tests again.',
  );
}
