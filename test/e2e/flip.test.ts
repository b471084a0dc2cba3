import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { View } from '../../src/cli/client/lifecycles.js';
import { type Example, readExample } from '../../src/cli/journey/example.js';
import { Journeying } from '../../src/cli/journey/journeying.js';
import { loadSeries } from '../../src/cli/journey/load-series.js';
import { Narrator } from '../../src/cli/journey/narrator.js';
import { createSessions } from '../../src/cli/journey/sessions.js';
import { createTerminal } from '../../src/cli/terminal/terminal.js';
import { removeHome, type StartedUp, startUp } from '../support/up.js';

const SCALE = 0.00001;

let up: StartedUp;
let printed = '';

beforeAll(async () => {
  up = await startUp();
});
afterAll(async () => {
  await up.stop();
  await removeHome(up.home);
});

/** The shipped series, with one more false commitment in the middle of the canary. */
function withOneMore(series: readonly unknown[]): unknown[] {
  const copy = structuredClone(series) as Series[];
  const canary = copy.find(
    ({ release, step, metric }) => `${release} ${step} ${metric}` === 'r1 canary-10 false-commitment',
  );
  const point = canary?.points[1];
  if (point === undefined) throw new Error('the example has no such series any more');
  point.count += 1;
  return copy;
}

interface Series {
  readonly release: string;
  readonly step: string;
  readonly metric: string;
  readonly points: { count: number }[];
}

/** The payment assistant up to the end of its canary, with everybody deciding in time. */
async function untilCanaryEnds(key: string, series: readonly unknown[], example: Example): Promise<View> {
  const terminal = createTerminal({ write: (text) => (printed += text) }, { write: () => undefined }, false);
  const sessions = createSessions(up.addresses.api, 10_000);
  await loadSeries(up.addresses.metrics, key, { timeScale: SCALE, series });
  const narrator = new Narrator(terminal, key, key.length);
  const journeying = new Journeying({ example, key, timeScale: SCALE, sessions, narrator }, 'divya');
  const { steps } = example.journey;
  const review = steps.findIndex((step) => 'chapter' in step && step.chapter.startsWith('2'));
  for (const step of steps.slice(0, review)) await journeying.take(step);
  await journeying.take({ by: ['leena', 'gita'], at: 'readiness', decide: 'approve' });
  for (;;) {
    const view = await journeying.view();
    if (view.candidate?.phase === 'rolled-back' || view.candidate?.step === 'ramp-50') return view;
    await sleep(100);
  }
}

describe('one count in a metric series', () => {
  it('flips what becomes of the canary: the verdict comes from the series alone', async () => {
    const example = readExample('examples/tax-payments');
    const { series } = example;
    const [shipped, flipped] = await Promise.all([
      untilCanaryEnds('tax-as-shipped', series, example),
      untilCanaryEnds('tax-one-more', withOneMore(series), example),
    ]);
    expect(shipped.candidate, printed).toMatchObject({ step: 'ramp-50' });
    expect(shipped.holds).toEqual([]);
    expect(flipped.candidate, printed).toMatchObject({ step: 'canary-10', phase: 'rolled-back' });
    expect(flipped.holds).toMatchObject([{ source: 'rollback' }]);
  });
});
