import { execFile } from 'node:child_process';
import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Variables } from '../environment.js';
import { OperatorError } from '../operator-error.js';
import { onPath } from './program-path.js';

/** Whom PostgreSQL runs as. `prefix` comes before its command; `ids` own its files where they are not ours. */
export interface ServerUser {
  prefix: readonly string[];
  ids?: { uid: number; gid: number };
}

const NOBODY = 65_534;

// Root may work in folders that are closed to everybody else, so what it starts must get there too: this one
// capability, and not taken away when the server asks about its own program (that is what the bit is for).
const throughClosedFolders = [
  '--securebits=+no_setuid_fixup',
  '--inh-caps=+dac_override',
  '--ambient-caps=+dac_override',
];

/** Throws OperatorError where a data folder is another user's than ours, and we are not root. */
export async function requireOwnData(data: string): Promise<void> {
  const us = process.getuid?.();
  const found = await stat(data).catch(() => undefined);
  if (found === undefined || us === 0 || found.uid === us) return;
  throw new OperatorError(
    `The database in ${data} belongs to another user (${found.uid}). Start Airworthy as root or as that user, ` +
      'give the folder to this one (chown -R), or set AIRWORTHY_HOME to another.',
  );
}

/**
 * Ourselves; or, as root, whom PostgreSQL refuses, the owner of its data if there is one, else nobody.
 * `parent` is the folder that `data` is in, or will be. Throws OperatorError where that is not possible.
 */
export async function serverUser(
  binaries: string,
  parent: string,
  data: string,
  variables: Variables,
): Promise<ServerUser> {
  if (process.getuid?.() !== 0) return { prefix: [] };
  const setpriv = await onPath('setpriv', variables);
  if (setpriv === undefined)
    throw new OperatorError(`${refusal} needs setpriv of util-linux. ${insteadOfRoot}`);
  const owner = await stat(data).catch(() => undefined);
  const ids =
    owner === undefined || owner.uid === 0
      ? { uid: NOBODY, gid: NOBODY }
      : { uid: owner.uid, gid: owner.gid };
  const user = [setpriv, `--reuid=${ids.uid}`, `--regid=${ids.gid}`, '--clear-groups'];
  for (const prefix of [user, [...user, ...throughClosedFolders]]) {
    if (await reaches(prefix, binaries, parent)) return { prefix, ids };
  }
  throw new OperatorError(
    `${refusal} did not work: that user does not get to ${binaries} or ${parent}, ` +
      `and the capability CAP_DAC_OVERRIDE cannot be passed on here. ${insteadOfRoot}`,
  );
}

const refusal = 'PostgreSQL does not run as root, and starting it as another user';
const insteadOfRoot = 'Start Airworthy as another user, or set DATABASE_URL to a running PostgreSQL.';

async function reaches(prefix: readonly string[], binaries: string, folder: string): Promise<boolean> {
  const [program = '', ...args] = prefix;
  const look = ['sh', '-c', 'cd "$1" && "$0" --version', join(binaries, 'postgres'), folder];
  return promisify(execFile)(program, [...args, ...look], { timeout: 10_000 }).then(
    () => true,
    () => false,
  );
}
