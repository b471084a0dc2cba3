import { execFile } from 'node:child_process';
import { constants } from 'node:fs';
import { access } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { promisify } from 'node:util';
import type { Variables } from '../environment.js';

/** Whether a file exists and may be executed. */
export async function isExecutable(file: string): Promise<boolean> {
  return access(file, constants.X_OK).then(
    () => true,
    () => false,
  );
}

/** The first executable of that name on the PATH. */
export async function onPath(name: string, variables: Variables): Promise<string | undefined> {
  for (const folder of (variables.PATH ?? '').split(delimiter)) {
    if (folder !== '' && (await isExecutable(join(folder, name)))) return join(folder, name);
  }
  return undefined;
}

/** Whether a program answers to an argument such as `--version` within ten seconds. */
export async function answers(program: string, argument: string): Promise<boolean> {
  return promisify(execFile)(program, [argument], { timeout: 10_000 }).then(
    () => true,
    () => false,
  );
}
