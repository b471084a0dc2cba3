import { setTimeout as sleep } from 'node:timers/promises';
import { systemCode } from '../../adapters/system-error.js';
import { isAlive, type ProcessRecord } from './process-record.js';

const LOOK_EVERY_MS = 50;

/** Signals a process that leads its own group, and its group; a process already gone is no error. */
export function signalGroup(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(-pid, signal);
  } catch (error) {
    if (systemCode(error) !== 'ESRCH') throw error;
  }
}

/** Asks a recorded process to end, and kills it after `patienceMs`. Resolves when it is gone. */
export async function endProcess(record: ProcessRecord, patienceMs: number): Promise<void> {
  if (!isAlive(record)) return;
  signalGroup(record.pid, record.stopSignal ?? 'SIGTERM');
  if (await gone(record, patienceMs)) return;
  signalGroup(record.pid, 'SIGKILL');
  await gone(record, patienceMs);
}

async function gone(record: ProcessRecord, withinMs: number): Promise<boolean> {
  const until = Date.now() + withinMs;
  while (isAlive(record)) {
    if (Date.now() > until) return false;
    await sleep(LOOK_EVERY_MS);
  }
  return true;
}
