import { describe, expect, it } from 'vitest';
import { itemList } from '../../../src/contracts/items.js';
import { PILOT, runningApi } from '../running-api.js';
import { AT, guardedPilot } from './guarded-pilot.js';

describe('a check', () => {
  it('is answered by the clauses of the spec that serves', async () => {
    const { check } = await guardedPilot();
    expect(await check()).toEqual({
      verdict: 'allow',
      clause: 'y1',
      why: 'permitted',
      says: 'the spec permits it',
      action: null,
      item: null,
      whenUnknown: 'block',
    });
    expect(await check({ action: 'n1' })).toMatchObject({ verdict: 'block', clause: 'n1', why: 'forbidden' });
    expect(await check({ action: 'print' })).toMatchObject({ verdict: 'block', clause: null });
    expect(await check({ release: 'r9' })).toMatchObject({ verdict: 'block', why: 'not-exposed' });
    expect(await check({ release: 'r1' })).toMatchObject({ verdict: 'allow' });
  });

  it('is for machines of the team, and of nothing that is not exposed', async () => {
    const { api, ask } = await guardedPilot();
    const body = { action: 'draft minutes', case: 'case-1' };
    const as = async (who: string | null) =>
      (await api.post(`/v1/guard/${PILOT.key}/check`, body, { as: who })).problem;
    expect(await as('ravi')).toMatchObject({ status: 403, code: 'not-permitted' });
    expect(await as(null)).toMatchObject({ status: 401 });
    expect((await api.post('/v1/guard/nowhere/check', body, { as: 'ci' })).problem).toMatchObject({
      status: 404,
    });
    expect((await ask({ case: 'Asha Rao' })).problem).toMatchObject({ code: 'invalid-body' });
    expect((await ask({ amount: -1 })).problem.code).toBe('invalid-body');
    expect((await ask({ more: 1 })).problem.code).toBe('invalid-body');
  });

  it('asks neither the engine nor the ledger', async () => {
    const { api, check } = await guardedPilot();
    await check();
    const asked: string[] = [];
    for (const gateway of [api.lifecycles, api.inProcessItems, api.readModel, api.ledger]) {
      for (const name of methodsOf(gateway)) {
        Object.defineProperty(gateway, name, {
          value: async () => {
            asked.push(name);
            throw new Error(`${name} was asked`);
          },
        });
      }
    }
    expect(await check({ case: 'case-2' })).toMatchObject({ verdict: 'allow' });
    expect(await check({ action: 'n1' })).toMatchObject({ verdict: 'block' });
    expect(asked).toEqual([]);
  });

  it('is counted by verdict, reason and clause', async () => {
    const { api, check } = await guardedPilot();
    for (const action of [{}, {}, { action: 'n1' }]) await check(action);
    const { text } = await api.get('/metrics');
    expect(text).toMatch(/^airworthy_guard_checks_total\{verdict="allow",why="permitted",clause="y1"\} 2$/m);
    expect(text).toMatch(/^airworthy_guard_checks_total\{verdict="block",why="forbidden",clause="n1"\} 1$/m);
    expect(text).toMatch(/^airworthy_guard_lifecycles 1$/m);
    expect(text).toMatch(/^airworthy_guard_current 1$/m);
    expect(text).not.toContain(PILOT.key);
  });
});

describe('what is blocked', () => {
  it('is recorded once for each clause and moment, with what was tried, and without a word of it', async () => {
    const { api, check } = await guardedPilot();
    for (let n = 0; n < 25; n++)
      await check({ action: 'n1', case: `case-${n}`, output: { text: 'Dear Asha' } });
    await check({ action: 'print' });
    await expect
      .poll(() => api.ledger.chain(PILOT.key).filter(({ command }) => command === 'check').length)
      .toBe(2);
    const [first] = api.ledger.chain(PILOT.key).filter(({ command }) => command === 'check');
    expect(first).toMatchObject({
      kind: 'refusal',
      type: 'blocked',
      by: 'ci',
      data: { action: 'check', clause: 'n1', count: 25, reasons: [{ code: 'forbidden', fact: 'n1' }] },
    });
    const { actions } = (first?.data ?? {}) as { actions: { case: string }[] };
    expect(actions).toHaveLength(20);
    expect(new Set(actions.map(({ case: reference }) => reference)).size).toBe(20);
    expect(JSON.stringify(first)).not.toContain('Asha');
    const timeline = await api.get(`${AT}/timeline`);
    expect(timeline.status).toBe(200);
    expect(timeline.text).toContain('"blocked"');
  });
});

describe('a hold', () => {
  it('is known at once to the instance that took it', async () => {
    const { api, check } = await guardedPilot();
    const hold = await api.post(`${AT}/hold`, {
      effect: 'review-all',
      scope: 'serving',
      reason: 'Look first.',
    });
    expect(hold.status).toBe(200);
    expect(await check()).toMatchObject({ verdict: 'review', why: 'review-all', clause: null });
    const stop = await api.post(`${AT}/stop-ship`, { scope: 'serving', reason: 'Stop.' }, { as: 'meera' });
    expect(stop.status).toBe(200);
    expect(await check()).toMatchObject({ verdict: 'block', why: 'stopped' });
  });

  it('that stops is recorded without lingering, and one that only keeps from moving forward as ever', async () => {
    const { api } = await guardedPilot();
    const { outbox } = api.lifecycles.entity(PILOT.key);
    outbox.acknowledge(Number.MAX_SAFE_INTEGER, Date.now());
    await api.post(`${AT}/hold`, { effect: 'forward', scope: 'serving', reason: 'Wait.' });
    expect(outbox.due(Date.now())).toBe(false);
    await api.post(`${AT}/hold`, { effect: 'review-all', scope: 'serving', reason: 'Look first.' });
    expect(outbox.due(Date.now())).toBe(true);
  });

  it('is known to every instance with the next round', async () => {
    const { api, source, check } = await guardedPilot();
    const holds = api.lifecycles.entity(PILOT.key).state.holds;
    expect(holds).toEqual([]);
    source.hold(PILOT.key, 'stopped');
    await expect.poll(async () => (await check()).why, { timeout: 1_000 }).toBe('stopped');
  });
});

describe('a review', () => {
  it('opens one item for an action, however often it is asked, and its approval is used once for that very action', async () => {
    const { api, check } = await guardedPilot();
    await api.post(`${AT}/hold`, { effect: 'review-all', scope: 'serving', reason: 'Look first.' });
    const first = await check({ output: { text: 'Minutes' } });
    expect(first).toMatchObject({ verdict: 'review', item: { status: 'waiting' } });
    expect(await check({ output: { text: 'Minutes' } })).toEqual(first);
    const { item = '' } = first.item ?? {};
    const listed = async () => itemList.parse((await api.get(`${AT}/items`)).body).items;
    expect(await listed()).toMatchObject([{ item, action: first.action, case: 'case-1', status: 'waiting' }]);
    expect(await check({ output: { text: 'Minutes' }, item })).toMatchObject({
      verdict: 'block',
      why: 'item-refused',
    });

    const { action } = first;
    await api.post(
      `${AT}/decide-item`,
      { item, action, decision: 'approve', reason: 'They are right.' },
      { as: 'priya' },
    );
    expect(await check({ output: { text: 'Minutes' } })).toMatchObject({
      verdict: 'review',
      item: { item, status: 'approved' },
    });
    expect(await check({ output: { text: 'Others' }, item })).toMatchObject({
      verdict: 'block',
      why: 'item-refused',
    });
    const once = { 'idempotency-key': 'k' };
    const used = await check({ output: { text: 'Minutes' }, item }, once);
    expect(used).toMatchObject({ verdict: 'allow', why: 'approved', item: { item, status: 'used' } });
    expect(await check({ output: { text: 'Minutes' }, item })).toMatchObject({ verdict: 'block' });
    expect(await listed()).toMatchObject([{ status: 'used', differed: 1 }]);
    expect(await check({ output: { text: 'Minutes' } })).toMatchObject({
      verdict: 'block',
      why: 'item-refused',
    });

    await expect
      .poll(() => api.ledger.chain(PILOT.key).filter(({ type }) => type === 'blocked-as-incident').length)
      .toBe(1);
  });

  it('denied is blocked from then on', async () => {
    const { api, check } = await guardedPilot();
    await api.post(`${AT}/hold`, { effect: 'review-all', scope: 'serving', reason: 'Look first.' });
    const { item, action } = await check();
    await api.post(
      `${AT}/decide-item`,
      { item: item?.item ?? '', action, decision: 'deny', reason: 'No.' },
      { as: 'priya' },
    );
    expect(await check()).toMatchObject({
      verdict: 'block',
      why: 'item-refused',
      item: { status: 'denied' },
    });
  });

  it('that cannot be opened is a block, even where the spec allows what is unknown', async () => {
    const { api, check, lenient } = await guardedPilot();
    lenient();
    await api.post(`${AT}/hold`, { effect: 'review-all', scope: 'serving', reason: 'Look first.' });
    Object.defineProperty(api.inProcessItems, 'open', {
      value: async () => {
        throw new Error('the engine is away');
      },
    });
    expect(await check()).toMatchObject({
      verdict: 'block',
      why: 'item-unknown',
      item: null,
      whenUnknown: 'allow',
    });
  });
});

describe('what cannot be known', () => {
  it('is answered as the spec says once the book is out of date, and what is forbidden stays so', async () => {
    const { source, check } = await guardedPilot();
    source.away = true;
    await expect.poll(async () => (await check()).why, { timeout: 3_000 }).toBe('out-of-date');
    expect(await check()).toMatchObject({ verdict: 'block', whenUnknown: 'block' });
    expect(await check({ action: 'n1' })).toMatchObject({ why: 'forbidden' });
    source.away = false;
    await expect.poll(async () => (await check()).verdict, { timeout: 2_000 }).toBe('allow');
  });

  it('is answered so by an instance that never heard anything', async () => {
    const { source, api } = await guardedPilot();
    source.away = true;
    const other = await runningApi({ guardSource: source, gateway: api.lifecycles });
    const body = { action: 'draft minutes', case: 'case-1', person: 'p-1' };
    const { body: answer } = await other.post(`/v1/guard/${PILOT.key}/check`, body, { as: 'ci' });
    expect(answer).toMatchObject({ verdict: 'block', why: 'out-of-date', whenUnknown: null });
  });
});

describe('a pilot', () => {
  it('touches no more people than it was allowed, in all', async () => {
    const { api, check } = await guardedPilot();
    expect(await check({ person: undefined })).toMatchObject({ verdict: 'block', why: 'person-missing' });
    const verdicts: string[] = [];
    for (let n = 0; n < 5; n++) {
      await api.guard.caps.sync();
      const { verdict, why } = await check({ person: `p-${n % 3}`, case: `case-${n}` });
      verdicts.push(verdict === 'allow' ? 'allow' : why);
    }
    // Two people are in its cohort; the third is one too many, and the first two go on.
    expect(verdicts).toEqual(['allow', 'allow', 'cap-reached', 'allow', 'allow']);
  });

  it('that cannot be counted is a person’s, even where the spec allows what is unknown', async () => {
    const { api, leases, check, lenient } = await guardedPilot();
    lenient();
    leases.away = true;
    expect(await check({ person: 'p-1' })).toMatchObject({ verdict: 'allow' });
    await api.guard.caps.sync();
    expect(await check({ person: 'p-2', case: 'case-2' })).toMatchObject({
      verdict: 'review',
      why: 'caps-unknown',
      item: { status: 'waiting' },
    });
  });

  it('that cannot be counted is answered as the spec says', async () => {
    const { api, leases, check } = await guardedPilot();
    leases.away = true;
    expect(await check({ person: 'p-1' })).toMatchObject({ verdict: 'allow' });
    await api.guard.caps.sync();
    expect(await check({ person: 'p-2', case: 'case-2' })).toMatchObject({
      verdict: 'block',
      why: 'caps-unknown',
    });
    expect(await check({ person: 'p-1', case: 'case-1' })).toMatchObject({ verdict: 'allow' });
    leases.away = false;
    await api.guard.caps.sync();
    expect(await check({ person: 'p-2', case: 'case-2' })).toMatchObject({ verdict: 'allow' });
  });
});

function methodsOf(object: object): string[] {
  return [
    ...Object.keys(object).filter((name) => typeof (object as Record<string, unknown>)[name] === 'function'),
    ...Object.getOwnPropertyNames(Object.getPrototypeOf(object)).filter(
      (name) =>
        name !== 'constructor' &&
        typeof Object.getOwnPropertyDescriptor(Object.getPrototypeOf(object), name)?.value === 'function',
    ),
  ];
}
