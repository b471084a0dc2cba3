import { setTimeout as sleep } from 'node:timers/promises';
import { type Measured, PROGRAMS, startProcess, withSettings } from '../bench/processes.js';
import { inCheckout } from '../src/main/checkout.js';
import { startMemoryServer } from '../src/main/servers/memory-server.js';
import { startPostgres } from '../test/support/postgres.js';
import { drained } from './drained.js';
import { compareEffects, untilConfirmed } from './effects.js';
import { type HeldTarget, startHeldTarget } from './held-target.js';
import { inspect } from './inspect.js';
import { carryLaunch, endingOf } from './launches.js';
import type { Acknowledged } from './people.js';
import { between, randomFrom } from './random.js';
import type { Run, Suite } from './suite.js';
import { verifyLive } from './verify-live.js';

const LAUNCHES = 60;
const KILLS = 50;
const AT_ONCE = 8;
const WORKERS = ['a', 'b'] as const;
const UP_MS = [100, 900] as const;
/** How long an effect of one worker is waited for. */
const ARRIVES_WITHIN_MS = 90_000;
/** A missed heartbeat, a retry, and other kills meanwhile. */
const RECOVERED_WITHIN_MS = 120_000;

/** Two workers of which one at a time is killed while the target holds an effect of it, and started again. */
class Killer {
  fired = 0;
  readonly moments: Record<string, number> = {};
  readonly recoveries: Promise<number>[] = [];
  readonly #running = new Map<string, Measured>();
  readonly #target: HeldTarget;
  readonly #start: (worker: string) => Promise<Measured>;

  constructor(target: HeldTarget, start: (worker: string) => Promise<Measured>) {
    this.#target = target;
    this.#start = start;
  }

  async begin(): Promise<void> {
    for (const worker of WORKERS) this.#running.set(worker, await this.#start(worker));
  }

  async run(ownerUrl: string, random: () => number, { say }: Run): Promise<void> {
    for (let kill = 1; kill <= KILLS; kill++) {
      await sleep(between(random, ...UP_MS));
      const worker = WORKERS[between(random, 0, WORKERS.length - 1)] ?? 'a';
      const underWay = await within(this.#target.next(worker), `no effect of worker ${worker} came`);
      const { moment, lifecycle, effectKey } = underWay;
      const process = this.#running.get(worker);
      const landed = underWay.waits();
      await process?.kill();
      if (!landed || process?.child.signalCode !== 'SIGKILL')
        throw new Error(`kill ${kill} did not land: ${effectKey} was not waited for any more`);
      this.fired++;
      this.moments[moment] = (this.moments[moment] ?? 0) + 1;
      underWay.letGo();
      const recovery = untilConfirmed(ownerUrl, { lifecycle, effectKey }, RECOVERED_WITHIN_MS);
      recovery.catch(() => undefined);
      this.recoveries.push(recovery);
      this.#running.set(worker, await this.#start(worker));
      say(`  kill ${kill} of ${KILLS}: worker ${worker}, ${effectKey} ${moment}`);
    }
  }

  async stop(): Promise<void> {
    await Promise.allSettled([...this.#running.values()].map((process) => process.stop()));
  }
}

async function within<T>(arriving: Promise<T>, otherwise: string): Promise<T> {
  const over = new AbortController();
  const late = sleep(ARRIVES_WITHIN_MS, undefined, { signal: over.signal }).then(() => {
    throw new Error(otherwise);
  });
  try {
    return await Promise.race([arriving, late]);
  } finally {
    over.abort();
    late.catch(() => undefined);
  }
}

/** Workers killed while effects of rollouts are under way, at a target that applies and drops answers besides. */
export const workersKilled: Suite = {
  name: 'workers-killed',
  async run(run) {
    const { seed, say } = run;
    const random = randomFrom(seed);
    const postgres = await startPostgres({ from: 'embedded' });
    const temporal = await startMemoryServer({ variables: process.env, say });
    const stops: (() => Promise<void>)[] = [];
    try {
      const database = await postgres.freshDatabase();
      const { ownerUrl } = database;
      return await withSettings(temporal.address, database, async (settings) => {
        const variables = { ...settings, AIRWORTHY_PEOPLE: inCheckout('examples', 'people.yaml') };
        const start = async (program: string, more: NodeJS.ProcessEnv) => {
          const started = await startProcess(program, { ...variables, ...more });
          return { started, url: `http://127.0.0.1:${started.message.port}` };
        };
        const services = await start(PROGRAMS.services, { AIRWORTHY_SERVICES_PORT: '0' });
        stops.push(() => services.started.stop());
        const metrics = `${services.url}/metrics`;
        const target = await startHeldTarget(`${services.url}/target`, random);
        stops.push(() => target.stop());
        const startWorker = (worker: string) =>
          startProcess(PROGRAMS.worker, {
            ...variables,
            AIRWORTHY_TARGET_URL: target.urlOf(worker),
            AIRWORTHY_METRICS_URL: metrics,
          });
        const killer = new Killer(target, startWorker);
        stops.push(() => killer.stop());
        await killer.begin();
        const { started, url: api } = await start(PROGRAMS.api, {
          AIRWORTHY_TARGET_URL: target.urlOf('api'),
          AIRWORTHY_METRICS_URL: metrics,
        });
        stops.push(() => started.stop());

        let killing = true;
        const killed = killer.run(ownerUrl, random, run).finally(() => {
          killing = false;
        });
        let begun = 0;
        const done: Acknowledged[] = [];
        const carry = async (): Promise<void> => {
          while (begun < LAUNCHES || killing) {
            const n = ++begun;
            done.push(await carryLaunch({ api, metrics, ownerUrl }, `launch-${n}`, endingOf(n)));
          }
        };
        await Promise.all([killed, ...Array.from({ length: AT_ONCE }, carry)]);
        const recoveries = await Promise.all(killer.recoveries);
        const last = await drained(ownerUrl, done);
        const effects = await compareEffects(ownerUrl, `${services.url}/target`, keysOf(done));
        const { lost, duplicated, broken } = await inspect(ownerUrl, expectedOf(done, last));
        const findings = await verifyLive(ownerUrl);
        say(
          `  ${effects.asked} effects, ${target.dropped()} answers dropped; kills: ${JSON.stringify(killer.moments)}`,
        );
        const clean = lost + duplicated + broken + effects.lost + effects.duplicated + findings.length === 0;
        return {
          name: 'workers-killed',
          n: done.length,
          fired: killer.fired,
          lost: lost + effects.lost,
          duplicated: duplicated + effects.duplicated,
          slowestRecoveryMs: Math.max(...recoveries),
          seed,
          ok: clean && killer.fired === KILLS && target.dropped() > 0 && done.length >= LAUNCHES,
        };
      });
    } finally {
      for (const stop of stops.reverse()) await stop().catch(() => undefined);
      await temporal.stop();
      await postgres.stop();
    }
  },
};

const keysOf = (done: readonly Acknowledged[]): readonly string[] => done.map(({ key }) => key);

/** Whatever the lifecycles acknowledged, and every number up to the last: those that serve go on telling of it. */
function expectedOf(
  done: readonly Acknowledged[],
  last: ReadonlyMap<string, number>,
): ReadonlyMap<string, ReadonlySet<string>> {
  return new Map(
    done.map(({ key, version, events }) => {
      const chain = `lifecycle/${key}`;
      const length = Math.max(version, last.get(chain) ?? 0);
      const numbers = Array.from({ length }, (_, i) => `${chain}/${i + 1}`);
      return [chain, new Set([...numbers, ...events])];
    }),
  );
}
