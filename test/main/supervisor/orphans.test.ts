import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, writeFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { reclaimOrphans } from '../../../src/main/supervisor/orphans.js';
import { isAlive, recordOf, writeRecord } from '../../../src/main/supervisor/process-record.js';

let folder: string;
const started: ChildProcess[] = [];
const said: string[] = [];

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'airworthy-orphans-'));
  said.length = 0;
});

afterEach(async () => {
  for (const child of started.splice(0)) child.kill('SIGKILL');
  await rm(folder, { recursive: true, force: true });
});

async function aProcess(script: string): Promise<number> {
  const child = spawn(process.execPath, ['-e', script], {
    detached: true,
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  started.push(child);
  await once(child.stdout, 'data');
  return child.pid ?? 0;
}

const polite = `console.log('on'); setInterval(() => {}, 1000);`;
const deaf = `process.on('SIGTERM', () => {}); ${polite}`;
const fileOf = (name: string) => join(folder, `${name}.process.json`);

it('ends what is written down and still runs', async () => {
  const orphan = recordOf('temporal', await aProcess(polite));
  writeRecord(fileOf('temporal'), orphan);
  await reclaimOrphans(folder, (line) => said.push(line));
  expect(isAlive(orphan)).toBe(false);
  expect(existsSync(fileOf('temporal'))).toBe(false);
  expect(said).toEqual([`Ending temporal (process ${orphan.pid}), left behind by an earlier run ...`]);
});

it('ends one that ignores being asked', async () => {
  const orphan = recordOf('worker', await aProcess(deaf));
  writeRecord(fileOf('worker'), orphan);
  await reclaimOrphans(folder, () => undefined);
  expect(isAlive(orphan)).toBe(false);
});

it('never touches another process that has the id by now', async () => {
  const stranger = recordOf('stranger', await aProcess(polite));
  writeRecord(fileOf('api'), { ...stranger, name: 'api', identity: 'an-earlier-boot/17' });
  await reclaimOrphans(folder, (line) => said.push(line));
  expect(isAlive(stranger)).toBe(true);
  expect(existsSync(fileOf('api'))).toBe(false);
  expect(said).toEqual([]);
});

it('clears files of the dead and files that cannot be read', async () => {
  const pid = await aProcess(polite);
  const dead = recordOf('worker', pid);
  writeRecord(fileOf('worker'), dead);
  process.kill(pid, 'SIGKILL');
  await once(started[0] as ChildProcess, 'exit');
  writeFileSync(fileOf('api'), '{"name":"ap');
  await reclaimOrphans(folder, (line) => said.push(line));
  expect([existsSync(fileOf('worker')), existsSync(fileOf('api'))]).toEqual([false, false]);
  expect(said).toEqual([]);
});
