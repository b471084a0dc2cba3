import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import type { SecretRef } from '../contracts/secret-ref.js';
import { systemCode } from './system-error.js';

/** The secret that is where a reference says, read anew at each use: it may have been changed. */
export type SecretOf = (ref: SecretRef) => Promise<string>;

/** There is no secret where one was named. The message says where, and quotes nothing. */
class SecretMissing extends Error {
  override readonly name = 'SecretMissing';
  readonly code = 'secret-missing';
}

/** Secrets of these variables, and of files below this folder where their path is relative. Throws `SecretMissing`. */
export function createSecrets(
  variables: Readonly<Record<string, string | undefined>>,
  folder: string,
): SecretOf {
  return async (ref) => {
    if ('env' in ref) {
      const value = variables[ref.env];
      if (value) return value;
      throw new SecretMissing(`the variable ${ref.env} is not set: it is to hold a secret`);
    }
    const text = await readFile(resolve(folder, ref.file), 'utf8').catch((error: unknown) => {
      throw new SecretMissing(
        `the secret in ${ref.file} cannot be read (${systemCode(error) ?? 'no reason'})`,
      );
    });
    const value = text.trim();
    if (value !== '') return value;
    throw new SecretMissing(`${ref.file} is empty: it is to hold a secret`);
  };
}
