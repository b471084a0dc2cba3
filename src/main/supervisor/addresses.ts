import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { writeAtomically } from '../../adapters/atomic-file.js';
import { isAlive, recordOf } from './process-record.js';

const addressesSchema = z.object({
  /** The API, such as http://127.0.0.1:8080. */
  api: z.string(),
  /** Host and port of the Temporal frontend. */
  temporal: z.string(),
  namespace: z.string(),
  /** Web UI of Temporal; absent when the server is not ours and nobody named its UI. */
  temporalUi: z.string().optional(),
  /** The database, without a password; and the command that opens it, when it is ours. */
  database: z.string(),
  databaseShell: z.string().optional(),
  /** The release target and the metric source; and the files that say so instead, where there are some. */
  target: z.string(),
  metrics: z.string(),
  targetsFile: z.string().optional(),
  metricSourcesFile: z.string().optional(),
});

/** Where a running system can be reached. */
export type Addresses = z.infer<typeof addressesSchema>;

const fileSchema = z.object({
  up: z.object({ name: z.string(), pid: z.number(), identity: z.string() }),
  addresses: addressesSchema,
});

/** The folder of a home's process files and addresses. */
export function runFolderOf(home: string): string {
  return join(home, 'run');
}

function fileOf(home: string): string {
  return join(runFolderOf(home), 'addresses.json');
}

/** Publishes the addresses of the system that this process runs. */
export async function publishAddresses(home: string, addresses: Addresses): Promise<void> {
  await writeAtomically(
    fileOf(home),
    `${JSON.stringify({ up: recordOf('up', process.pid), addresses }, null, 2)}\n`,
  );
}

/** Withdraws them. */
export function withdrawAddresses(home: string): void {
  rmSync(fileOf(home), { force: true });
}

/** The system that runs and is ready in a home folder now, with the process id of its `up`. */
export function runningSystem(home: string): { pid: number; addresses: Addresses } | undefined {
  try {
    const { up, addresses } = fileSchema.parse(JSON.parse(readFileSync(fileOf(home), 'utf8')));
    return isAlive(up) ? { pid: up.pid, addresses } : undefined;
  } catch {
    return undefined;
  }
}
