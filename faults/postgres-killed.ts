import { setTimeout as sleep } from 'node:timers/promises';
import { type Measured, PROGRAMS, startProcess, withSettings } from '../bench/processes.js';
import { createPool } from '../src/ledger/pool.js';
import { startMemoryServer } from '../src/main/servers/memory-server.js';
import { ask } from '../src/main/servers/postgres-databases.js';
import { startPostgres } from '../test/support/postgres.js';
import { drained } from './drained.js';
import { inspect } from './inspect.js';
import { type Acknowledged, carryThrough } from './people.js';
import { between, randomFrom } from './random.js';
import type { Run, Suite } from './suite.js';
import { verifyLive } from './verify-live.js';

const LIFECYCLES = 200;
const KILLS = 30;
const AT_ONCE = 8;
const UP_MS = [200, 1_200] as const;
const DOWN_MS = [50, 900] as const;
/** Patience with the drain, whose retries back off while the database is away. */
const RECOVERED_WITHIN_MS = 60_000;

type Postgres = Awaited<ReturnType<typeof startPostgres>>;

/** Kills and restarts the database until told to stop; each time everything is verified once it is back. */
class Killer {
  fired = 0;
  slowestMs = 0;
  unverified = 0;

  async run(postgres: Postgres, ownerUrl: string, random: () => number, { say }: Run): Promise<void> {
    for (let kill = 1; kill <= KILLS; kill++) {
      await sleep(between(random, ...UP_MS));
      await postgres.kill();
      if (await answers(ownerUrl)) throw new Error(`kill ${kill} did not land: the database still answers`);
      this.fired++;
      await sleep(between(random, ...DOWN_MS));
      await postgres.restart();
      const recovered = await untilAppended(ownerUrl);
      this.slowestMs = Math.max(this.slowestMs, recovered);
      const findings = await verifyLive(ownerUrl);
      if (findings.length > 0) this.unverified++;
      say(
        `  kill ${kill} of ${KILLS}: appending again after ${Math.round(recovered)} ms; ${findings[0] ?? 'verified'}`,
      );
    }
  }
}

function answers(url: string): Promise<boolean> {
  return ask(url, 'SELECT 1').then(
    () => true,
    () => false,
  );
}

/** Milliseconds until an entry more is there than when this was called. */
async function untilAppended(url: string): Promise<number> {
  const pool = createPool(url, { max: 1 });
  const count = async (): Promise<number> => {
    const { rows } = await pool.query<{ n: number }>('SELECT sum(position)::int AS n FROM ledger.chain');
    return rows[0]?.n ?? 0;
  };
  const begun = performance.now();
  try {
    const before = await count();
    while ((await count()) <= before) {
      if (performance.now() - begun > RECOVERED_WITHIN_MS) throw new Error('nothing is appended any more');
      await sleep(20);
    }
    return performance.now() - begun;
  } finally {
    await pool.end();
  }
}

/** PostgreSQL killed at random moments while lifecycles are carried from start to end over HTTP. */
export const postgresKilled: Suite = {
  name: 'postgres-killed',
  async run(run) {
    const { seed, say } = run;
    const random = randomFrom(seed);
    const postgres = await startPostgres({ from: 'embedded', fsync: true });
    const temporal = await startMemoryServer({ variables: process.env, say });
    const programs: Measured[] = [];
    try {
      const database = await postgres.freshDatabase();
      const { ownerUrl } = database;
      return await withSettings(temporal.address, database, async (variables) => {
        const start = async (program: string, more: NodeJS.ProcessEnv = {}) => {
          const started = await startProcess(program, { ...variables, ...more });
          programs.push(started);
          return `http://127.0.0.1:${started.message.port}`;
        };
        const services = await start(PROGRAMS.services, { AIRWORTHY_SERVICES_PORT: '0' });
        const places = {
          AIRWORTHY_TARGET_URL: `${services}/target`,
          AIRWORTHY_METRICS_URL: `${services}/metrics`,
        };
        await start(PROGRAMS.worker, places);
        const api = await start(PROGRAMS.api, places);

        const killer = new Killer();
        let killing = true;
        const killed = killer.run(postgres, ownerUrl, random, run).finally(() => {
          killing = false;
        });
        let begun = 0;
        const done: Acknowledged[] = [];
        // As many as planned, and more for as long as there are kills to come.
        const carry = async (): Promise<void> => {
          while (begun < LIFECYCLES || killing) done.push(await carryThrough(api, `killed-${++begun}`));
        };
        await Promise.all([killed, ...Array.from({ length: AT_ONCE }, carry)]);
        await drained(ownerUrl, done);
        const expected = done.map(({ key, version, events }): [string, Set<string>] => {
          const numbers = Array.from({ length: version }, (_, i) => `lifecycle/${key}/${i + 1}`);
          return [`lifecycle/${key}`, new Set([...numbers, ...events])];
        });
        const { lost, duplicated, broken } = await inspect(ownerUrl, new Map(expected));
        const { fired, slowestMs, unverified } = killer;
        const clean = lost + duplicated + broken + unverified === 0;
        return {
          name: 'postgres-killed',
          n: done.length,
          fired,
          lost,
          duplicated,
          slowestRecoveryMs: slowestMs,
          seed,
          ok: clean && fired === KILLS && done.length >= LIFECYCLES,
        };
      });
    } finally {
      await Promise.allSettled(programs.reverse().map((program) => program.stop()));
      await temporal.stop();
      await postgres.stop();
    }
  },
};
