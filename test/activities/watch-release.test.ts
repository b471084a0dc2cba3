import { ApplicationFailure } from '@temporalio/common';
import { MockActivityEnvironment } from '@temporalio/testing';
import { DefaultLogger } from '@temporalio/worker';
import { beforeEach, describe, expect, it } from 'vitest';
import type { Activities } from '../../src/activities/types.js';
import { createWatchRelease, STILL_WATCHING } from '../../src/activities/watch-release.js';
import type { Seen } from '../../src/domain/live/counters.js';
import {
  type Measured,
  type MetricQuery,
  type MetricSource,
  MetricsUnavailable,
} from '../../src/ports/metric-source.js';
import { check, terms } from '../domain/live/watching.js';
import { DAY, HOUR } from '../support/decider/time.js';
import { digest } from '../support/lifecycle.js';
import { MemoryDocuments } from '../support/memory-documents.js';

type Watching = Parameters<Activities['watchRelease']>[0];
type Answer = (query: MetricQuery) => readonly Measured[];

// Ahead of this machine, as a server is that skips time.
const AT = 40_000 * DAY;
const SINCE = AT - 30 * DAY;

const errors =
  (count: number): Answer =>
  ({ metrics }) =>
    metrics.map(({ metric, by }) => ({
      metric,
      group: by,
      count,
      value: null,
      n: 10_000,
      asked: { source: 'test', queries: { count: `errors{g="${by}"}` } },
    }));
const GOOD = errors(5);
const BAD = errors(500);

let asked: MetricQuery[];
let answer: Answer;
let documents: MemoryDocuments;
const source: MetricSource = {
  async query(query) {
    asked.push(query);
    return answer(query);
  },
};

beforeEach(() => {
  asked = [];
  answer = GOOD;
  documents = new MemoryDocuments();
});

function watching(changes: Partial<Watching> = {}): Watching {
  return {
    lifecycle: 'tax',
    team: 't',
    release: digest('r1'),
    label: 'r1',
    step: 'live',
    since: SINCE,
    terms: terms([check('c1', { failAfter: 3 })]),
    open: [],
    silent: false,
    ...changes,
  };
}

interface Attempt {
  readonly seen: readonly Seen[];
  readonly left: unknown;
  readonly failure: ApplicationFailure | undefined;
}

/** One attempt at an instant, with what the last one left in its heartbeat; what it saw, or what it leaves. */
async function attempt(
  at: number,
  changes: Partial<Watching> = {},
  heartbeatDetails?: unknown,
): Promise<Attempt> {
  const info = { currentAttemptScheduledTimestampMs: at, heartbeatDetails };
  const environment = new MockActivityEnvironment(info, { logger: new DefaultLogger('ERROR') });
  let left: unknown;
  environment.on('heartbeat', (details: unknown) => {
    left = details;
  });
  const { watchRelease } = createWatchRelease(source, documents);
  try {
    return {
      seen: await environment.run(watchRelease, watching(changes)),
      left: undefined,
      failure: undefined,
    };
  } catch (failure) {
    if (!(failure instanceof ApplicationFailure)) throw failure;
    return { seen: [], left: JSON.parse(JSON.stringify(left)) as unknown, failure };
  }
}

describe('while nothing changes', () => {
  it('fails benignly, and says when the next look is due', async () => {
    const { failure, left } = await attempt(AT);
    expect(failure).toMatchObject({ type: STILL_WATCHING, category: 'BENIGN', nonRetryable: false });
    expect(failure?.nextRetryDelay).toBeGreaterThan(HOUR - 5_000);
    expect(failure?.nextRetryDelay).toBeLessThanOrEqual(HOUR);
    expect(left).toEqual({ failing: {}, passing: { c1: AT }, silent: {} });
    expect(documents.stored.size).toBe(0);
  });

  it('asks for its windows as the series call the release', async () => {
    await attempt(AT);
    expect(asked.map(({ from, to, label, step, since }) => ({ from, to, label, step, since }))).toEqual([
      { from: AT - DAY, to: AT, label: 'r1', step: 'live', since: SINCE },
      { from: AT - HOUR, to: AT, label: 'r1', step: 'live', since: SINCE },
    ]);
  });
});

it('tells a breach after as many windows as the clause says, counting in its heartbeat', async () => {
  answer = ({ to, ...query }) => (to < AT ? GOOD : BAD)({ to, ...query });
  const first = await attempt(AT);
  expect(first.seen).toEqual([]);
  const second = await attempt(AT + DAY, {}, first.left);
  expect(second.seen).toEqual([]);
  const third = await attempt(AT + 2 * DAY, {}, second.left);
  expect(third.seen).toMatchObject([{ what: 'breach', clause: 'c1', since: AT, value: 0.05, n: 10_000 }]);
});

it('keeps what was asked as a document where it changed something', async () => {
  answer = BAD;
  const { seen } = await attempt(AT, { terms: terms([check('c1')]) });
  const [breach] = seen;
  const query = breach?.what === 'breach' ? (breach.query ?? '') : '';
  expect(await documents.get(query)).toMatchObject({ source: 'test' });
});

describe('without a heartbeat of before', () => {
  it('judges the windows before again, so that a breach is not counted from nothing', async () => {
    answer = BAD;
    const { seen } = await attempt(AT);
    expect(seen).toMatchObject([{ what: 'breach', clause: 'c1', since: AT - 2 * DAY }]);
    expect([...new Set(asked.map(({ to }) => to))]).toEqual([AT, AT - DAY, AT - 2 * DAY]);
  });

  it('asks for each of them once, however many groups a clause is judged by', async () => {
    answer = BAD;
    const by = Array.from({ length: 32 }, (_, n) => `group-${n}`);
    const { seen } = await attempt(AT, { terms: terms([check('c1', { failAfter: 3, by })]) });
    expect(seen).toHaveLength(32);
    expect(seen).toMatchObject(by.map((group) => ({ what: 'breach', group, since: AT - 2 * DAY })));
    expect(asked.filter(({ to }) => to < AT).map(({ to }) => to)).toEqual([AT - DAY, AT - 2 * DAY]);
  });

  it('begins where the run of failing windows began', async () => {
    answer = ({ to, ...query }) => (to < AT - DAY ? GOOD : BAD)({ to, ...query });
    const { seen, left } = await attempt(AT);
    expect(seen).toEqual([]);
    expect(left).toMatchObject({ failing: { c1: AT - DAY } });
  });

  it('looks back no further than people were exposed', async () => {
    answer = BAD;
    const { seen } = await attempt(AT, { since: AT - DAY });
    expect(seen).toEqual([]);
    expect(Math.min(...asked.map(({ from }) => from))).toBe(AT - DAY);
  });
});

describe('a source without an answer', () => {
  const down: Answer = () => {
    throw new MetricsUnavailable('down');
  };

  it('is silence once it lasted longer than the limit, never a breach', async () => {
    answer = down;
    const first = await attempt(AT);
    expect(first.left).toMatchObject({ silent: { c1: AT } });
    const second = await attempt(AT + HOUR, {}, first.left);
    expect(second.seen).toEqual([{ what: 'silence', since: AT, clauses: ['c1'] }]);
  });

  it('leaves the runs as they were', async () => {
    answer = down;
    const before = { failing: { c1: AT - DAY }, passing: {}, silent: {} };
    const { left } = await attempt(AT, {}, before);
    expect(left).toMatchObject({ failing: { c1: AT - DAY } });
  });

  it('ends with an answer', async () => {
    expect((await attempt(AT, { silent: true })).seen).toEqual([{ what: 'sound' }]);
  });
});

it('throws what is a fault of its own as it is', async () => {
  answer = () => {
    throw new TypeError('a fault');
  };
  await expect(attempt(AT)).rejects.toThrow(TypeError);
});
