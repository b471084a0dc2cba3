import { readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { z } from 'zod';
import { identityOf } from '../../adapters/process-identity.js';

const recordSchema = z.object({
  name: z.string(),
  pid: z.number().int().positive(),
  identity: z.string(),
  /** What asks it to end, where that is not SIGTERM. */
  stopSignal: z.literal('SIGINT').optional(),
});

/** A process as written down for whoever comes later: an id alone may have been given to a stranger since. */
export type ProcessRecord = z.infer<typeof recordSchema>;

/** The record of a process that runs now. */
export function recordOf(name: string, pid: number, stopSignal?: 'SIGINT'): ProcessRecord {
  return { name, pid, identity: identityOf(pid) ?? 'gone', ...(stopSignal && { stopSignal }) };
}

/** Whether the very process of a record still runs. */
export function isAlive(record: ProcessRecord): boolean {
  return identityOf(record.pid) === record.identity;
}

/** Writes a record so that no reader ever sees half of it. Synchronous: no moment passes after a spawn. */
export function writeRecord(file: string, record: ProcessRecord): void {
  const partial = `${file}.${process.pid}`;
  writeFileSync(partial, JSON.stringify(record));
  renameSync(partial, file);
}

/** The record in a file; undefined when there is none or it cannot be read. */
export function readRecord(file: string): ProcessRecord | undefined {
  try {
    return recordSchema.parse(JSON.parse(readFileSync(file, 'utf8')));
  } catch {
    return undefined;
  }
}

/** Removes a record's file, if it is there. */
export function removeRecord(file: string): void {
  rmSync(file, { force: true });
}
