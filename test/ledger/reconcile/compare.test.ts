import { loadDataConverter } from '@temporalio/common/lib/internal-non-workflow/data-converter-helpers.js';
import proto from '@temporalio/proto';
import { describe, expect, it } from 'vitest';
import { readNewest } from '../../../src/activities/reconcile-history.js';
import { parseFinding } from '../../../src/contracts/finding.js';
import { API_IDENTITY } from '../../../src/contracts/identities.js';
import type { Act } from '../../../src/ledger/reconcile/acts.js';
import { awaitedOf, findingsIn, type Setting } from '../../../src/ledger/reconcile/compare.js';
import { findingEntry, findingId, reportOf } from '../../../src/ledger/reconcile/finding.js';
import { historyNames, readHistory } from '../../replay/history-files.js';
import { type History, kindOf } from '../../support/histories.js';

const RESET = proto.temporal.api.enums.v1.WorkflowTaskFailedCause.WORKFLOW_TASK_FAILED_CAUSE_RESET_WORKFLOW;
const converter = loadDataConverter(undefined);
const newestFirst = ({ events }: History) => (events ?? []).toReversed();
const read = (name: string, after = 0) => readNewest(newestFirst(readHistory(name)), after, converter);

const setting: Setting = { lifecycle: 'kyc', runId: 'r1', retired: false, superseded: false };
const done = { eventId: 7, at: 1_796_025_600_000, identity: API_IDENTITY, principal: null };
const actor = { person: 'tara', functions: [], roles: [], teams: ['tax-filing'], verified: false };
const reason = `sha256:${'0'.repeat(64)}`;
const stopShip = { id: 'x', digest: 'y', actor, payload: { scope: 'candidate', reason } };
const decide = {
  ...stopShip,
  payload: { gate: 'readiness', generation: 1, subject: reason, decision: 'approve' },
};
const message = (more: object): Act => ({
  ...{ act: 'message', how: 'update', name: 'stop-ship', argument: stopShip, ...done, ...more },
});
const kinds = (acts: readonly Act[], more: Partial<Setting> = {}) =>
  findingsIn(acts, { ...setting, ...more }).map(({ kind, gate, detail }) => ({ kind, gate, detail }));

describe('a recorded history', () => {
  it.each(historyNames())('%s: nothing in it went past whoever sent it', async (name) => {
    const { acts, lastEvent } = await read(name);
    expect(lastEvent).toBe(readHistory(name).events?.length);
    expect(acts.length).toBeGreaterThan(0);
    const messages = acts.filter(({ act }) => act !== 'started');
    const [sender] = messages.filter(({ act }) => act === 'message');
    expect(findingsIn(messages, { ...setting, ours: sender?.identity ?? '' })).toEqual([]);
  });

  it('is out of band message by message once the sender is somebody else', async () => {
    const { acts } = await read('launch');
    const sent = acts.filter(({ act }) => act === 'message');
    const found = findingsIn(sent, { ...setting, ours: 'somebody else' });
    expect(found.map(({ eventId }) => eventId)).toEqual(sent.map(({ eventId }) => eventId));
    expect(found.find(({ gate }) => gate === 'readiness')).toMatchObject({
      kind: 'unsigned-message',
      detail: 'update decide: not sent by the API',
    });
  });

  it('is read on from where it was left, and says what was acknowledged', async () => {
    const whole = await read('launch');
    const middle = whole.acts.at(4)?.eventId ?? 0;
    const rest = await read('launch', middle);
    expect(rest.acts).toEqual(whole.acts.slice(5));
    expect(rest.acknowledged).toBe(whole.acknowledged);
    expect(whole.acknowledged).toBeGreaterThan(5);
    expect(await read('launch', whole.lastEvent)).toEqual({
      acts: [],
      acknowledged: 0,
      lastEvent: whole.lastEvent,
    });
  });

  it('of a run that goes on from another begins with what that had acknowledged, and with no start', async () => {
    const [before, after] = await Promise.all([
      read('continue-as-new-before'),
      read('continue-as-new-after'),
    ]);
    expect(after.acknowledged).toBeGreaterThanOrEqual(before.acknowledged);
    expect(after.acts.filter(({ act }) => act === 'started')).toEqual([]);
  });

  it('is read back to its reset, because what lies before is a copy', async () => {
    const history = readHistory('launch');
    const at = (history.events ?? []).findIndex(
      (event) => kindOf(event) === 'workflowTaskCompletedEventAttributes',
    );
    const events = (history.events ?? []).map((event, index) =>
      index === at
        ? {
            eventId: event.eventId ?? null,
            eventTime: event.eventTime ?? null,
            workflowTaskFailedEventAttributes: { cause: RESET, baseRunId: 'r0', identity: 'history-service' },
          }
        : event,
    );
    const { acts } = await readNewest(newestFirst({ events }), 0, converter);
    expect(acts[0]).toMatchObject({ act: 'reset', from: 'r0' });
    expect(acts.filter(({ eventId }) => eventId <= at)).toEqual([]);
  });
});

describe('a message', () => {
  it('of the API with an envelope is in order, and so is what the worker and a roll-out send', () => {
    expect(kinds([message({}), message({ how: 'signal' })])).toEqual([]);
    const own = { how: 'signal', identity: '12@somewhere', argument: 5 };
    const names = ['poke', 'report-finding', 'report-unreachable', 'ask-after'];
    expect(kinds(names.map((name) => message({ ...own, name })))).toEqual([]);
  });

  it('of another client is out of band, at the gate that it names', () => {
    const identity = '12@somewhere';
    expect(kinds([message({ identity }), message({ identity, name: 'decide', argument: decide })])).toEqual([
      { kind: 'unsigned-message', gate: null, detail: 'update stop-ship: not sent by the API' },
      { kind: 'unsigned-message', gate: 'readiness', detail: 'update decide: not sent by the API' },
    ]);
  });

  it.each([
    [undefined, null],
    [null, null],
    ['stop it', null],
    [[stopShip], null],
    [{ payload: { gate: 'readiness' } }, 'readiness'],
    [{ payload: { gate: '<script>' } }, null],
    [{ payload: { gate: { toString: 'readiness' } } }, null],
  ])('that is no envelope is out of band, whoever sent it: %j', (argument, gate) => {
    const detail = 'signal stop-ship: no envelope of the API';
    expect(kinds([message({ how: 'signal', argument })])).toEqual([
      { kind: 'unsigned-message', gate, detail },
    ]);
  });

  it('of a name that is none is out of band, and the name is not repeated', () => {
    const [found] = kinds([message({ how: 'signal', name: 'x'.repeat(5_000) }), message({ name: 'poke' })]);
    expect(found).toMatchObject({ detail: 'signal of a name that is no command: no envelope of the API' });
  });

  it('to Temporal itself is out of band', () => {
    const asked = message({ how: 'request', name: 'cancel', argument: undefined });
    expect(kinds([asked])).toMatchObject([{ kind: 'unsigned-message', detail: 'asked Temporal to cancel' }]);
  });
});

describe('a start', () => {
  const start = { act: 'started', type: 'lifecycle', argument: {}, ...done } as const;
  it.each([
    [{}, {}, 'its start is not what it says'],
    [{ argument: { start: { key: 'kyc' } } }, {}, 'its start is not what it says'],
    [{ argument: { start: { key: 'other' } } }, {}, 'its start is not what it says'],
    [{ argument: null }, {}, 'its start is not what it says'],
    [{ identity: '12@somewhere' }, {}, 'started past the API'],
    [{ type: 'toy' }, {}, 'another workflow under a lifecycle’s id'],
    [{}, { lifecycle: null }, 'its id is no lifecycle’s'],
  ])('with %j in %j is not ours', (more, around, detail) => {
    expect(kinds([{ ...start, ...more }], around)).toEqual([{ kind: 'unknown-start', gate: null, detail }]);
  });
});

describe('an end', () => {
  const closed = (ending: 'completed' | 'terminated' | 'failed'): Act => ({ act: 'closed', ending, ...done });
  it('is in order where the ledger has it retired, or a reset has put another run in its place', () => {
    expect(kinds([closed('completed'), closed('terminated')], { retired: true })).toEqual([]);
    expect(kinds([closed('terminated')], { superseded: true })).toEqual([]);
  });
  it('otherwise went past us, whoever called itself the resetter', () => {
    const acts = [closed('terminated'), closed('failed'), closed('completed')].map((act) => ({
      ...act,
      identity: 'history-resetter',
    }));
    expect(kinds(acts).map(({ kind, detail }) => [kind, detail])).toEqual([
      ['terminate', 'terminated'],
      ['terminate', 'failed'],
      ['missing-in-ledger', 'completed, and not retired'],
    ]);
  });
});

describe('a finding', () => {
  const [first, second] = findingsIn(
    [message({ argument: 1 }), message({ argument: 1, eventId: 8 })],
    setting,
  );
  it('has one id for one event of one run', () => {
    if (!first || !second) throw new Error('nothing found');
    expect(findingId(first)).toMatch(/^finding\/kyc\/[0-9a-f]{32}$/);
    expect(findingId({ ...first, at: 5, identity: 'other', detail: 'other' })).toBe(findingId(first));
    for (const other of [
      second,
      { ...first, runId: 'r2' },
      { ...first, kind: 'reset' as const },
      { ...first, seq: 3 },
    ])
      expect(findingId(other)).not.toBe(findingId(first));
  });
  it('is an entry of bounded size, and a report that the lifecycle takes', () => {
    if (!first) throw new Error('nothing found');
    const entry = findingEntry({ ...first, identity: 'x'.repeat(10_000), principal: 'jwt:y' });
    expect(entry).toMatchObject({ kind: 'finding', type: 'unsigned-message', lifecycle: 'kyc', seq: null });
    expect(entry.data).toMatchObject({ gate: null, runId: 'r1', eventId: 7, principal: 'jwt:y' });
    expect(JSON.stringify(entry).length).toBeLessThan(1_000);
    expect(parseFinding(reportOf(first))).toEqual(reportOf(first));
  });
});

describe('what the ledger lacks', () => {
  const backlog = { acknowledged: 9, recorded: 7, appending: false, awaited: null };
  it('is nothing while it has all, or an append is still being tried', () => {
    expect(awaitedOf({ ...backlog, recorded: 9 }, 5)).toBeNull();
    expect(awaitedOf({ ...backlog, recorded: 12 }, 5)).toBeNull();
    expect(awaitedOf({ ...backlog, appending: true, awaited: { seq: 8, since: 1 } }, 5)).toBeNull();
  });
  it('is waited for by one number until that has come, however much more is acknowledged', () => {
    const awaited = awaitedOf(backlog, 5);
    expect(awaited).toEqual({ seq: 9, since: 5 });
    expect(awaitedOf({ ...backlog, acknowledged: 30, recorded: 8, awaited }, 60)).toEqual(awaited);
    expect(awaitedOf({ ...backlog, acknowledged: 30, recorded: 9, awaited }, 60)).toEqual({
      seq: 30,
      since: 60,
    });
  });
});
