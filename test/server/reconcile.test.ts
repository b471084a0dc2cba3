import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { LedgerEntry } from '../../src/ports/ledger.js';
import { TASK_QUEUES } from '../../src/workflows/messages.js';
import { eventually } from '../support/eventually.js';
import type { Journey } from '../support/journey.js';
import { demoModel, digest, envelope, hours, MEDIUM, withGateTimes } from '../support/lifecycle.js';
import { type OutOfBand, openOutOfBand } from '../support/out-of-band.js';
import { unique } from '../support/temporal.js';

const PATIENCE_MS = 300;
const model = withGateTimes(demoModel(), { sla: hours(8), every: hours(1) });
let world: OutOfBand;

beforeAll(async () => {
  world = await openOutOfBand(PATIENCE_MS);
});
afterAll(() => world.close());

const begin = async (name: string, how: Parameters<OutOfBand['begin']>[1] = {}): Promise<Journey> => {
  const journey = await world.begin({ key: unique(name), model, facts: MEDIUM, calendar: 'always' }, how);
  await journey.recorded();
  return journey;
};

/** Longer than the ledger and the documents may be behind. */
const outOfPatience = () => sleep(PATIENCE_MS + 50);

/** A pass that finds nothing new, after one that took in what was there. */
async function quiet(...open: readonly Journey[]): Promise<void> {
  const settled = () => Promise.all([outOfPatience(), ...open.map((journey) => journey.recorded())]);
  await settled();
  await world.reconcile();
  await settled();
  expect((await world.reconcile()).found).toBe(0);
}

const seen = async ({ key }: Journey) =>
  (await world.findings(key)).map(({ type, data }) => ({ type, ...(data as object) }));

const frozen = (journey: Journey, kind: string) =>
  journey.until(`${kind} is reported`, ({ findings }) => findings.some((one) => one.kind === kind));

async function ratify(journey: Journey): Promise<void> {
  for (const { finding, gate } of (await journey.view()).findings)
    for (const person of [gate === null ? 'omkar' : 'gita', 'zoya'])
      await journey.send('ratify-finding', person, { finding, reason: digest('it may stand') });
}

describe('the reconciler', () => {
  it('finds nothing in what went through the API, and reads nothing twice', async () => {
    const journey = await begin('orderly');
    await journey.submitSpec();
    await journey.decide('leena', 'specification');
    await journey.recorded();
    await world.reconcile();
    await quiet(journey);
    expect(await seen(journey)).toEqual([]);
    const { runs, read } = await world.reconcile();
    expect(runs).toBeGreaterThan(0);
    expect(read).toBe(0);
    expect((await journey.view()).findings).toEqual([]);
  });

  it('an update past the API freezes its gate until an approver and an auditor have ratified it', async () => {
    const journey = await begin('update');
    await journey.submitSpec();
    const answer = envelope<'decide'>(await world.actor('leena'), await journey.answer('specification'));
    await world.operator.workflow
      .getHandle(`lifecycle/${journey.key}`)
      .executeUpdate('decide', { args: [answer] });
    await quiet(journey);
    expect(await seen(journey)).toEqual([
      expect.objectContaining({
        type: 'unsigned-message',
        gate: 'specification',
        detail: 'update decide: not sent by the API',
        identity: '4711@operators-laptop',
        runId: journey.firstRunId,
      }),
    ]);
    await frozen(journey, 'unsigned-message');
    expect((await journey.refused('decide', 'gita', await journey.answer('specification'))).type).toBe(
      'gate-frozen',
    );
    await ratify(journey);
    await journey.decide('gita', 'specification');
    await journey.until('the gate passes', ({ stage }) => stage === 'implementation');
    await quiet(journey);
    expect(await seen(journey)).toHaveLength(1);
  });

  it('garbage in a signal, a signal nobody knows and a request to cancel are found too', async () => {
    const journey = await begin('signals');
    const handle = world.operator.workflow.getHandle(`lifecycle/${journey.key}`);
    await handle.signal('stop-ship', 'now!');
    await handle.signal('open-sesame', { payload: { gate: 'specification' } });
    await handle.cancel();
    await quiet(journey);
    expect(
      (await seen(journey)).map(({ type, detail }: { type: string; detail?: string }) => [type, detail]),
    ).toEqual([
      ['unsigned-message', 'signal stop-ship: no envelope of the API'],
      ['unsigned-message', 'signal of a name that is no command: no envelope of the API'],
      ['unsigned-message', 'asked Temporal to cancel'],
    ]);
    await frozen(journey, 'unsigned-message');
    await ratify(journey);
    expect((await journey.view()).findings).toEqual([]);
  });

  it('a reset freezes everything, and its cut-off run is not taken for a terminated one', async () => {
    const journey = await begin('reset');
    await journey.submitSpec();
    await journey.recorded();
    await world.reconcile();
    const { events } = await journey.handle.fetchHistory();
    const [first] = (events ?? []).filter((event) => event.workflowTaskCompletedEventAttributes);
    const { runId } = await world.operator.workflowService.resetWorkflowExecution({
      namespace: 'default',
      workflowExecution: { workflowId: `lifecycle/${journey.key}`, runId: journey.firstRunId },
      workflowTaskFinishEventId: first?.eventId ?? null,
      reason: 'to have another try',
      requestId: unique('reset'),
    });
    await eventually('the new run has begun', async () => (await journey.view()).version > 0);
    // Not waited for: what it decides anew from the earlier point is not what the ledger has, so that it keeps the rest.
    await quiet();
    expect(await seen(journey)).toEqual([
      expect.objectContaining({
        type: 'reset',
        gate: null,
        runId,
        detail: `reset of run ${journey.firstRunId}`,
      }),
    ]);
    await frozen(journey, 'reset');
  });

  it('what a lifecycle cannot record any more is missing in the ledger, and in the end it waits on nothing', async () => {
    const journey = await begin('stranded');
    // Somebody else wrote what comes next there: a conflict, after which nothing is appended.
    const { version } = await journey.view();
    const forged = { ...(await journey.recorded()).at(-1), seq: version + 1 } as LedgerEntry;
    const { id, lifecycle, kind, seq, at, type, by, command, data } = forged;
    await world.ledger.append([
      { id: id.replace(/\d+$/, String(seq)), lifecycle, kind, seq, at, type, by, command, data },
    ]);
    await journey.send('hold', 'omkar', { effect: 'forward', scope: 'candidate', reason: digest('wait') });
    await journey.until('it cannot record', ({ holds }) => holds.some(({ source }) => source === 'ledger'));
    await journey.send('cancel', 'bela', { reason: digest('no longer wanted') });
    const found = async () => (await seen(journey)).map(({ type: what }) => what);
    await eventually('both are found', async () => {
      await world.reconcile();
      return (await found()).length === 2;
    });
    await quiet();
    expect((await found()).sort()).toEqual(['missing-in-ledger', 'waits-on-nothing']);
  });

  it('one that was terminated is found once, and by then nobody can be told', async () => {
    const journey = await begin('terminated');
    await world.reconcile();
    await world.operator.workflow.getHandle(`lifecycle/${journey.key}`).terminate('enough');
    await quiet();
    expect(await seen(journey)).toEqual([
      expect.objectContaining({
        type: 'terminate',
        gate: null,
        detail: 'terminated',
        identity: '4711@operators-laptop',
      }),
    ]);
  });

  it('one that ended through the API is in order', async () => {
    const journey = await begin('ended');
    await journey.send('cancel', 'bela', { reason: digest('no longer wanted') });
    await journey.handle.result();
    await quiet();
    expect(await seen(journey)).toEqual([]);
  });

  it('a start past the API is found, and one whose document nobody stored', async () => {
    const [other, unstored] = await Promise.all([
      begin('started', { client: world.operator }),
      begin('unstored', { stored: false }),
    ]);
    const stray = unique('Stray');
    await world.operator.workflow.start('lifecycle', {
      workflowId: stray,
      taskQueue: TASK_QUEUES.workflows,
      args: [{ start: {}, trust: 'dev', link: '' }],
    });
    await quiet(other, unstored);
    expect((await seen(other)).map(({ type }) => type)).toEqual(['unknown-start']);
    expect(await seen(unstored)).toEqual([
      expect.objectContaining({ type: 'unknown-start', detail: 'its start is not on record', eventId: 1 }),
    ]);
    await frozen(unstored, 'unknown-start');
    const ofNobody = await world.findings(null);
    expect(ofNobody.map(({ type, data }) => [type, (data as { detail?: string }).detail])).toEqual([
      ['unknown-start', 'its id is no lifecycle’s'],
    ]);
    await world.operator.workflow.getHandle(stray).terminate('the test is over');
  });

  it('a lifecycle that only the ledger knows is found', async () => {
    const key = unique('lost');
    const started: LedgerEntry = {
      id: `lifecycle/${key}/1`,
      lifecycle: key,
      kind: 'event',
      seq: 1,
      at: 1_796_025_600_000,
      type: 'LifecycleStarted',
      by: 'hari',
      command: 'start',
      data: { start: digest('nowhere') },
    };
    await world.ledger.append([started]);
    await quiet();
    expect((await world.findings(key)).map(({ type, seq }) => [type, seq])).toEqual([
      ['missing-in-temporal', null],
    ]);
  });
});
