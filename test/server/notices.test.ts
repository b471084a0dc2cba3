import { Client } from '@temporalio/client';
import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createNoticeWorkflows } from '../../src/activities/notice-workflows.js';
import type { MessageItem } from '../../src/ports/channel.js';
import { digestId, type Gathered } from '../../src/workflows/messages/notices.js';
import { eventually } from '../support/eventually.js';
import type { Journey } from '../support/journey.js';
import { MEDIUM, standardModel } from '../support/lifecycle.js';
import { devServer, unique } from '../support/temporal.js';
import { openToldWorld, type ToldWorld, tellers } from '../support/told-world.js';

let environment: Awaited<ReturnType<typeof devServer>>;
let around: ToldWorld;

beforeAll(async () => {
  environment = await devServer();
  around = await openToldWorld(environment);
});
beforeEach(async () => {
  around.webhooks.mood = 'takes';
  await around.prefer('everybody: {webhook: "HOOK"}');
});

async function asked(): Promise<Journey> {
  const { world } = around;
  const journey = await world.begin({ key: unique('told'), model: standardModel(), facts: MEDIUM });
  await journey.submitSpec();
  return journey;
}

const aboutGita = (key: string) => around.told('gita').filter(([item]) => item?.lifecycle === key);
const item = (n: number): MessageItem => ({
  lifecycle: 'kyc',
  title: null,
  notice: `kyc/n${n}`,
  kind: 'information',
  gate: null,
  seats: [],
  due: null,
  dueLocal: null,
});
const at = Date.now() + 3_600_000;
const patience = { unreachableAfterMs: 60_000, giveUpAfterMs: 60_000 };

describe('on a real server', () => {
  it('a notice survives the workers that tell it, and is told once they are back', async () => {
    around.webhooks.mood = 'hangs';
    const { key } = await asked();
    const { notice } = tellers(around.world, `${key}/n1`, 'gita');
    await eventually('it is being told', async () => {
      const { raw } = await notice.describe();
      return raw.pendingActivities?.some(({ activityType }) => activityType?.name === 'sendMessage');
    });
    await around.world.stopWorkers();
    around.webhooks.mood = 'takes';
    await around.world.startWorkers();
    expect(await notice.result()).toBe('told');
    expect(aboutGita(key)).toHaveLength(1);
    const { events: history } = await notice.fetchHistory();
    expect(history?.length).toBeLessThan(30);
  });

  it('a notice that is handed over again is not told again', async () => {
    const { key } = await asked();
    const { notice } = tellers(around.world, `${key}/n1`, 'gita');
    await eventually('gita is told', () => aboutGita(key).length === 1);
    expect(await notice.result()).toBe('told');
    const workflows = createNoticeWorkflows(new Client({ connection: environment.connection }), patience);
    const raised = { id: 'n1', kind: 'request', to: ['gita'], gate: 'specification', due: null } as const;
    for (let times = 0; times < 3; times++) await workflows.deliver({ lifecycle: key, notices: [raised] });
    expect((await notice.describe()).status.name).toBe('COMPLETED');
    expect(aboutGita(key)).toHaveLength(1);
  });

  it('a digest is joined once by a notice, however often that is asked for', async () => {
    const workflows = createNoticeWorkflows(new Client({ connection: environment.connection }), patience);
    const person = unique('reader');
    const join = (n: number) =>
      workflows.join({ item: item(n), at }, { person, team: null, items: [item(n)], patience });
    await Promise.all([join(1), join(1)]);
    await Promise.all([join(1), join(2), join(2)]);
    const digest = environment.client.workflow.getHandle(digestId(person, null));
    const joined = async () => {
      const { events: history } = await digest.fetchHistory();
      return (history ?? []).filter((event) => event.workflowExecutionSignaledEventAttributes).length;
    };
    // What arrives during a workflow task is in the history only after it.
    await eventually('both have joined', async () => (await joined()) >= 2);
    await join(1);
    await digest.signal('join', { item: item(3), at });
    await eventually('a third has joined', async () => (await joined()) >= 3);
    expect(await joined()).toBe(3);
    await digest.terminate('the test is over');
  });

  it('a digest of very many goes in several messages, none of which waits for the rest', async () => {
    const workflows = createNoticeWorkflows(new Client({ connection: environment.connection }), patience);
    const person = unique('reader');
    const asking = { person, team: 'tax-filing', items: [], patience };
    for (let n = 1; n <= 45; n++) await workflows.join({ item: item(n), at }, asking);
    const digest = environment.client.workflow.getHandle(digestId(person, 'tax-filing'));
    const rest = await eventually('the rest is gathered anew', async () => {
      const { events } = await digest.fetchHistory();
      const started = events?.[0]?.workflowExecutionStartedEventAttributes;
      return started?.continuedExecutionRunId ? started : undefined;
    });
    const [carried] = rest.input?.payloads ?? [];
    const { gathered } = JSON.parse(Buffer.from(carried?.data ?? []).toString()) as { gathered: Gathered[] };
    expect(gathered.length).toBeLessThanOrEqual(5);
    const message = environment.client.workflow.getHandle(
      `digest/${person}/tax-filing/${rest.continuedExecutionRunId}`,
    );
    // Nobody of that name is in the directory.
    expect(await message.result()).toBe('unreachable');
    await digest.terminate('the test is over');
  });

  it('a lifecycle hears that nobody can be reached, records it, and asks the next', async () => {
    await around.prefer('people: {divya: {webhook: "HOOK"}}');
    const journey = await asked();
    const entries = await eventually('it is recorded', async () => {
      const recorded = await journey.recorded();
      return recorded.some(({ type }) => type === 'Escalated') && recorded;
    });
    expect(entries.filter(({ type }) => type === 'PersonUnreachable').length).toBeGreaterThanOrEqual(2);
    expect(entries.filter(({ type }) => type === 'MessageRefused')).toEqual([]);
    await eventually('divya is told', () =>
      around.told('divya').some((items) => items.some(({ lifecycle }) => lifecycle === journey.key)),
    );
  });
});
