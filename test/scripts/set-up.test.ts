import { execFile } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { inCheckout } from '../../src/main/checkout.js';

let checkout: string;

// A checkout in miniature, whose npm installs a compiler that only writes what the next step needs. Each writes
// down that it ran.
const npm = `
const { appendFileSync, mkdirSync, writeFileSync } = require('node:fs');
appendFileSync('ran.log', 'npm ' + process.argv.slice(2).join(' ') + '\\n');
mkdirSync('node_modules/.bin', { recursive: true });
writeFileSync('node_modules/.bin/tsc', ${JSON.stringify(`#!/usr/bin/env node
const { appendFileSync, existsSync, mkdirSync, writeFileSync } = require('node:fs');
appendFileSync('ran.log', 'tsc\\n');
if (existsSync('src/broken.ts')) { console.log('src/broken.ts(1,1): error'); process.exit(2); }
const out = process.argv[process.argv.indexOf('--outDir') + 1];
mkdirSync(out + '/main', { recursive: true });
writeFileSync(out + '/main/bundle.js', "require('node:fs').appendFileSync('ran.log', 'bundle\\\\n')");
`)}, { mode: 0o755 });
`;

beforeEach(() => {
  checkout = mkdtempSync(join(tmpdir(), 'airworthy-checkout-'));
  cpSync(inCheckout('scripts', 'set-up.mjs'), join(checkout, 'scripts', 'set-up.mjs'), { recursive: true });
  mkdirSync(join(checkout, 'src'));
  for (const file of ['tsconfig.json', 'tsconfig.build.json', 'package-lock.json']) given(file, '{}');
  given('package.json', '{"dependencies":{"a":"1"}}');
  given('src/a.ts', '1');
  given('npm.js', npm);
});
afterEach(() => rmSync(checkout, { recursive: true, force: true }));

function given(file: string, content: string): void {
  writeFileSync(join(checkout, file), content);
}

interface Run {
  code: number;
  output: string;
}

function setUp(...nodeArgs: string[]): Promise<Run> {
  const env = { ...process.env, npm_execpath: join(checkout, 'npm.js') };
  return new Promise((resolve) => {
    execFile(
      process.execPath,
      [...nodeArgs, 'scripts/set-up.mjs'],
      { cwd: checkout, env },
      (error, out, err) => resolve({ code: error ? Number(error.code) : 0, output: out + err }),
    );
  });
}

function ran(): string[] {
  const log = join(checkout, 'ran.log');
  if (!existsSync(log)) return [];
  const lines = readFileSync(log, 'utf8').trim().split('\n');
  rmSync(log);
  return lines;
}

const install = 'npm install --include=dev --ignore-scripts --no-audit --no-fund';

it('installs, compiles and bundles the first time, saying so, and nothing the second', async () => {
  const first = await setUp();
  expect(first).toMatchObject({ code: 0 });
  expect(first.output).toMatch(/Installing[\s\S]*Compiling[\s\S]*Bundling[\s\S]*Set-up done in \d+ s/);
  expect(ran()).toEqual([install, 'tsc', 'bundle']);
  expect(await setUp()).toEqual({ code: 0, output: '' });
  expect(ran()).toEqual([]);
});

it('does again only what a change asks for', async () => {
  await setUp();
  ran();
  given('src/a.ts', '2');
  await setUp();
  expect(ran()).toEqual(['tsc', 'bundle']);
  given('package-lock.json', '{"lockfileVersion":3}');
  await setUp();
  expect(ran()).toEqual([install, 'tsc', 'bundle']);
  given('package.json', '{"scripts":{"new":"true"},"dependencies":{"a":"1"}}');
  await setUp();
  expect(ran()).toEqual([]);
});

it('installs once when started twice at the same time', async () => {
  const [one, other] = await Promise.all([setUp(), setUp()]);
  expect([one.code, other.code]).toEqual([0, 0]);
  expect(ran()).toEqual([install, 'tsc', 'bundle']);
});

it('takes over from a set-up that was killed', async () => {
  mkdirSync(join(checkout, 'node_modules', '.airworthy-set-up'), { recursive: true });
  // No process has this id: it is above the largest that Linux gives out.
  given('node_modules/.airworthy-set-up/4194305', '');
  expect((await setUp()).code).toBe(0);
});

it('shows what the compiler says, keeps the last good build, and tries again next time', async () => {
  await setUp();
  given('src/broken.ts', '?');
  const broken = await setUp();
  expect(broken.code).toBe(1);
  expect(broken.output).toContain('src/broken.ts(1,1): error');
  expect(broken.output).not.toMatch(/^ +at /m);
  expect(existsSync(join(checkout, 'dist', 'main', 'bundle.js'))).toBe(true);
  expect(existsSync(join(checkout, 'dist.next'))).toBe(false);
  rmSync(join(checkout, 'src', 'broken.ts'));
  given('src/a.ts', '3');
  expect((await setUp()).code).toBe(0);
});

it('tells an old Node what to do', async () => {
  given(
    'old.cjs',
    `Object.defineProperty(process, 'versions', { value: { ...process.versions, node: '18.19.0' } });`,
  );
  const { code, output } = await setUp('--require', join(checkout, 'old.cjs'));
  expect(code).toBe(1);
  expect(output).toMatch(/needs Node 20.20 or newer; this is Node 18.19.0 .*Install a newer one/);
  expect(ran()).toEqual([]);
});
