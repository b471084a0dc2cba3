import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { readRecord } from '../../../src/main/supervisor/process-record.js';
import type { Program } from '../../../src/main/supervisor/running-child.js';
import { type SupervisedChild, supervise } from '../../../src/main/supervisor/supervised-child.js';

let folder: string;
let child: SupervisedChild | undefined;
const said: string[] = [];

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'airworthy-child-'));
  said.length = 0;
});

afterEach(async () => {
  await child?.stop();
  child = undefined;
  await rm(folder, { recursive: true, force: true });
});

function given(script: string, over: Partial<Program> = {}): SupervisedChild {
  const program: Program = {
    name: 'toy',
    command: process.execPath,
    args: ['--input-type=module', '-e', script],
    variables: process.env,
    ready: 'message',
    readyWithinMs: 10_000,
    stopWithinMs: 2_000,
    ...over,
  };
  child = supervise(program, { runFolder: folder, logFolder: folder }, (line) => said.push(line));
  return child;
}

const pidNow = () => readRecord(join(folder, 'toy.process.json'))?.pid;

// Never a default: 0 would mean this process and all of its group.
function somePid(): number {
  const pid = pidNow();
  if (pid === undefined) throw new Error('the child has no process file');
  return pid;
}
const wellBehaved = `for (const end of ['SIGTERM', 'disconnect']) process.on(end, () => process.exit(0)); process.send({ ready: true, port: 7 });`;

it('is started when its child says so, with what the child said', async () => {
  expect(await given(wellBehaved).start()).toEqual({ ready: true, port: 7 });
});

it('starts a child again that was killed, and says so', async () => {
  await given(wellBehaved).start();
  const before = somePid();
  process.kill(before, 'SIGKILL');
  await vi.waitFor(() => expect(said).toContain('toy runs again.'), 8_000);
  expect(said[0]).toMatch(/^toy ended \(signal SIGKILL\); starting it again in 0.5 s\. Its log: /);
  expect(somePid()).not.toBe(before);
});

it('waits longer each time a child ends again', async () => {
  await given(`${wellBehaved} setTimeout(() => process.exit(3), 10);`).start();
  await vi.waitFor(() => expect(said.filter((line) => line.includes('exit code 3'))).toHaveLength(3), 15_000);
  const waits = said.flatMap((line) => /again in ([\d.]+) s/.exec(line)?.[1] ?? []);
  expect(waits).toEqual(['0.5', '1', '2']);
});

it('refuses to start with what the child wrote, when it ends at once', async () => {
  const start = given(`console.error('no such people file'); process.exit(1);`).start();
  await expect(start).rejects.toThrow(
    /no such people file[\s\S]*toy ended before it was ready \(exit code 1\)/,
  );
  expect(said).toEqual([]);
});

it('tries a start again that something was in the way of, as often as its program says', async () => {
  const once = join(folder, 'been-here');
  const script = `
    import { existsSync, writeFileSync } from 'node:fs';
    if (!existsSync(${JSON.stringify(once)})) {
      writeFileSync(${JSON.stringify(once)}, '');
      console.error('address already in use');
      process.exit(2);
    }
    ${wellBehaved}`;
  expect(await given(script, { startAttempts: 2 }).start()).toEqual({ ready: true, port: 7 });
  expect(said).toEqual(['toy did not start; trying again. address already in use']);
});

it('gives up after as many starts as its program says', async () => {
  const start = given(`console.error('still in use'); process.exit(2);`, { startAttempts: 3 }).start();
  await expect(start).rejects.toThrow(/still in use/);
  expect(said).toHaveLength(2);
});

it('refuses to start, and leaves nothing, when the child never says that it is ready', async () => {
  const start = given(`setInterval(() => {}, 1000);`, { readyWithinMs: 300 }).start();
  await expect(start).rejects.toThrow(/toy was not ready after 0.3 s/);
  expect(pidNow()).toBeUndefined();
});

it('refuses a program that does not exist', async () => {
  await expect(given('', { command: '/nowhere/program' }).start()).rejects.toThrow(
    /cannot run \/nowhere\/program/,
  );
});

it('ends a child that ignores SIGTERM', async () => {
  const toy = given(
    `process.on('SIGTERM', () => {}); setInterval(() => {}, 1000); process.send({ ready: true });`,
    {
      stopWithinMs: 200,
    },
  );
  await toy.start();
  const pid = somePid();
  await toy.stop();
  expect(() => process.kill(pid, 0)).toThrow();
  expect((await readdir(folder)).filter((file) => file.endsWith('.process.json'))).toEqual([]);
});

it('does not start a child again after stop, in the middle of a wait', async () => {
  const toy = given(`${wellBehaved} setTimeout(() => process.exit(3), 10);`);
  await toy.start();
  await vi.waitFor(() => expect(said).toHaveLength(1), 5_000);
  await toy.stop();
  await new Promise((resolve) => setTimeout(resolve, 800));
  expect(pidNow()).toBeUndefined();
  expect(said).toHaveLength(1);
});

it('keeps what the child prints in its log', async () => {
  await given(`console.log('hello'); ${wellBehaved}`).start();
  await vi.waitFor(
    async () => expect(await readFile(join(folder, 'toy.log'), 'utf8')).toContain('hello'),
    3_000,
  );
});
