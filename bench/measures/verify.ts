import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { createReadStream, createWriteStream } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { canonicalForm } from '../../src/domain/digest.js';
import type { Head, LedgerSource, Link } from '../../src/ledger/bundle/source.js';
import { exportBundle } from '../../src/ledger/bundle/write-bundle.js';
import { chainOf, genesisOf, nextHash } from '../../src/ledger/chain.js';
import { verifyFile } from '../../src/ledger/verify/verify-file.js';
import { type Result, result } from '../result.js';
import { median } from '../statistics.js';

const ROUNDS = 3;
const ENTRIES_OF_A_CHAIN = 1_000;
const BYTES_OF_AN_ENTRY = 1_092;
/** One entry in so many is a refusal: those are looked at more closely than events. */
const REFUSAL_EVERY = 20;
const DIGEST = `sha256:${'0123456789abcdef'.repeat(4)}`;

/** Verifying a bundle on disk beside what it takes to read and hash the same bytes, and how the memory grows. */
export async function measureVerify(say: (line: string) => void): Promise<Result[]> {
  const chains = process.env['AIRWORTHY_BENCH_SMALL'] ? 100 : 1_000;
  const folder = await mkdtemp(join(tmpdir(), 'airworthy-bench-'));
  const file = join(folder, 'bundle.jsonl');
  try {
    say(`writing a bundle of ${chains * ENTRIES_OF_A_CHAIN} entries ...`);
    await writeBundle(file, chains);
    return await measure(file, chains * ENTRIES_OF_A_CHAIN, say);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function measure(file: string, entries: number, say: (line: string) => void): Promise<Result[]> {
  const times: { ours: number[]; floor: number[] } = { ours: [], floor: [] };
  const memory = watchMemory();
  for (let round = 0; round < ROUNDS; round++) {
    say(`verifying, round ${round + 1} of ${ROUNDS} ...`);
    times.floor.push(await timed(() => hashFile(file)));
    memory.restart();
    times.ours.push(
      await timed(async () => {
        const verdict = await verifyFile(file, {}, memory.look);
        if (!verdict.ok || verdict.entries !== entries) throw new Error('the bundle of the benchmark is bad');
      }),
    );
  }
  const [ours, floor] = [median(times.ours), median(times.floor)];
  const rate = (ms: number): number => (entries * 1_000) / ms;
  return [
    result(
      `verify ${entries} entries`,
      's',
      { ours: ours / 1_000, floor: floor / 1_000 },
      { of: 'ratio', bound: 'at most', limit: 3 },
    ),
    result('entries verified', '1/s', { ours: rate(ours), floor: rate(floor) }),
    result(
      'memory that verifying adds',
      'MB',
      { ours: memory.growth(), floor: 1 },
      { of: 'ours', bound: 'at most', limit: 100 },
    ),
  ];
}

async function timed(run: () => Promise<void>): Promise<number> {
  const begun = performance.now();
  await run();
  return performance.now() - begun;
}

/** The floor: SHA-256 over the whole file, read in the same blocks. */
async function hashFile(file: string): Promise<void> {
  const hash = createHash('sha256');
  for await (const block of createReadStream(file, { highWaterMark: 1024 * 1024 }))
    hash.update(block as Buffer);
  hash.digest();
}

/** One look in so many: looking takes time too. */
const LOOK_EVERY = 50;

/** Resident memory above where it was at the last restart, at its highest. */
function watchMemory() {
  let [start, most, looks] = [0, 0, 0];
  return {
    restart: (): void => {
      start = process.memoryUsage.rss();
    },
    look: (): void => {
      if (looks++ % LOOK_EVERY === 0) most = Math.max(most, process.memoryUsage.rss() - start);
    },
    growth: (): number => most / 1e6,
  };
}

async function writeBundle(file: string, chains: number): Promise<void> {
  const out = createWriteStream(file);
  await exportBundle(syntheticLedger(chains), {}, async (piece) => {
    if (!out.write(piece)) await once(out, 'drain');
  });
  out.end();
  await once(out, 'close');
}

/** A ledger that is made up as it is read, a chain at a time: the same each time, and never in memory. */
function syntheticLedger(chains: number): LedgerSource {
  let links: readonly Link[] = [];
  return {
    keys: none,
    checkpoints: none,
    async *chains(): AsyncGenerator<Head> {
      for (let n = 0; n < chains; n++) {
        const lifecycle = `use-case-${String(n).padStart(6, '0')}`;
        links = linksOf(lifecycle);
        const hash = links.at(-1)?.hash ?? '';
        yield { chain: chainOf({ lifecycle }), position: links.length, hash };
      }
    },
    async *links(): AsyncGenerator<readonly Link[]> {
      yield links;
    },
    leavesOf: none,
    leavesAt: none,
    documents: none,
  };
}

function linksOf(lifecycle: string): readonly Link[] {
  const links: Link[] = [];
  let hash = genesisOf(chainOf({ lifecycle }));
  let seq = 0;
  for (let n = 1; n <= ENTRIES_OF_A_CHAIN; n++) {
    const isRefusal = n % REFUSAL_EVERY === 0;
    if (!isRefusal) seq++;
    const body = isRefusal
      ? bodyOf(lifecycle, `refusal/${lifecycle}-${n}`, 'refusal', null)
      : bodyOf(lifecycle, `lifecycle/${lifecycle}/${seq}`, 'event', seq);
    hash = nextHash(hash, body);
    links.push({ hash: hash.toString('hex'), body });
  }
  return links;
}

const DECISION = canonicalForm({
  evidence: [DIGEST, DIGEST, DIGEST, DIGEST],
  gate: 'readiness',
  generation: 2,
  decision: { person: 'p-4711', seat: 'risk', kind: 'approve', subject: DIGEST, comment: DIGEST },
  note: '',
});

/** Put together by hand: a million canonical forms would take longer than everything else. */
function bodyOf(lifecycle: string, id: string, kind: string, seq: number | null): string {
  const front = `{"at":1790000000000,"by":"p-4711","command":"decide","data":`;
  const back = `,"id":"${id}","kind":"${kind}","lifecycle":"${lifecycle}","seq":${seq},"type":"DecisionRecorded"}`;
  const note = '0123456789abcdef'
    .repeat(64)
    .slice(0, BYTES_OF_AN_ENTRY - front.length - DECISION.length - back.length);
  return `${front}${DECISION.replace('"note":""', `"note":"${note}"`)}${back}`;
}

async function* none(): AsyncGenerator<never> {
  // Of this there is nothing.
}
