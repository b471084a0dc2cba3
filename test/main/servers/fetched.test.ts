import { spawnSync } from 'node:child_process';
import { mkdir, mkdtemp, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { inCheckout } from '../../../src/main/checkout.js';
import { findDevServer } from '../../../src/main/servers/dev-server.js';
import { fetchedBefore, fetchInto } from '../../../src/main/servers/fetched.js';
import { findTestServer } from '../../../src/main/servers/test-server.js';

const source = { folder: 'toy-1', program: 'toy', words: 'made here' };
const said: string[] = [];
const say = (line: string) => said.push(line);
let cache: string;

beforeEach(async () => {
  cache = await mkdtemp(join(tmpdir(), 'airworthy-cache-'));
  said.length = 0;
});
afterEach(() => rm(cache, { recursive: true, force: true }));

function aProgram(folder: string, text = '#!/bin/sh\n'): Promise<void> {
  return writeFile(join(folder, 'toy'), text);
}

it('finds what was fetched before, and knows where it came from', async () => {
  expect(await fetchedBefore(cache, source)).toBeUndefined();
  const fetched = await fetchInto(cache, source, (folder) => aProgram(folder));
  expect(fetched).toEqual({ path: join(cache, 'toy-1', 'toy'), origin: 'made here' });
  expect(await fetchedBefore(cache, source)).toEqual({ ...fetched, origin: 'fetched before: made here' });
});

it('leaves nothing of a fetch that failed', async () => {
  const fetching = fetchInto(cache, source, async (folder) => {
    await aProgram(folder);
    throw new Error('out of reach');
  });
  await expect(fetching).rejects.toThrow('out of reach');
  expect(await readdir(cache)).toEqual([]);
});

it('clears away what a process left that was killed half-way, and nothing of one that still fetches', async () => {
  const gone = spawnSync(process.execPath, ['-e', '']).pid;
  const [abandoned, going] = [`.fetching-toy-1-${gone}`, `.fetching-toy-1-${process.ppid}`];
  for (const name of [abandoned, going]) await mkdir(join(cache, name, 'half'), { recursive: true });
  await fetchInto(cache, source, (folder) => aProgram(folder));
  expect((await readdir(cache)).sort()).toEqual([going, 'toy-1']);
});

it('keeps what another process fetched meanwhile: it may be in use', async () => {
  const fetched = await fetchInto(cache, source, async (folder) => {
    await aProgram(folder, 'ours');
    await fetchInto(join(cache, 'other'), source, (other) => aProgram(other, 'theirs'));
    await rename(join(cache, 'other', 'toy-1'), join(cache, 'toy-1'));
  });
  expect(await readFile(fetched.path, 'utf8')).toBe('theirs');
});

it('takes `temporal` from the PATH first, if it works', async () => {
  const folder = await mkdtemp(join(cache, 'bin-'));
  await writeFile(join(folder, 'temporal'), '#!/bin/sh\nexit 0\n', { mode: 0o755 });
  const found = await findDevServer({ variables: { PATH: folder, XDG_CACHE_HOME: cache }, say });
  expect(found).toEqual({ path: join(folder, 'temporal'), origin: '`temporal` on the PATH' });
});

it('passes over a `temporal` on the PATH that does not work', async () => {
  const folder = await mkdtemp(join(cache, 'bin-'));
  await writeFile(join(folder, 'temporal'), '#!/bin/sh\nexit 1\n', { mode: 0o755 });
  const built = { folder: 'temporal-go-v1.5.1', program: 'temporal', words: '' };
  const { path } = await fetchInto(join(cache, 'airworthy'), built, (place) =>
    writeFile(join(place, 'temporal'), '#!/bin/sh\n'),
  );
  const found = await findDevServer({ variables: { PATH: folder, XDG_CACHE_HOME: cache }, say });
  expect(found).toEqual({ path, origin: 'fetched before: built from the Go module, v1.5.1' });
});

it('names one version of the Java test server', async () => {
  const pom = await readFile(inCheckout('temporal', 'test-server', 'pom.xml'), 'utf8');
  const code = await readFile(inCheckout('src', 'main', 'servers', 'test-server.ts'), 'utf8');
  const version = /MAVEN_VERSION = '([\d.]+)'/.exec(code)?.[1];
  expect(pom).toContain(`<artifactId>temporal-test-server</artifactId>\n      <version>${version}</version>`);
});

it('uses a test server that was fetched before', async () => {
  const fromMaven = { folder: 'test-server-maven-1.38.0', program: 'temporal-test-server', words: '' };
  const { path } = await fetchInto(join(cache, 'airworthy'), fromMaven, (place) =>
    writeFile(join(place, 'temporal-test-server'), '#!/bin/sh\n'),
  );
  expect((await findTestServer({ variables: { XDG_CACHE_HOME: cache }, say })).path).toBe(path);
  expect(said).toEqual([]);
});
