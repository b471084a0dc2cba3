import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { systemCode } from '../../adapters/system-error.js';
import { OperatorError } from '../operator-error.js';

const BY_THEMSELVES_MS = 500;
const WITHIN_MS = 10_000;

/** The process ids of a cluster's server: all of them have its name in their command line or title. */
export function processesOf(cluster: string): number[] {
  return commands()
    .filter(({ command }) => command.includes(cluster))
    .map(({ pid }) => pid);
}

/** SIGKILL to the whole server at once; resolves when nothing of it is left. */
export async function killProcesses(cluster: string): Promise<void> {
  const until = Date.now() + WITHIN_MS;
  for (let left = processesOf(cluster); left.length > 0; left = processesOf(cluster)) {
    for (const pid of left) kill(pid);
    if (Date.now() > until) {
      throw new OperatorError(`Processes ${left.join(', ')} of a PostgreSQL that was killed do not end.`);
    }
    await sleep(10);
  }
}

/**
 * Waits until nothing is left of a server whose first process was killed, and helps after half a second: each of its
 * processes leads a group of its own and ends by itself, but a new server must not start before.
 */
export async function clearAfterKill(cluster: string, data: string): Promise<void> {
  const until = Date.now() + BY_THEMSELVES_MS;
  while (processesOf(cluster).length > 0 && Date.now() < until) await sleep(20);
  await killProcesses(cluster);
  removeStalePid(join(data, 'postmaster.pid'));
}

/** PostgreSQL trusts the number in its file, which may be a stranger's by now: it would refuse to start for good. */
function removeStalePid(file: string): void {
  const pid = Number.parseInt(readOrEmpty(file), 10);
  const holder = commands().find((one) => one.pid === pid);
  if (pid > 0 && !holder?.command.includes('postgres')) rmSync(file, { force: true });
}

function kill(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch (error) {
    if (systemCode(error) !== 'ESRCH') throw error;
  }
}

function commands(): { pid: number; command: string }[] {
  if (process.platform === 'linux') {
    return readdirSync('/proc')
      .filter((name) => /^\d+$/.test(name))
      .map((name) => ({ pid: Number(name), command: readOrEmpty(`/proc/${name}/cmdline`) }));
  }
  const lines = execFileSync('ps', ['-axww', '-o', 'pid=,command='], { encoding: 'utf8' }).split('\n');
  return lines.map((line) => ({ pid: Number.parseInt(line, 10), command: line.trim().replace(/^\d+ /, '') }));
}

function readOrEmpty(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}
