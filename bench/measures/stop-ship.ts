import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Client, Connection } from '@temporalio/client';
import { NativeConnection } from '@temporalio/worker';
import { pino } from 'pino';
import { serveDemo } from '../../src/adapters/demo-server.js';
import { openDemoTarget } from '../../src/adapters/demo-target/server.js';
import { createHttpReleaseTarget } from '../../src/adapters/http-release-target.js';
import { createPeopleFile } from '../../src/adapters/people-file.js';
import { API_IDENTITY } from '../../src/contracts/identities.js';
import { digestOf } from '../../src/domain/digest.js';
import { NOTHING } from '../../src/domain/release/exposure.js';
import { createPool } from '../../src/ledger/pool.js';
import { createPostgresLedger } from '../../src/ledger/postgres-ledger.js';
import { createProjector } from '../../src/ledger/projection/projector.js';
import { inCheckout } from '../../src/main/checkout.js';
import { createWorkers } from '../../src/main/workers.js';
import type { ReleaseTarget } from '../../src/ports/release-target.js';
import { EffectsSeen } from '../contestant.js';
import { createSilentNotifier, noMetrics } from '../ours/ports.js';
import { Rollouts, SITUATIONS, type Situation } from '../ours/rollouts.js';
import { documents } from '../ours/start.js';
import { type Result, result } from '../result.js';
import { percentile } from '../statistics.js';

const ROUNDS = 20;
const AT_ONCE = 10;
const LIMIT_MS = 2_000;
const TIMEOUT_MS = 20_000;
/** How long the target takes over the effect that is under way when it is overtaken: far beyond the limit. */
const SLOW_MS = 10_000;
/** After its order was answered the effect reaches the target. */
const UNDER_WAY_MS = 100;
/** Until what follows from a stop-ship is done. */
const AFTERWARDS_MS = 3_000;
const REASON = digestOf({ text: 'for the benchmark' });

/** When the target first showed, to us, that nobody is exposed any more. */
class ZeroSeen {
  readonly #waiting = new Map<string, (at: number) => void>();

  /** The instant, by `performance.now()`, at which zero is read back next. */
  next(lifecycle: string): Promise<number> {
    return new Promise((resolve) => this.#waiting.set(lifecycle, resolve));
  }

  watch(target: ReleaseTarget): ReleaseTarget {
    return {
      ...target,
      read: async (lifecycle, signal) => {
        const applied = await target.read(lifecycle, signal);
        const zero = applied?.allocation.candidate === null && applied.allocation.serving === null;
        if (zero) this.#waiting.get(lifecycle)?.(performance.now());
        return applied;
      },
    };
  }
}

interface Measuring {
  readonly rollouts: Rollouts;
  readonly zero: ZeroSeen;
  readonly target: ReleaseTarget;
  /** Makes the target slow over the next effect of a lifecycle. */
  slowDown(lifecycle: string): Promise<void>;
}

/** From the order to the target's read-back of zero, in milliseconds. */
async function stopped({ scope, reach, begin }: Situation, { rollouts, zero, slowDown }: Measuring) {
  const journey = await reach(rollouts);
  if (begin) {
    await slowDown(journey.key);
    await begin(journey);
    await sleep(UNDER_WAY_MS);
  }
  const read = zero.next(journey.key);
  const sent = performance.now();
  await journey.send('stop-ship', 'tara', { scope, reason: REASON });
  const took = (await read) - sent;
  // Left to what follows from it, which is not measured, before it is ended.
  setTimeout(() => void journey.handle.terminate('measured').catch(() => undefined), AFTERWARDS_MS).unref();
  return took;
}

/** The least that anybody would do: tell the target itself, and read it back. */
async function bare({ target }: Measuring, n: number): Promise<number> {
  const lifecycle = `bare-${n}-${process.pid}`;
  const sent = performance.now();
  const request = { effectKey: `${lifecycle}/1`, fence: 1, lifecycle, allocation: NOTHING };
  await target.apply(request, new AbortController().signal);
  await target.read(lifecycle);
  return performance.now() - sent;
}

async function many(n: number, atOnce: number, one: (n: number) => Promise<number>): Promise<number[]> {
  const times: number[] = [];
  for (let begun = 0; begun < n; begun += atOnce)
    times.push(...(await Promise.all(Array.from({ length: atOnce }, (_, i) => one(begun + i)))));
  return times;
}

async function measured(measuring: Measuring, say: (line: string) => void): Promise<Result[]> {
  const results: Result[] = [];
  for (const atOnce of [1, AT_ONCE]) {
    const least = await many(ROUNDS, atOnce, (n) => bare(measuring, n + 1_000 * atOnce));
    for (const situation of SITUATIONS) {
      const times = await many(ROUNDS, atOnce, () => stopped(situation, measuring));
      const [p50, p95] = [percentile(times, 0.5), percentile(times, 0.95)];
      say(
        `stop-ship in ${situation.name}, ${atOnce} at once: p50 ${Math.round(p50)} ms, p95 ${Math.round(p95)} ms`,
      );
      const name = `stop-ship to read-back in ${situation.name}, ${atOnce} at once`;
      const wanted = { of: 'ours', bound: 'at most', limit: LIMIT_MS } as const;
      results.push(
        result(`${name}, p50`, 'ms', { ours: p50, floor: percentile(least, 0.5) }),
        result(`${name}, p95`, 'ms', { ours: p95, floor: percentile(least, 0.95) }, wanted),
      );
    }
  }
  return results;
}

/** How soon a stop-ship is true at a target over HTTP, whatever was under way. */
export async function measureStopShip(
  address: string,
  database: string,
  say: (line: string) => void,
): Promise<Result[]> {
  const log = pino({ name: 'bench', level: 'warn' });
  const folder = await mkdtemp(join(tmpdir(), 'airworthy-bench-'));
  const demo = await openDemoTarget(folder, log);
  const served = await serveDemo({ '/target': demo.router }, 0);
  const baseUrl = `http://127.0.0.1:${served.port}/target`;
  const target = createHttpReleaseTarget({ baseUrl, timeoutMs: TIMEOUT_MS });
  const zero = new ZeroSeen();
  const directory = createPeopleFile(inCheckout('examples', 'people.yaml'));
  const pool = createPool(database);
  const projector = createProjector(pool, documents, log);
  const connection = await NativeConnection.connect({ address });
  const clientConnection = await Connection.connect({ address });
  const client = new Client({ connection: clientConnection, identity: API_IDENTITY });
  const workers = await createWorkers({
    connection,
    namespace: 'default',
    bundle: inCheckout('dist', 'workflow-bundle.js'),
    ledger: createPostgresLedger(pool, projector.project),
    directory,
    target: zero.watch(target),
    metrics: noMetrics,
    documents,
    notifier: createSilentNotifier(new EffectsSeen()),
  });
  const running = Promise.all(workers.map((worker) => worker.run()));
  const slowDown = async (lifecycle: string) => {
    const fault = { kind: 'slow', lifecycle, times: 1, ms: SLOW_MS };
    const headers = { 'content-type': 'application/json' };
    const answer = await fetch(`${baseUrl}/faults`, { method: 'POST', headers, body: JSON.stringify(fault) });
    if (!answer.ok) throw new Error(`the target takes no fault: ${answer.status} ${await answer.text()}`);
  };
  try {
    return await measured({ rollouts: await Rollouts.open(client, directory), zero, target, slowDown }, say);
  } finally {
    for (const worker of workers) worker.shutdown();
    await running;
    await projector.close();
    await Promise.all([pool.end(), connection.close(), clientConnection.close(), served.close()]);
    await demo.close();
    await rm(folder, { recursive: true, force: true });
  }
}
