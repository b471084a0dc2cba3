import { randomBytes } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { createGuardBook } from '../../src/api/decision-guard/book.js';
import { type Spec, specForm } from '../../src/contracts/spec.js';
import { digestOf } from '../../src/domain/digest.js';
import type { Standing } from '../../src/domain/guard/standing.js';
import { createPostgresDocuments } from '../../src/ledger/documents/postgres-documents.js';
import { createPool } from '../../src/ledger/pool.js';
import type { DatabaseUrls } from '../../test/support/postgres.js';
import { type Asked, paced } from '../paced.js';
import { PROGRAMS, startProcess, withSettings } from '../processes.js';
import { type Result, result } from '../result.js';
import { median, percentile } from '../statistics.js';

const PER_SECOND = 1_000;
const ROUNDS = 3;
const SECONDS = 8;
const USE_CASES = 10_000;
const MIB = 1_024 * 1_024;
const KEY = 'guarded';

/** A spec of ordinary size; each use case has words of its own. */
function specOf(key: string): Spec {
  const clause = (id: string, action: string) => ({ id, action: `${action} of ${key}` });
  return specForm.parse({
    spec: key,
    purpose: `Answer customers of ${key} sooner; a person decides what is doubtful.`,
    may: [
      { id: 'y1', action: 'reply', accepts: { text: { is: 'text', longest: 2_000 } } },
      { id: 'y2', action: 'refund', limit: 100, onAttempt: 'review' },
      ...['look up the order', 'propose a date', 'open a case'].map((a, n) => clause(`y${n + 3}`, a)),
    ],
    mustNot: ['promise a waiver', 'close the account', 'give advice', 'name a rival'].map((action, n) => ({
      ...clause(`n${n + 1}`, action),
      onAttempt: 'block-and-incident',
    })),
    toPerson: [
      { id: 'p1', when: { metric: 'confidence', op: '<', value: 0.8 }, queue: 'desk' },
      { id: 'p2', when: { flag: 'complaint' }, queue: 'desk' },
    ],
    queues: [{ id: 'desk', owner: 'operator', minutesPerItem: 3, hoursPerDay: 40 }],
    fallback: { manual: 'the desk answers', runbook: 'RB-1', standsFor: '5d' },
    guard: { sample: 0.0 },
  });
}

const standingOf = (spec: Spec): Standing => ({
  team: 'bench',
  releases: [{ label: 'r1', digest: digestOf(spec.spec), spec: digestOf(spec), as: 'serving' }],
  stoppedBy: null,
  reviewAllBy: null,
  caps: null,
});

const CHECK = {
  action: 'reply',
  case: 'case-1',
  release: 'r1',
  measures: { confidence: 0.97 },
  output: { text: 'Your order left this morning and will be with you tomorrow before noon.' },
};

/** Checks of the shipped API over HTTP beside an empty route of Express, at a given rate, in turns. */
export async function measureGuard(
  temporal: string,
  database: DatabaseUrls,
  say: (line: string) => void,
): Promise<Result[]> {
  const spec = specOf(KEY);
  const [owner, app] = [createPool(database.ownerUrl), createPool(database.appUrl)];
  await createPostgresDocuments(app, randomBytes(32)).put(spec);
  await owner.query('INSERT INTO projection.standing (key, seq, standing) VALUES ($1, 1, $2)', [
    KEY,
    JSON.stringify(standingOf(spec)),
  ]);
  await Promise.all([owner.end(), app.end()]);
  const latencies = await withSettings(temporal, database, async (variables) => {
    const [api, floor] = [
      await startProcess(PROGRAMS.api, variables),
      await startProcess(PROGRAMS.emptyRoute, variables),
    ];
    try {
      const ours = {
        port: api.message.port ?? 0,
        path: `/v1/guard/${KEY}/check`,
        token: 'bench-asking',
        body: CHECK,
      };
      const empty = { port: floor.message.port ?? 0, path: '/check', token: 'none', body: CHECK };
      await heard(ours);
      say(`${PER_SECOND} checks a second ...`);
      for (const asked of [ours, empty]) await paced(asked, PER_SECOND, 3);
      const p50 = { ours: [] as number[], floor: [] as number[] };
      const p99 = { ours: [] as number[], floor: [] as number[] };
      for (let round = 0; round < ROUNDS; round++) {
        for (const [name, asked] of [
          ['floor', empty],
          ['ours', ours],
        ] as const) {
          const { took, last } = await paced(asked, PER_SECOND, SECONDS);
          if (name === 'ours' && !last.includes('"verdict":"allow"'))
            throw new Error(`a check answered ${last}`);
          p50[name].push(percentile(took, 0.5));
          p99[name].push(percentile(took, 0.99));
        }
      }
      return { p50, p99 };
    } finally {
      await Promise.all([api.stop(), floor.stop()]);
    }
  });
  const of = `guard check at ${PER_SECOND}/s against an empty Express route`;
  const medians = ({ ours, floor }: { ours: number[]; floor: number[] }) => ({
    ours: median(ours),
    floor: median(floor),
  });
  return [
    result(`${of}, p50`, 'ms', medians(latencies.p50)),
    result(`${of}, p99`, 'ms', medians(latencies.p99), { of: 'ratio', bound: 'at most', limit: 2 }),
    await memory(say),
  ];
}

/** Waits until the guard of the API that has just started has heard of the use case. */
async function heard(asked: Asked): Promise<void> {
  for (const until = Date.now() + 10_000; ; await pause(100)) {
    const answered = await paced(asked, PER_SECOND, 1 / PER_SECOND).catch((error: unknown) => error);
    if (!(answered instanceof Error)) return;
    if (Date.now() > until) throw answered;
  }
}

/** What the book of one instance takes beside the written specs, each use case having one of its own. */
async function memory(say: (line: string) => void): Promise<Result> {
  say(`${USE_CASES} use cases in memory ...`);
  let written = 0;
  const collected = collector();
  const before = collected();
  const byDigest = new Map<string, string>();
  let standings = Array.from({ length: USE_CASES }, (_, n) => {
    const key = `use-case-${n}`;
    const spec = specOf(key);
    byDigest.set(digestOf(spec), key);
    return { key, seq: 1, standing: standingOf(spec) };
  });
  const source = {
    changed: async () => {
      const told = standings;
      standings = [];
      return { standings: told, stops: [], mark: '1' };
    },
    tell: async ({ seq }: { seq: number }) => seq,
  };
  const documents = {
    // Made when it is asked for, so that what is written is not counted.
    get: async (digest: string) => {
      const spec = specOf(byDigest.get(digest) ?? KEY);
      written += JSON.stringify(spec).length;
      return spec;
    },
  };
  const log = { warn: () => undefined, info: () => undefined };
  const book = createGuardBook(source, documents, log);
  book.close();
  for (const digest of byDigest.keys()) while (book.rules(digest) === undefined) await book.refresh();
  byDigest.clear();
  const after = collected();
  if (book.size !== USE_CASES) throw new Error(`the book has ${book.size}`);
  const figures = { ours: (after - before) / MIB, floor: written / MIB };
  return result(`${USE_CASES} compiled use cases in memory, against the specs as text`, 'MiB', figures);
}

/** Bytes of the heap that are in use, after everything else was collected. */
function collector(): () => number {
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as () => void;
  return () => {
    collect();
    collect();
    return process.memoryUsage().heapUsed;
  };
}
