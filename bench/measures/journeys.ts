import type { Client } from '@temporalio/client';
import type { Contestant } from '../contestant.js';
import { type Load, load } from '../load.js';
import { type Result, result } from '../result.js';
import { median } from '../statistics.js';

const ROUNDS = 3;
const AT_ONCE = [1, 10, 40] as const;
/** Journeys of one load, by how many run at once: enough for a percentile, bounded in time. */
const JOURNEYS: { readonly [N in (typeof AT_ONCE)[number]]: number } = { 1: 12, 10: 60, 40: 120 };
const MAX_MS = 7_000;
/** History event type of a started workflow task. */
const TASK_COMPLETED = 7;

export interface Contestants {
  readonly floor: Contestant;
  readonly ours: Contestant;
  readonly overHttp: Contestant;
}
type Loads = { readonly [C in keyof Contestants]: Load[] };

/** Each contestant in turn, round after round, so that all of them meet the same noise. */
async function loads(contestants: Contestants, concurrency: (typeof AT_ONCE)[number]): Promise<Loads> {
  const measured: Loads = { floor: [], ours: [], overHttp: [] };
  for (let round = 0; round < ROUNDS; round++) {
    for (const who of ['floor', 'ours', 'overHttp'] as const) {
      const limits = { concurrency, journeys: JOURNEYS[concurrency], maxMs: MAX_MS };
      measured[who].push(await load(contestants[who], limits));
    }
  }
  return measured;
}

/** Rate, decision round trip and CPU of the journey, and how much history it leaves. */
export async function measureJourneys(
  contestants: Contestants,
  client: Client,
  say: (line: string) => void,
): Promise<Result[]> {
  const results: Result[] = [];
  // Just-in-time compilers and caches first, for everybody alike.
  for (const who of ['floor', 'ours', 'overHttp'] as const) {
    await load(contestants[who], { concurrency: 10, journeys: 20, maxMs: MAX_MS });
  }
  for (const concurrency of AT_ONCE) {
    say(`journeys, ${concurrency} at once ...`);
    const measured = await loads(contestants, concurrency);
    const of = (who: keyof Contestants, figure: 'perSecond' | 'p50' | 'p95' | 'cpu') =>
      median(measured[who].map((each) => each[figure]));
    const pair = (who: 'ours' | 'overHttp', figure: 'perSecond' | 'p50' | 'p95' | 'cpu') => ({
      ours: of(who, figure),
      floor: of('floor', figure),
    });
    const rate = { of: 'ratio', bound: 'at least', limit: 0.8 } as const;
    const p50 = { of: 'ratio', bound: 'at most', limit: 1.3 } as const;
    const p95 = { of: 'ratio', bound: 'at most', limit: 1.5 } as const;
    results.push(
      result(
        `journeys, ${concurrency} at once`,
        '1/s',
        pair('ours', 'perSecond'),
        concurrency === 1 ? undefined : rate,
      ),
      result(`journeys over HTTP, ${concurrency} at once`, '1/s', pair('overHttp', 'perSecond')),
      result(`decision p50, ${concurrency} at once`, 'ms', pair('ours', 'p50'), p50),
      result(`decision p95, ${concurrency} at once`, 'ms', pair('ours', 'p95'), p95),
      result(`decision over HTTP p50, ${concurrency} at once`, 'ms', pair('overHttp', 'p50')),
      result(`decision over HTTP p95, ${concurrency} at once`, 'ms', pair('overHttp', 'p95')),
      result(`CPU of a journey, ${concurrency} at once`, 'ms', pair('ours', 'cpu')),
    );
    if (concurrency === 1) results.push(...(await histories(measured, client)));
  }
  return results;
}

/** Events and workflow tasks of the journeys that ran alone: nothing coalesced by chance of load. */
async function histories({ ours, floor }: Loads, client: Client): Promise<Result[]> {
  const counts = async (all: readonly Load[]) => {
    const ids = all.flatMap(({ workflowIds }) => workflowIds.slice(0, 4));
    const counted = await Promise.all(
      ids.map(async (id) => {
        const { events } = await client.workflow.getHandle(id).fetchHistory();
        return {
          events: events?.length ?? 0,
          tasks: events?.filter(({ eventType }) => eventType === TASK_COMPLETED).length ?? 0,
        };
      }),
    );
    return {
      events: median(counted.map(({ events }) => events)),
      tasks: median(counted.map(({ tasks }) => tasks)),
    };
  };
  const [mine, theirs] = await Promise.all([counts(ours), counts(floor)]);
  return [
    result(
      'history events of a journey',
      'events',
      { ours: mine.events, floor: theirs.events },
      { of: 'ratio', bound: 'at most', limit: 1.4 },
    ),
    result(
      'workflow tasks of a journey',
      'tasks',
      { ours: mine.tasks, floor: theirs.tasks },
      { of: 'ours', bound: 'at most', limit: 12 },
    ),
  ];
}
