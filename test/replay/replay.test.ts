import { fileURLToPath } from 'node:url';
import { bundleWorkflowCode, DefaultLogger, Worker } from '@temporalio/worker';
import { DeterminismViolationError } from '@temporalio/workflow';
import { describe, expect, it } from 'vitest';
import { type History, kindOf, oversized, payloadsOf } from '../support/histories.js';
import { workflowBundle } from '../support/temporal.js';
import { historyNames, historyOf, historyText, readHistory } from './history-files.js';
import { JOURNEYS } from './journeys.js';

const names = historyNames();

/** Paths, and the process and host that the SDK calls itself by. */
const MACHINE = /\/(home|tmp|root|work|Users|node_modules)\/|\b\d+@[\w-]/;

const replay = (bundle: { codePath: string } | { code: string }, history: History) =>
  Worker.runReplayHistory({ workflowBundle: bundle }, history, 'lifecycle/replayed');

describe('the recorded histories', () => {
  it('are there for every journey', () => {
    expect(names).toEqual(expect.arrayContaining(JOURNEYS.flatMap((journey) => journey.names)));
  });

  it.each(names)('%s replays on the workflows as they are now', async (name) => {
    await replay(workflowBundle, readHistory(name));
  });

  it.each(names)('%s keeps every payload within its limit', (name) => {
    const history = readHistory(name);
    expect(payloadsOf(history).length).toBeGreaterThan(10);
    expect(oversized(history)).toEqual([]);
  });

  it.each(names)('%s names no machine and no path', (name) => {
    const texts = payloadsOf(readHistory(name)).map(({ data }) => Buffer.from(data).toString());
    const traces = [historyText(name), ...texts].flatMap((text) => MACHINE.exec(text)?.[0] ?? []);
    expect(traces).toEqual([]);
  });

  it('show what they are kept for', () => {
    const types = (name: string) => {
      const { events } = readHistory(name);
      return (events ?? []).map(kindOf);
    };
    expect(types('continue-as-new-before').at(-1)).toBe('workflowExecutionContinuedAsNewEventAttributes');
    expect(types('engine-1').at(-1)).toBe('workflowExecutionContinuedAsNewEventAttributes');
    expect(types('launch').length).toBeLessThan(400);
    const activities = (readHistory('engine-3-watched').events ?? []).map(
      (event) => event.activityTaskScheduledEventAttributes?.activityType?.name,
    );
    expect(activities).toEqual(expect.arrayContaining(['watchRelease', 'appendEntries', 'setExposure']));
    const [carried] = payloadsOf(readHistory('engine-1-poked'));
    expect(JSON.parse(Buffer.from(carried?.data ?? []).toString())).toMatchObject({
      carry: { engine: 2, state: { engine: 1 } },
    });
  });
});

describe('a replay can fail', () => {
  const bundled = (file: string) =>
    bundleWorkflowCode({
      workflowsPath: fileURLToPath(new URL(file, import.meta.url)),
      payloadConverterPath: fileURLToPath(
        new URL('../../src/workflows/payload-converter.ts', import.meta.url),
      ),
      logger: new DefaultLogger('ERROR'),
    });

  it('on workflows that do something else first', async () => {
    const bundle = await bundled('./broken-workflow.ts');
    for (const name of ['launch', 'continue-as-new-after']) {
      await expect(replay(bundle, readHistory(name))).rejects.toThrow(DeterminismViolationError);
    }
  });

  it('on a change of behaviour that does not branch on the engine', async () => {
    const bundle = await bundled('./unbranched-workflow.ts');
    await expect(replay(bundle, readHistory('engine-1'))).rejects.toThrow(DeterminismViolationError);
    // It is the behaviour that fails, not the bundle.
    await replay(bundle, readHistory('launch'));
  });

  it('on a history that tells of something else', async () => {
    const altered = historyText('launch').replace('"deliverNotices"', '"deliverTidings"');
    await expect(replay(workflowBundle, historyOf(altered))).rejects.toThrow(DeterminismViolationError);
  });
});
