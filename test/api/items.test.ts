import { expect, it } from 'vitest';
import { itemCommandAnswer, itemList } from '../../src/contracts/items.js';
import { inboxAnswer, portfolioAnswer } from '../../src/contracts/lists.js';
import { digestOf } from '../../src/domain/digest.js';
import { Authority } from '../support/signing.js';
import { openEvents } from './event-stream.js';
import { exposePilot } from './exposed-pilot.js';
import { PILOT, type RunningApi, runningApi } from './running-api.js';

const ACTION = digestOf({ send: 'minutes of Monday' });
const OTHER = digestOf({ send: 'minutes of Tuesday' });
const HOUR = 3_600_000;
const AT = `/v1/lifecycles/${PILOT.key}`;

async function exposed(): Promise<RunningApi> {
  const api = await runningApi();
  await exposePilot(api);
  return api;
}

async function open(api: RunningApi, more: object = {}, as = 'ravi') {
  const answer = await api.post(
    `${AT}/open-item`,
    { action: ACTION, clause: 'n1', case: 'case-1', ...more },
    { as },
  );
  return { ...answer, accepted: itemCommandAnswer.safeParse(answer.body).data };
}

it('opens an item under the terms of its queue, once however often it is asked', async () => {
  const api = await exposed();
  const headers = { 'idempotency-key': 'k' };
  const body = { action: ACTION, case: 'case-1' };
  const first = await api.post(`${AT}/open-item`, body, { headers });
  const again = await api.post(`${AT}/open-item`, body, { headers });
  expect([first.status, again.status, first.body.replayed, again.body.replayed]).toEqual([
    201,
    201,
    false,
    true,
  ]);
  const { item, events } = itemCommandAnswer.parse(first.body);
  expect(itemCommandAnswer.parse(again.body).item).toEqual(item);
  expect(item).toMatchObject({ queue: 'default', owner: 'priya', status: 'waiting', openedBy: 'ravi' });
  expect(events).toEqual([`review/${PILOT.key}/${item.item}/1`]);
  const taken = await open(api, { item: item.item });
  expect(taken.problem).toMatchObject({ status: 409, code: 'exists' });
});

it('lists them, puts them into the inbox of whoever can decide, and counts them', async () => {
  const api = await exposed();
  await open(api, { item: 'a' });
  await open(api, { item: 'b' });
  expect(
    itemList
      .parse((await api.get(`${AT}/items`)).body)
      .items.map(({ item }) => item)
      .sort(),
  ).toEqual(['a', 'b']);
  expect((await api.get(`${AT}/items?status=used`)).body.items).toEqual([]);
  expect((await api.get(`${AT}/items?status=none`)).problem.code).toBe('invalid-body');
  const waiting = async (as: string) =>
    inboxAnswer.parse((await api.get('/v1/inbox', { as })).body).items.filter(({ kind }) => kind === 'item');
  expect(await waiting('priya')).toHaveLength(2);
  expect(await waiting('meera')).toHaveLength(2);
  expect(await waiting('asha')).toEqual([]);
  const { items } = portfolioAnswer.parse((await api.get('/v1/portfolio')).body);
  expect(items).toEqual({ open: 2, late: 0 });
  expect((await api.get('/metrics')).text).not.toMatch(/airworthy_items_late\{/);
});

it('an approval is used once, for the action it is of', async () => {
  const api = await exposed();
  await open(api, { item: 'a' });
  const decision = { item: 'a', action: ACTION, decision: 'approve', reason: 'All were there.' };
  expect((await api.post(`${AT}/decide-item`, decision, { as: 'ravi' })).problem.code).toBe('not-permitted');
  expect((await api.post(`${AT}/use-item`, { item: 'a', action: ACTION })).problem.code).toBe('not-approved');
  const approved = await api.post(`${AT}/decide-item`, decision, { as: 'priya' });
  expect(itemCommandAnswer.parse(approved.body).item).toMatchObject({
    status: 'approved',
    decidedBy: 'priya',
  });
  const differs = await api.post(`${AT}/use-item`, { item: 'a', action: OTHER });
  expect(differs.problem).toMatchObject({ status: 409, code: 'action-differs', recorded: true });
  const used = await api.post(`${AT}/use-item`, { item: 'a', action: ACTION });
  expect(itemCommandAnswer.parse(used.body).item).toMatchObject({ status: 'used', differed: 1 });
  expect((await api.post(`${AT}/use-item`, { item: 'a', action: ACTION })).problem).toMatchObject({
    status: 409,
    code: 'already-used',
  });
  const kinds = api.ledger.chain(PILOT.key).filter(({ kind }) => kind === 'item');
  expect(kinds.map(({ type }) => type)).toEqual([
    'ItemOpened',
    'ItemApproved',
    'ItemActionDiffered',
    'ItemUsed',
  ]);
  const seen = await openEvents(`${api.origin}${AT}/events`);
  await expect.poll(() => seen.entries.filter(({ kind }) => kind === 'item').length).toBe(4);
  seen.leave();
  // What was said stays beside the ledger: an item carries digests, ids and nothing else.
  expect(JSON.stringify(kinds)).not.toContain('All were there');
});

it('decided too late it is decided already', async () => {
  const api = await exposed();
  await open(api, { item: 'a' });
  api.inProcessItems.ahead = 30 * 24 * HOUR;
  const decision = { item: 'a', action: ACTION, decision: 'approve', reason: 'All were there.' };
  const { problem } = await api.post(`${AT}/decide-item`, decision, { as: 'priya' });
  expect(problem).toMatchObject({ status: 409, code: 'already-decided' });
  expect(itemList.parse((await api.get(`${AT}/items`)).body).items).toMatchObject([
    { status: 'manual', decidedBy: null },
  ]);
});

it('what is stopped is not acted for, whoever approved it', async () => {
  const api = await exposed();
  await open(api, { item: 'a' });
  const decision = { item: 'a', action: ACTION, decision: 'approve', reason: 'All were there.' };
  await api.post(`${AT}/decide-item`, decision, { as: 'priya' });
  const hold = await api.post(`${AT}/hold`, { effect: 'stopped', scope: 'serving', reason: 'Look first.' });
  expect(hold.status).toBe(200);
  expect((await api.post(`${AT}/use-item`, { item: 'a', action: ACTION })).problem.code).toBe('held');
});

it('keeps names, other teams and unknown items out', async () => {
  const api = await exposed();
  expect((await open(api, { case: 'Asha Rao' })).problem).toMatchObject({
    code: 'invalid-body',
    reasons: [{ pointer: '/case' }],
  });
  expect((await open(api, { case: 'asha@example.org' })).problem.code).toBe('invalid-body');
  expect((await open(api, { item: 'a/b' })).problem.code).toBe('invalid-body');
  expect((await open(api, { clause: 'p9' })).problem).toMatchObject({
    code: 'not-found',
    reasons: [{ fact: 'clause' }],
  });
  expect((await open(api, {}, 'hari')).problem.status).toBe(404);
  expect((await api.get(`${AT}/items`, { as: 'hari' })).problem.status).toBe(404);
  const use = { item: 'nowhere', action: ACTION };
  expect((await api.post(`${AT}/use-item`, use)).problem).toMatchObject({ code: 'not-found' });
});

it('an item that somebody else started is not believed, whatever it says', async () => {
  const signer = new Authority().signer();
  const api = await exposed();
  await open(api, { item: 'a' });
  const ours = await runningApi({
    trust: 'signed',
    signer,
    gateway: api.lifecycles,
    itemGateway: api.inProcessItems,
  });
  const decision = { item: 'a', action: ACTION, decision: 'approve', reason: 'All were there.' };
  const { problem } = await ours.post(`${AT}/decide-item`, decision, { as: 'priya' });
  expect(problem).toMatchObject({ code: 'unverified' });
});

it('before anything is exposed there is nothing to review', async () => {
  const api = await runningApi();
  await api.post('/v1/lifecycles', PILOT);
  expect((await open(api)).problem).toMatchObject({ status: 409, code: 'wrong-stage', recorded: true });
});
