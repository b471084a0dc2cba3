import { readdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Json } from '../domain/json.js';
import { writeAtomically } from './atomic-file.js';
import { systemCode } from './system-error.js';

const SUFFIX = '.json';
/** Somebody's own words may be among the items. */
const OWNER_ONLY = 0o600;

/** A folder with one JSON file an item. Removing twice is removing once; so is adding. Throws what node:fs throws. */
export function createItemFolder(folder: string) {
  const place = (name: string): string => {
    if (!/^[\w.-]{1,200}$/.test(name)) throw new TypeError(`"${name}" cannot name an item`);
    return join(folder, `${name}${SUFFIX}`);
  };

  return {
    /** On disk when it resolves. */
    add: (name: string, item: Json): Promise<void> =>
      writeAtomically(place(name), JSON.stringify(item), OWNER_ONLY),

    async get(name: string): Promise<Json | undefined> {
      const text = await orNothing(readFile(place(name), 'utf8'));
      return text === undefined ? undefined : (JSON.parse(text) as Json);
    },

    /** Sorted. */
    async names(): Promise<readonly string[]> {
      const files = (await orNothing(readdir(folder))) ?? [];
      return files.flatMap((file) => (file.endsWith(SUFFIX) ? [file.slice(0, -SUFFIX.length)] : [])).sort();
    },

    /** One that comes back after a power failure is carried twice, which changes nothing. */
    remove: (name: string): Promise<void> => rm(place(name), { force: true }),
  };
}

async function orNothing<T>(read: Promise<T>): Promise<T | undefined> {
  try {
    return await read;
  } catch (error) {
    if (systemCode(error) === 'ENOENT') return undefined;
    throw error;
  }
}
