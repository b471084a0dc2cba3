import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Say } from '../servers/command.js';
import { endProcess } from './ending.js';
import { isAlive, readRecord, removeRecord } from './process-record.js';

const PATIENCE_MS = 5_000;

/** The ending of files that name a child process of `up`. */
export const recordSuffix = '.process.json';

/** Ends what a killed `up` left behind. Only the very processes written down are touched, never a namesake. */
export async function reclaimOrphans(runFolder: string, say: Say): Promise<void> {
  const files = readdirSync(runFolder).filter((file) => file.endsWith(recordSuffix));
  await Promise.all(
    files.map(async (file) => {
      const record = readRecord(join(runFolder, file));
      if (record !== undefined && isAlive(record)) {
        say(`Ending ${record.name} (process ${record.pid}), left behind by an earlier run ...`);
        await endProcess(record, PATIENCE_MS);
      }
      removeRecord(join(runFolder, file));
    }),
  );
}
