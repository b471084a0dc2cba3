import { rename } from 'node:fs/promises';
import { join } from 'node:path';
import { defineSearchAttributeKey } from '@temporalio/common';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { CommandResult } from '../../src/workflows/messages.js';
import { eventually } from '../support/eventually.js';
import { activitiesOf } from '../support/histories.js';
import { failureOf, type Journey } from '../support/journey.js';
import {
  compiledSpec,
  demoModel,
  digest,
  FALSE_COMMITMENTS,
  hours,
  MEDIUM,
  withGateTimes,
} from '../support/lifecycle.js';
import { devServer, unique } from '../support/temporal.js';
import { World } from '../support/world.js';

const MAX_EVENTS = 400;

let world: World;

beforeAll(async () => {
  world = await World.open(await devServer());
});
afterAll(() => world.close());
afterEach(() => world.clearFaults());

const model = withGateTimes(demoModel(), { sla: hours(8), every: hours(1) });
const begin = (name: string) => world.begin({ key: unique(name), model, facts: MEDIUM, calendar: 'always' });

const runId = async (journey: Journey) => (await journey.handle.describe()).runId;
const historyLength = async (journey: Journey) => (await journey.handle.describe()).historyLength;

/** Wakes the lifecycle again and again, which lengthens its history and changes nothing else. */
async function pokeUntil(journey: Journey, what: string, holds: () => Promise<boolean>): Promise<void> {
  await eventually(
    what,
    async () => {
      if (await holds()) return true;
      await journey.handle.signal('poke', {});
      return false;
    },
    90_000,
  );
}

describe('continue-as-new with work in every lane', () => {
  it('loses none of it, and does none of it twice', async () => {
    const journey = await begin('lanes');
    await journey.toReadiness(compiledSpec('checked', [FALSE_COMMITMENTS]));
    await world.faultAtMetrics({ kind: 'hang', lifecycle: journey.key });
    await journey.passReadiness();
    await journey.until('the canary is verified', ({ candidate }) => candidate?.phase === 'verifying');
    await pokeUntil(journey, 'a long history', async () => (await historyLength(journey)) > MAX_EVENTS - 60);
    const run = await runId(journey);

    // An effect that takes long, because a person wants every case reviewed.
    await world.faultAtTarget({ kind: 'slow', lifecycle: journey.key, ms: 8_000, times: 1 });
    const { slow = 0 } = await world.fired();
    await journey.send('hold', 'omkar', {
      effect: 'review-all',
      scope: 'candidate',
      reason: digest('review'),
    });
    await eventually('the effect is under way', async () => ((await world.fired())['slow'] ?? 0) > slow);
    // Ledger, people and mailbox go away; then a gate gets its quorum, which nobody can confirm.
    const gone = ['people.yaml', 'mail'].map((name) => join(world.home, name));
    await world.actor('farah');
    const ledger = await world.withoutLedger();
    for (const path of gone) await rename(path, `${path}-away`);
    await journey.send('override-tier', 'gita', { tier: 'low', reason: digest('lower') });
    await journey.decide('farah', 'two-key-1');
    const everything = [
      'appendEntries',
      'confirmApprovers',
      'deliverNotices',
      'sampleMetrics',
      'setExposure',
    ];
    await eventually(
      'every lane works',
      async () => String(await journey.pendingActivities()) === String(everything),
    );
    expect(await runId(journey)).toBe(run);

    await pokeUntil(journey, 'the next run', async () => (await runId(journey)) !== run);
    // All that was cancelled is under way again; the effect was waited for, and is not repeated.
    const derived = everything.filter((name) => name !== 'setExposure');
    await eventually(
      'every lane works again',
      async () => String(await journey.pendingActivities()) === String(derived),
    );
    const view = await journey.view();
    expect(view.exposure).toMatchObject({ fence: 2, applied: { candidate: { percent: 10 }, review: 'all' } });
    expect(view.gates).toMatchObject([{ gate: 'two-key-1', status: 'confirming' }]);
    expect(view.candidate?.phase).toBe('verifying');
    const { memo, typedSearchAttributes } = await journey.handle.describe();
    expect(memo).toEqual({ startId: `start-${journey.key}` });
    expect(typedSearchAttributes.get(defineSearchAttributeKey('AwStage', 'KEYWORD'))).toBe('release');

    for (const path of gone) await rename(`${path}-away`, path);
    await ledger.back();
    await world.clearFaults();
    await journey.until('the tier is lowered', ({ tier }) => tier.effective === 'low');
    await journey.until('the verification has an outcome', ({ candidate }) => candidate?.phase === 'soaking');
    const entries = await journey.recorded();
    expect(entries.map(({ seq }) => seq)).toEqual(entries.map((_, index) => index + 1));
    expect(entries.filter(({ type }) => type === 'TierLowered')).toHaveLength(1);
    const raised = entries.flatMap(({ type, data }) =>
      type === 'NoticeRaised' ? [`${journey.key}/${(data as { notice: { id: string } }).notice.id}`] : [],
    );
    await eventually(
      'every notice is delivered',
      async () => (await world.mailbox(journey.key)).length >= raised.length,
    );
    expect((await world.mailbox(journey.key)).map(({ id }) => id)).toEqual(raised);
    expect((await world.applied(journey.key)).map(({ fence }) => fence)).toEqual([1, 2]);
    const runs = await journey.runs();
    expect(runs.length).toBeGreaterThanOrEqual(2);
    expect(activitiesOf(runs[1]?.history ?? {})).not.toContain('setExposure');
  }, 150_000);

  it('does not let a stop-ship wait for the effect that it stops', async () => {
    const journey = await begin('winding');
    await journey.toReadiness();
    await pokeUntil(journey, 'a long history', async () => (await historyLength(journey)) > MAX_EVENTS - 40);
    const ms = 15_000;
    await world.faultAtTarget({ kind: 'slow', lifecycle: journey.key, ms, times: 1 });
    const { slow = 0 } = await world.fired();
    await journey.passReadiness();
    await eventually('the effect is under way', async () => ((await world.fired())['slow'] ?? 0) > slow);
    const begun = Date.now();
    const run = await runId(journey);
    await pokeUntil(journey, '400 events', async () => (await historyLength(journey)) >= MAX_EVENTS);
    // It wants to continue as new, and waits for the effect.
    expect(await runId(journey)).toBe(run);
    await journey.send('stop-ship', 'tara', { scope: 'candidate', reason: digest('stop') });
    await journey.until(
      'exposure is zero',
      ({ exposure: { applied } }) => applied !== 'unknown' && applied.candidate === null,
    );
    expect(Date.now() - begun).toBeLessThan(ms);
    expect(await runId(journey)).not.toBe(run);
    expect((await world.applied(journey.key)).map(({ fence }) => fence)).toEqual([2]);
  }, 120_000);
});

describe('a lifecycle that is over', () => {
  it('ends only when the ledger has everything, however long its history is', async () => {
    const journey = await begin('over');
    await journey.recorded();
    await pokeUntil(journey, 'a long history', async () => (await historyLength(journey)) > MAX_EVENTS - 30);
    const run = await runId(journey);
    const ledger = await world.withoutLedger();
    await journey.send('cancel', 'bela', { reason: digest('over') });
    await pokeUntil(journey, 'the next run', async () => (await runId(journey)) !== run);
    expect((await journey.handle.describe()).status.name).toBe('RUNNING');
    await ledger.back();
    await journey.handle.result();
    const entries = await journey.recorded();
    expect(entries.at(-1)).toMatchObject({ type: 'Retired', data: { outcome: 'cancelled' } });
    expect(entries.map(({ seq }) => seq)).toEqual(entries.map((_, index) => index + 1));
  }, 120_000);
});

describe('updates racing continue-as-new', () => {
  it('are all answered, happen once, and are remembered by the runs that follow', async () => {
    const journey = await begin('racing');
    await journey.submitSpec();
    const ids = Array.from({ length: 320 }, (_, index) => `racing-${index}`);
    const send = (id: string) =>
      journey.send('comment', 'leena', { gate: 'specification', comment: digest(id) }, id);
    const first = await inFlight(20, ids, send);
    const runs = await journey.runs();
    expect(runs.length).toBeGreaterThan(1);
    // One that the race dropped after it had happened was sent again, and answered from memory.
    const events = first.flatMap((result) => result.events);
    expect(new Set(events).size).toBe(ids.length);

    // The same commands again, in whatever run: answered with the same events, and nothing happens.
    const { version } = await journey.view();
    const again = await inFlight(20, ids, send);
    // By the run that had it the server answers itself; what an earlier run had, the lifecycle remembers.
    expect(again.some(({ replayed }) => replayed)).toBe(true);
    expect(again.flatMap((result) => result.events)).toEqual(events);
    expect((await journey.view()).version).toBe(version);
    const other = { gate: 'specification', comment: digest('other') };
    const reused = await journey.send('comment', 'leena', other, 'racing-0').catch(failureOf);
    expect(reused).toMatchObject({ type: 'idempotency-key-reused' });

    const entries = await journey.recorded();
    expect(entries.map(({ seq }) => seq)).toEqual(entries.map((_, index) => index + 1));
    const comments = entries.filter(({ type }) => type === 'CommentAdded');
    expect(comments.map(({ id }) => id).sort()).toEqual([...events].sort());
    expect(new Set(comments.map(({ data }) => (data as { comment: string }).comment))).toEqual(
      new Set(ids.map(digest)),
    );
  }, 120_000);
});

/** Does all, so many at a time; answers in the order asked. */
async function inFlight(
  most: number,
  ids: readonly string[],
  send: (id: string) => Promise<CommandResult>,
): Promise<CommandResult[]> {
  const results: CommandResult[] = [];
  const queue = [...ids.entries()];
  const one = async () => {
    for (let next = queue.shift(); next !== undefined; next = queue.shift())
      results[next[0]] = await send(next[1]);
  };
  await Promise.all(Array.from({ length: most }, one));
  return results;
}
