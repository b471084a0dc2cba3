import { WorkflowUpdateFailedError } from '@temporalio/client';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { COMMAND_NAMES, COMMANDS } from '../../src/domain/commands/table.js';
import { eventually } from '../support/eventually.js';
import { failureOf, type Journey } from '../support/journey.js';
import { demoModel, hours, MEDIUM, withGateTimes } from '../support/lifecycle.js';
import { devServer, unique } from '../support/temporal.js';
import { World } from '../support/world.js';

// Long gates: every event here is to be caused by a message.
const model = withGateTimes(demoModel(), { sla: hours(8), every: hours(1) });
let world: World;
let journey: Journey;

beforeAll(async () => {
  world = await World.open(await devServer());
  const key = unique('malformed');
  journey = await world.begin({ key, model, facts: MEDIUM, calendar: 'always' });
  await journey.submitSpec();
  await journey.recorded();
});
afterAll(() => world.close());

const actor = { person: 'tara', functions: [], roles: [], teams: ['tax-filing'], verified: false };
const valid = {
  id: 'x1',
  digest: 'x1',
  actor,
  payload: { scope: 'candidate', reason: `sha256:${'0'.repeat(64)}` },
};

/** Everything that is JSON and no envelope of a stop-ship. */
const MALFORMED: readonly [what: string, args: readonly unknown[]][] = [
  ['no argument', []],
  ['null', [null]],
  ['a text', ['stop it']],
  ['a number', [42]],
  ['a list', [[valid]]],
  ['an empty object', [{}]],
  ['an unknown field', [{ ...valid, force: true }]],
  ['a field of an unknown kind', [{ ...valid, actor: { ...actor, functions: 'operations' } }]],
  ['no actor', [{ ...valid, actor: null }]],
  ['a payload of another command', [{ ...valid, payload: { version: 1 } }]],
  ['free text in place of a digest', [{ ...valid, payload: { scope: 'candidate', reason: 'because' } }]],
  ['a prototype', [JSON.parse('{"__proto__":{"id":"x"},"id":1}')]],
  ['a long id', [{ ...valid, id: 'x'.repeat(10_000) }]],
  [
    'thousands of unknown fields',
    [Object.fromEntries(Array.from({ length: 5_000 }, (_, n) => [`f${n}`, n]))],
  ],
];

/** The lifecycle still answers queries and updates. */
async function goesOn(): Promise<void> {
  expect((await journey.view()).stage).toBe('specification');
  const { events, replayed } = await journey.send('comment', 'leena', {
    gate: 'specification',
    comment: `sha256:${'1'.repeat(64)}`,
  });
  expect(replayed).toBe(false);
  expect(events).toHaveLength(1);
}

describe('a malformed update', () => {
  it.each(MALFORMED)('%s: is refused with what is wrong, and nothing has changed', async (_what, args) => {
    const { version } = await journey.view();
    const sent =
      args.length === 0
        ? journey.handle.executeUpdate('stop-ship')
        : journey.handle.executeUpdate('stop-ship', { args: [args[0]] });
    const failure = await sent.then(() => undefined, failureOf);
    expect(failure?.type).toBe('malformed');
    expect(failure?.details?.[0]).toEqual(
      expect.arrayContaining([expect.objectContaining({ code: 'malformed', message: expect.any(String) })]),
    );
    expect((await journey.view()).version).toBe(version);
  });

  it('is refused by every command, and the lifecycle goes on', async () => {
    for (const name of COMMAND_NAMES) {
      const failure = await journey.handle
        .executeUpdate(name, { args: [null] })
        .then(() => undefined, failureOf);
      expect([name, failure?.type]).toEqual([name, 'malformed']);
    }
    await goesOn();
  });

  it('by a name that is none is refused', async () => {
    const sent = journey.handle.executeUpdate('self-destruct', { args: [valid] });
    await expect(sent).rejects.toThrow(WorkflowUpdateFailedError);
    await goesOn();
  });
});

describe('a malformed signal', () => {
  it.each(MALFORMED)('%s: is recorded as refused', async (_what, args) => {
    const { version } = await journey.view();
    await journey.handle.signal('stop-ship', ...args);
    const after = await eventually('the refusal is an event', async () => {
      const view = await journey.view();
      return view.version > version && view;
    });
    expect(after.version).toBe(version + 1);
    expect(after.holds).toEqual([]);
  });

  it('is recorded for every signal, and the lifecycle goes on', async () => {
    const names = COMMAND_NAMES.filter((name) => COMMANDS[name].signal);
    for (const name of names) await journey.handle.signal(name, null);
    await goesOn();
    const entries = await journey.recorded();
    const refused = entries.filter(({ type }) => type === 'MessageRefused').map(({ data }) => data);
    for (const name of names) {
      expect(refused).toContainEqual({ message: name, code: 'malformed', person: null });
    }
  });

  it.each([
    null,
    7,
    'x',
    [],
    { engine: '2' },
    { engine: 1.5 },
    { engine: -1 },
    { engine: 99 },
    { engine: null },
  ])('poke with %j changes nothing', async (message) => {
    const { version } = await journey.view();
    await journey.handle.signal('poke', message);
    await goesOn();
    expect((await journey.view()).version).toBe(version + 1);
    expect(await journey.runs()).toHaveLength(1);
  });

  it('by a name that is none changes nothing', async () => {
    await journey.handle.signal('self-destruct', valid);
    await goesOn();
  });
});

describe('a message that cannot even be read', () => {
  const json = Buffer.from('json/plain');
  const DEEP = Buffer.from('['.repeat(5_000) + ']'.repeat(5_000));
  const unreadable = [
    ['no JSON', { metadata: { encoding: json }, data: Buffer.from('{"id": ') }],
    ['no valid UTF-8', { metadata: { encoding: json }, data: Buffer.from([0xc3, 0x28, 0xff]) }],
    [
      'an encoding nobody knows',
      { metadata: { encoding: Buffer.from('binary/sealed') }, data: Buffer.from('?') },
    ],
    ['a list in a list, five thousand deep', { metadata: { encoding: json }, data: DEEP }],
    ['no encoding', { data: Buffer.from('{}') }],
    ['no data', { metadata: { encoding: json } }],
  ] as const;

  it.each(unreadable)('%s, as a signal: is refused, and the lifecycle goes on', async (_what, payload) => {
    const { version } = await journey.view();
    await world.client.workflowService.signalWorkflowExecution({
      namespace: 'default',
      workflowExecution: { workflowId: journey.handle.workflowId },
      signalName: 'stop-ship',
      input: { payloads: [payload] },
      requestId: unique('signal'),
      identity: 'test',
    });
    await eventually('the refusal is an event', async () => (await journey.view()).version === version + 1);
    await goesOn();
  });

  it.each(unreadable)('%s, as an update: is refused, and the lifecycle goes on', async (_what, payload) => {
    const { outcome } = await world.client.workflowService.updateWorkflowExecution({
      namespace: 'default',
      workflowExecution: { workflowId: journey.handle.workflowId },
      waitPolicy: { lifecycleStage: 3 },
      request: {
        meta: { updateId: unique('update'), identity: 'test' },
        input: { name: 'stop-ship', args: { payloads: [payload] } },
      },
    });
    expect(outcome?.failure?.applicationFailureInfo?.type).toBe('malformed');
    await goesOn();
  });
});

describe('a huge message', () => {
  it('is refused in few words, as an update and as a signal', async () => {
    // Of its own, and not measured: nobody can keep others from putting what is large into a history.
    const key = unique('huge');
    const huge = await world.begin({ key, model, facts: MEDIUM, calendar: 'always' }, false);
    const text = 'x'.repeat(1_000_000);
    const messages = [
      { ...valid, payload: { scope: text } },
      { ...valid, [text]: 1 },
      { ...valid, actor: { ...actor, teams: [text] } },
      { ...valid, payload: { [text]: { [text.slice(1)]: 1 } } },
    ];
    for (const message of messages) {
      const failure = await huge.handle
        .executeUpdate('stop-ship', { args: [message] })
        .then(() => undefined, failureOf);
      expect(failure?.type).toBe('malformed');
      expect(JSON.stringify(failure?.details).length).toBeLessThan(4_000);
      await huge.handle.signal('stop-ship', message);
    }
    const entries = await eventually('every signal was refused', async () => {
      const refused = (await huge.recorded()).filter(({ type }) => type === 'MessageRefused');
      return refused.length === messages.length && refused;
    });
    expect(JSON.stringify(entries).length).toBeLessThan(4_000);
    expect(
      (
        await huge.send('hold', 'tara', {
          effect: 'forward',
          scope: 'candidate',
          reason: valid.payload.reason,
        })
      ).view.holds,
    ).toHaveLength(1);
  });
});

describe('a malformed query', () => {
  it.each(['lifecycle', 'route'])('%s: fails for whoever asked', async (name) => {
    for (const args of [[], [null], ['x'], [{ now: 'soon', actor: 3 }], [{ now: 0, whatIf: 'money' }]]) {
      await expect(journey.handle.query(name, ...args)).rejects.toThrow();
    }
    await goesOn();
  });
});

describe("an operator's cancel", () => {
  it('ends no lifecycle: that takes a command', async () => {
    await journey.handle.cancel();
    await goesOn();
    expect((await journey.handle.describe()).status.name).toBe('RUNNING');
    const [run] = await journey.runs();
    const requested = run?.history.events?.filter(
      (event) => event.workflowExecutionCancelRequestedEventAttributes,
    );
    expect(requested).toHaveLength(1);
  });
});
