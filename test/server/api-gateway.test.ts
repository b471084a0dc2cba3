import { defineSearchAttributeKey } from '@temporalio/common';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createTemporalGateway } from '../../src/api/temporal-gateway.js';
import { LIFECYCLE_WORKFLOW, lifecycleId, TASK_QUEUES } from '../../src/workflows/messages.js';
import { GOVERNED, type RunningApi, runningApi } from '../api/running-api.js';
import { eventually } from '../support/eventually.js';
import { devServer, unique } from '../support/temporal.js';
import { World } from '../support/world.js';

let world: World;

beforeAll(async () => {
  world = await World.open(await devServer());
});
afterAll(() => world.close());

const apiOnServer = () => runningApi({ gateway: createTemporalGateway(world.client) });

async function started(api: RunningApi): Promise<string> {
  const key = unique('api');
  expect((await api.post('/v1/lifecycles', { ...GOVERNED, key })).status).toBe(201);
  return `/v1/lifecycles/${key}`;
}

describe('the API on a real server', () => {
  it('starts once, however often the request is repeated', async () => {
    const api = await apiOnServer();
    const body = { ...GOVERNED, key: unique('api') };
    const headers = { 'idempotency-key': 'k' };
    const [first, again] = [
      await api.post('/v1/lifecycles', body, { headers }),
      await api.post('/v1/lifecycles', body, { headers }),
    ];
    expect([first.status, again.status, again.body.key]).toEqual([201, 201, first.body.key]);
    expect((await api.post('/v1/lifecycles', body)).problem.code).toBe('exists');
  });

  it('does a repeated command once and shows the lifecycle as it is by then', async () => {
    const api = await apiOnServer();
    const at = await started(api);
    const headers = { 'idempotency-key': 'k' };
    const first = await api.post(`${at}/park`, { reason: 'a' }, { headers });
    await api.post(`${at}/resume`, {});
    const again = await api.post(`${at}/park`, { reason: 'a' }, { headers });
    expect(again.body).toMatchObject({ events: first.body.events, replayed: true });
    expect(again.body.lifecycle.version).toBeGreaterThan(first.body.lifecycle.version);
  });

  it('refuses with the lifecycle’s code and reasons', async () => {
    const api = await apiOnServer();
    const at = await started(api);
    const { problem } = await api.post(`${at}/advance`, {});
    expect(problem).toMatchObject({
      status: 409,
      code: 'wrong-stage',
      recorded: true,
      reasons: [{ fact: 'stage' }],
    });
    const stale = await api.post(`${at}/park`, { reason: 'a' }, { headers: { 'if-match': '"1"' } });
    expect(stale.problem).toMatchObject({ status: 412, code: 'version-conflict' });
  });

  it('tells an unknown lifecycle from a closed one', async () => {
    const api = await apiOnServer();
    expect((await api.get(`/v1/lifecycles/${unique('none')}`)).problem.code).toBe('not-found');
    const at = await started(api);
    expect((await api.post(`${at}/cancel`, { reason: 'a' }, { as: 'asha' })).status).toBe(200);
    const code = async () => (await api.post(`${at}/park`, { reason: 'a' })).problem.code;
    await eventually('the lifecycle is closed', async () => (await code()) === 'lifecycle-closed');
    expect((await api.get(at)).body.stage).toBe('retired');
  });

  it('without a worker reads and commands are 503, and what stops things is durable', async () => {
    const api = await apiOnServer();
    const at = await started(api);
    await world.stopWorkers();
    const [view, command, hold] = await Promise.all([
      api.get(at),
      api.post(`${at}/park`, { reason: 'a' }),
      api.post(`${at}/hold`, { effect: 'stopped', reason: 'a' }, { as: 'meera' }),
    ]);
    expect(view.problem).toMatchObject({ status: 503, code: 'view-unavailable' });
    expect(command.problem).toMatchObject({ status: 503, code: 'outcome-unknown' });
    expect(hold.status).toBe(202);
    await world.startWorkers();
    await eventually('the hold is there', async () => {
      const { holds } = (await api.get(at)).body;
      return holds.filter(({ by }) => by === 'meera').length === 1;
    });
  });

  it('says when a lifecycle cannot go on', async () => {
    const api = await apiOnServer();
    const key = unique('stuck');
    await world.client.workflow.start(LIFECYCLE_WORKFLOW, {
      workflowId: lifecycleId(key),
      taskQueue: TASK_QUEUES.workflows,
      args: [{ start: {}, trust: 'dev', link: '' }],
      typedSearchAttributes: [
        { key: defineSearchAttributeKey('AwTeam', 'KEYWORD'), value: 'broker-onboarding' },
      ],
    });
    const problem = async () => (await api.post(`/v1/lifecycles/${key}/park`, { reason: 'a' })).problem;
    await eventually(
      'the lifecycle is known to be stuck',
      async () => (await problem()).code === 'lifecycle-stuck',
    );
    expect((await api.get(`/v1/lifecycles/${key}`)).problem.code).toBe('lifecycle-stuck');
    await world.client.workflow.getHandle(lifecycleId(key)).terminate('the test is over');
  });
});
