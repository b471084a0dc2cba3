import { spawn } from 'node:child_process';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { createServer } from 'node:net';
import { inCheckout } from '../../src/main/checkout.js';

/** How a program of ours ended, with everything it printed. */
export interface Ended {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

/** Runs `npm run demo -- …`, as npm does. */
export function demo(
  home: string,
  args: readonly string[],
  variables: NodeJS.ProcessEnv = {},
): Promise<Ended> {
  return run([inCheckout('scripts', 'run.mjs'), 'demo', ...args], home, variables);
}

/** Runs `npx airworthy …`, as npx does. */
export function airworthy(home: string, ...args: readonly string[]): Promise<Ended> {
  return run([inCheckout('bin', 'airworthy.mjs'), ...args], home, {});
}

/** The same as whoever this token is of. */
export function airworthyWith(token: string, home: string, ...args: readonly string[]): Promise<Ended> {
  return run([inCheckout('bin', 'airworthy.mjs'), ...args], home, { AIRWORTHY_TOKEN: token });
}

async function run(args: readonly string[], home: string, variables: NodeJS.ProcessEnv): Promise<Ended> {
  const child = spawn(process.execPath, args, {
    env: { ...process.env, ...variables, AIRWORTHY_HOME: home },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let out = '';
  let err = '';
  child.stdout.on('data', (chunk: Buffer) => (out += chunk.toString('utf8')));
  child.stderr.on('data', (chunk: Buffer) => (err += chunk.toString('utf8')));
  const [code] = (await once(child, 'close')) as [number | null];
  return { code, out, err };
}

/** Settings for an `up` that is found at the same places when it is started again. */
export async function fixedPorts(): Promise<NodeJS.ProcessEnv> {
  const names = ['API', 'SERVICES', 'TEMPORAL', 'TEMPORAL_UI'];
  const servers = await Promise.all(
    names.map(async () => {
      const server = createServer().listen(0, '127.0.0.1');
      await once(server, 'listening');
      return server;
    }),
  );
  const ports = servers.map((server) => (server.address() as AddressInfo).port);
  for (const server of servers) server.close();
  return Object.fromEntries(names.map((name, index) => [`AIRWORTHY_${name}_PORT`, String(ports[index])]));
}
