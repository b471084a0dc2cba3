import { Worker } from '@temporalio/worker';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createTemporalItems } from '../../src/api/items/temporal-items.js';
import { timelinePage } from '../../src/contracts/answers.js';
import { itemCommandAnswer, itemList } from '../../src/contracts/items.js';
import { inboxAnswer } from '../../src/contracts/lists.js';
import type { OperatingModel, QueueTerms } from '../../src/domain/policy.js';
import { createPool } from '../../src/ledger/pool.js';
import { compareItems } from '../../src/ledger/projection/refold-items.js';
import { ITEM_WORKFLOW, itemWorkflowId } from '../../src/workflows/messages/items.js';
import { TASK_QUEUES } from '../../src/workflows/messages.js';
import { apiOver } from '../api/api-over.js';
import { type RunningApi, runningApi } from '../api/running-api.js';
import { eventually } from '../support/eventually.js';
import { digest, standardModel } from '../support/lifecycle.js';
import { devServer, unique, workflowBundle } from '../support/temporal.js';
import { World } from '../support/world.js';

const ACTION = digest('send the reminder of case 1');
const OTHER = digest('send the reminder of case 2');
const DAY = 86_400_000;

let world: World;
let pool: ReturnType<typeof createPool>;

beforeAll(async () => {
  world = await World.open(await devServer());
  pool = createPool(world.database.appUrl, { max: 4 });
});
afterAll(async () => {
  await pool.end();
  await world.close();
});

const apiOnServer = () => runningApi(apiOver(world, pool));

/** A pilot of hari's that serves, under these terms of its one queue; leena is its operating owner. */
async function serving(queue: Partial<QueueTerms> = {}): Promise<string> {
  const model = standardModel();
  const low = { ...model.rules.pilot.low, queue: { ...model.rules.pilot.low.queue, ...queue } };
  const rules: OperatingModel['rules'] = { ...model.rules, pilot: { ...model.rules.pilot, low } };
  const key = unique('items');
  const pilot = await world.begin({
    key,
    model: { ...model, rules },
    pilotEndsAt: (await world.now()) + 20 * DAY,
  });
  await pilot.decide('leena', 'start');
  await pilot.until('it serves', (view) => view.serving !== null);
  return key;
}

async function open(api: RunningApi, key: string, item: string) {
  const body = { item, action: ACTION, clause: 'n1', case: `case-${item}` };
  const answer = await api.post(`/v1/lifecycles/${key}/open-item`, body, { as: 'hari' });
  expect({ status: answer.status, text: answer.text }).toMatchObject({ status: 201 });
  return itemCommandAnswer.parse(answer.body).item;
}

const approval = (item: string) => ({ item, action: ACTION, decision: 'approve', reason: 'It is due.' });

/** A command as the API makes it, under an id of its own. */
const envelopeBy = async <P extends object>(person: string, payload: P) => ({
  id: unique('c').slice(0, 20),
  digest: 'd',
  actor: await world.actor(person),
  payload,
});

/** What has happened to an item here replays on its workflow. */
async function replays(key: string, item: string): Promise<void> {
  const workflowId = itemWorkflowId(key, item);
  const history = await world.client.workflow.getHandle(workflowId).fetchHistory();
  await Worker.runReplayHistory({ workflowBundle }, history, workflowId);
}

/** Types of the entries of one item, in the order of the chain. */
async function recorded(api: RunningApi, key: string, item: string): Promise<string[]> {
  const { items } = timelinePage.parse(
    (await api.get(`/v1/lifecycles/${key}/timeline?limit=200`, { as: 'hari' })).body,
  );
  return items.filter(({ id }) => id.startsWith(`review/${key}/${item}/`)).map(({ type }) => type);
}

async function listed(api: RunningApi, key: string, item: string) {
  const { body } = await api.get(`/v1/lifecycles/${key}/items`, { as: 'hari' });
  return itemList.parse(body).items.find((each) => each.item === item);
}

it('a case is approved by whoever owns its queue, and used once for that action', async () => {
  const api = await apiOnServer();
  const key = await serving();
  const at = `/v1/lifecycles/${key}`;
  const version = async () => (await api.get(at, { as: 'hari' })).body.version;
  const before = await version();
  await open(api, key, 'a');
  await eventually('it is in the inbox', async () => {
    const { items } = inboxAnswer.parse((await api.get('/v1/inbox', { as: 'leena' })).body);
    return items.some((each) => each.kind === 'item' && each.key === key);
  });
  expect((await api.post(`${at}/decide-item`, approval('a'), { as: 'hari' })).problem.code).toBe(
    'not-permitted',
  );
  const headers = { 'idempotency-key': unique('k') };
  const first = await api.post(`${at}/decide-item`, approval('a'), { as: 'leena', headers });
  const again = await api.post(`${at}/decide-item`, approval('a'), { as: 'leena', headers });
  expect([first.status, again.status]).toEqual([200, 200]);
  expect(itemCommandAnswer.parse(again.body)).toMatchObject({ replayed: true, item: { status: 'approved' } });
  const send = (to: RunningApi, action: string, key = unique('k')) =>
    to.post(`${at}/use-item`, { item: 'a', action }, { as: 'hari', headers: { 'idempotency-key': key } });
  expect((await send(api, OTHER)).problem).toMatchObject({ status: 409, code: 'action-differs' });
  // Several at once, each under a key of its own: one of them acts.
  const keys = Array.from({ length: 5 }, () => unique('k'));
  const uses = await Promise.all(keys.map((each) => send(api, ACTION, each)));
  const codes = uses.map(({ status, problem }) => (status === 200 ? 'used' : problem.code)).sort();
  expect(codes).toEqual([...Array.from({ length: 4 }, () => 'already-used'), 'used']);
  expect((await send(api, ACTION)).problem).toMatchObject({ status: 409, code: 'already-used' });
  // Whoever lost that answer asks again under the same key, and be it another instance of the API.
  const acted = keys[uses.findIndex(({ status }) => status === 200)];
  const repeated = await send(await apiOnServer(), ACTION, acted);
  expect(repeated.body).toMatchObject({ events: [`review/${key}/a/4`], item: { status: 'used' } });
  const told = await eventually('all of it is recorded', async () => {
    const types = await recorded(api, key, 'a');
    return types.length === 4 && types;
  });
  expect(told).toEqual(['ItemOpened', 'ItemApproved', 'ItemActionDiffered', 'ItemUsed']);
  expect(await listed(api, key, 'a')).toMatchObject({ status: 'used', differed: 1, decidedBy: 'leena' });
  await eventually('the owner is told of the other action', async () => {
    const notices = (await world.mailbox(key)).filter(({ kind }) => kind === 'information');
    return notices.length === 1 && notices[0]?.to.includes('leena');
  });
  // Not an event more: cases are no history of the lifecycle, and make a short one of their own.
  expect(await version()).toBe(before);
  const { events } = await world.client.workflow.getHandle(itemWorkflowId(key, 'a')).fetchHistory();
  expect(events?.length).toBeLessThan(45);
  await replays(key, 'a');
  // An id is never given twice.
  const body = { item: 'a', action: OTHER, case: 'case-b' };
  expect((await api.post(`${at}/open-item`, body, { as: 'hari' })).problem.code).toBe('exists');
});

it('late, the second line gets it and is told; nobody deciding, the default outcome settles it', async () => {
  const api = await apiOnServer();
  const key = await serving({ sla: '2s', secondLine: { who: 'head', sla: '4s' }, default: 'deny' });
  const at = `/v1/lifecycles/${key}`;
  const item = await open(api, key, 'late');
  expect(item.settles - item.due).toBe(4_000);
  await open(api, key, 'saved');
  await eventually('the second line has both', async () => {
    const both = [await listed(api, key, 'late'), await listed(api, key, 'saved')];
    return both.every((each) => each?.status === 'second-line');
  });
  expect((await api.get('/metrics')).text).toMatch(/airworthy_items_late\{queue="default"\} 2/);
  const told = await eventually('the second line is told', async () => {
    const notices = (await world.mailbox(key)).filter(({ kind }) => kind === 'escalation');
    return notices.length === 2 && notices;
  });
  expect(told).toMatchObject([{ to: [item.secondLine] }, { to: [item.secondLine] }]);
  const saved = await api.post(`${at}/decide-item`, approval('saved'), { as: item.secondLine });
  expect(itemCommandAnswer.parse(saved.body).item.status).toBe('approved');

  await eventually(
    'nobody has decided the other',
    async () => (await listed(api, key, 'late'))?.status === 'denied',
  );
  expect(await listed(api, key, 'late')).toMatchObject({ decidedBy: null });
  const late = await api.post(`${at}/decide-item`, approval('late'), { as: 'leena' });
  expect(late.problem).toMatchObject({ status: 409, code: 'already-decided' });
  expect(
    (await api.post(`${at}/use-item`, { item: 'late', action: ACTION }, { as: 'hari' })).problem.code,
  ).toBe('not-approved');
  expect(await recorded(api, key, 'late')).toEqual(['ItemOpened', 'ItemPassedOn', 'ItemDefaulted']);
});

it('a worker that was down over the end of the SLA lets nothing through', async () => {
  const api = await apiOnServer();
  const key = await serving({ sla: '1s', secondLine: { who: 'head', sla: '1s' }, default: 'manual' });
  await open(api, key, 'asleep');
  await world.stopWorkers();
  await new Promise((resolve) => setTimeout(resolve, 2_500));
  await world.startWorkers();
  const late = await api.post(`/v1/lifecycles/${key}/decide-item`, approval('asleep'), { as: 'leena' });
  expect(late.problem.code).toBe('already-decided');
  await eventually('it is settled', async () => (await listed(api, key, 'asleep'))?.status === 'manual');
});

it('while the ledger is away items are decided all the same; an approval is used once the ledger has it', async () => {
  const api = await apiOnServer();
  const key = await serving();
  const items = createTemporalItems(world.client);
  for (const item of ['a', 'b']) await open(api, key, item);
  const approved = await api.post(`/v1/lifecycles/${key}/decide-item`, approval('b'), { as: 'leena' });
  expect(approved.status).toBe(200);
  const away = await world.withoutLedger();
  const denial = { item: 'a', action: ACTION, decision: 'deny', reason: digest('no') } as const;
  const decided = await items.send(key, 'a', 'decide-item', await envelopeBy('leena', denial));
  expect(decided).toMatchObject({ item: { status: 'denied' } });
  const use = await envelopeBy('hari', { item: 'b', action: ACTION });
  const using = () => items.send(key, 'b', 'use-item', use);
  await expect(using()).rejects.toMatchObject({ code: 'outcome-unknown' });
  const another = await envelopeBy('hari', { item: 'b', action: ACTION });
  await expect(items.send(key, 'b', 'use-item', another)).rejects.toMatchObject({ code: 'already-used' });
  await away.back();
  expect(await eventually('the use is answered', using)).toMatchObject({ item: { status: 'used' } });
  // Told before it was answered, not soon after.
  expect(await recorded(api, key, 'b')).toEqual(['ItemOpened', 'ItemApproved', 'ItemUsed']);
  await replays(key, 'b');
  await eventually('the ledger has it', async () => {
    const types = await recorded(api, key, 'a').catch(() => []);
    return types.join() === 'ItemOpened,ItemDenied';
  });
  expect(await compareItems(pool)).toEqual([]);
});

it('an approval that the engine has forgotten is not used again by whoever replays it', async () => {
  const key = await serving();
  const items = createTemporalItems(world.client);
  const question = { queue: null, clause: 'n1', agent: false };
  const terms = await items.terms(key, await world.actor('hari'), question);
  if ('rejected' in terms) throw new Error(terms.rejected);
  const subject = { item: 'a', action: ACTION };
  const opening = await envelopeBy('hari', { ...subject, clause: 'n1', case: 'case-a', terms });
  const decision = { ...subject, decision: 'approve', reason: digest('yes') } as const;
  const approving = await envelopeBy('leena', decision);
  const start = () => items.open({ opening, trust: 'dev' }, 'once');
  const approve = () => items.send(key, 'a', 'decide-item', approving);
  const use = async () => items.send(key, 'a', 'use-item', await envelopeBy('hari', subject));
  await start();
  await approve();
  expect(await use()).toMatchObject({ item: { status: 'used' } });
  const handle = world.client.workflow.getHandle(itemWorkflowId(key, 'a'));
  await handle.result();
  const { workflowId, runId } = await handle.describe();
  // The moment in which nothing but the engine is asked.
  const away = await world.withoutLedger();
  // A server that is busy may put a deletion off for long; asked again, it does it at once.
  await eventually(
    'it is forgotten',
    async () => {
      await world.client.workflowService
        .deleteWorkflowExecution({ namespace: 'default', workflowExecution: { workflowId, runId } })
        .catch(() => undefined);
      return (await start()).started;
    },
    120_000,
  );
  await approve();
  await expect(use()).rejects.toMatchObject({ code: 'outcome-unknown' });
  await away.back();
  await expect(handle.result()).rejects.toThrow();
  await expect(use()).rejects.toMatchObject({ code: 'not-approved' });
}, 180_000);

it('what could not be an item ends at once, and never allows anything', async () => {
  const key = unique('forged');
  const start = (args: unknown[], item: string) =>
    world.client.workflow.start(ITEM_WORKFLOW, {
      workflowId: itemWorkflowId(key, item),
      taskQueue: TASK_QUEUES.workflows,
      args,
    });
  for (const argument of [
    null,
    {},
    { trust: 'dev', opening: { id: 'x' } },
    { trust: 'signed', opening: null },
  ]) {
    const item = unique('i');
    const handle = await start([argument], item);
    await expect(handle.result()).rejects.toThrow();
    await expect(createTemporalItems(world.client).item(key, item)).rejects.toMatchObject({
      code: 'not-approved',
    });
  }
});
