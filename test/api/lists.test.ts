import { describe, expect, it } from 'vitest';
import { MemoryReadModel, rowOf, waitingFor } from './memory-read-model.js';
import { runningApi } from './running-api.js';

/** Three of the onboarding team and one of tax filing. */
async function portfolio() {
  const readModel = new MemoryReadModel();
  readModel.add(rowOf('kyc', { nextDue: 30 }), [waitingFor(['rohan', 'gita'], { due: 30 })]);
  readModel.add(rowOf('notes', { stage: 'live', mode: 'pilot', tier: 'low', release: 'r1', nextDue: 20 }), [
    waitingFor(['rohan'], { who: 'right:operatingOwner', kind: 'right', gate: null }),
  ]);
  readModel.add(rowOf('photos', { held: true, owners: { technicalOwner: 'ravi' } }), [
    waitingFor(['rohan'], { due: 10 }),
  ]);
  readModel.add(rowOf('tax', { team: 'tax-filing' }), [waitingFor(['gita'], { due: 5 })]);
  const api = await runningApi({ readModel });
  const keys = async (path: string, as = 'ravi') => {
    const { body, status, text } = await api.get(path, { as });
    expect({ status, text }).toMatchObject({ status: 200 });
    return body.items.map((item) => (item as unknown as { key: string }).key);
  };
  return { api, readModel, keys };
}

describe('the list of lifecycles', () => {
  it('is of the teams of whoever asks, soonest due first; auditors see all', async () => {
    const { keys } = await portfolio();
    expect(await keys('/v1/lifecycles')).toEqual(['notes', 'kyc', 'photos']);
    expect(await keys('/v1/lifecycles?sort=key', 'gita')).toEqual(['kyc', 'notes', 'photos', 'tax']);
    expect(await keys('/v1/lifecycles?sort=key', 'zoya')).toEqual(['kyc', 'notes', 'photos', 'tax']);
    expect(await keys('/v1/lifecycles', 'uma')).toEqual([]);
  });

  it.each([
    ['stage=live', ['notes']],
    ['mode=governed', ['kyc', 'photos']],
    ['tier=low', ['notes']],
    ['team=tax-filing', []],
    ['owner=kavya', ['kyc', 'notes']],
    ['owner=ravi', ['photos']],
    ['waitingOn=risk', ['kyc', 'notes', 'photos']],
    ['waitingOn=gita', ['kyc']],
    ['held=true', ['photos']],
    ['held=false', ['kyc', 'notes']],
    ['q=OTE', ['notes']],
    ['stage=&q=', ['kyc', 'notes', 'photos']],
    ['stage=review&held=true', ['photos']],
  ])('is narrowed by %s', async (query, expected) => {
    const { keys } = await portfolio();
    expect(await keys(`/v1/lifecycles?sort=key&${query}`)).toEqual(expected);
  });

  it('is read page by page', async () => {
    const { api } = await portfolio();
    const first = await api.get('/v1/lifecycles?sort=key&limit=2');
    expect(first.body.items).toHaveLength(2);
    const rest = await api.get(`/v1/lifecycles?sort=key&limit=2&cursor=${first.body.nextCursor}`);
    expect(rest.body).toMatchObject({ items: [{ key: 'photos' }], nextCursor: null });
  });

  it.each([
    ['stage=lve', 'stage', /one of scoping, .*not "lve"/],
    ['colour=red', 'colour', /unknown field "colour".*known here: stage/],
    ['held=maybe', 'held', /one of true, false/],
    ['limit=0', 'limit', /at least 1/],
    ['limit=201', 'limit', /at most 200/],
    ['limit=ten', 'limit', /a number/],
    ['stage=live&stage=review', 'stage', /not a list/],
    ['owner=%20', 'owner', /id as in the directory/],
    [`q=${'x'.repeat(101)}`, 'q', /at most 100/],
  ])('refuses %s and names it', async (query, fact, message) => {
    const { api } = await portfolio();
    const { problem } = await api.get(`/v1/lifecycles?${query}`);
    expect(problem).toMatchObject({ status: 422, code: 'invalid-body', reasons: [{ fact }] });
    expect(problem.detail).toMatch(message);
  });

  it('refuses a cursor that nobody gave', async () => {
    const { api } = await portfolio();
    expect((await api.get('/v1/lifecycles?cursor=zzz')).problem).toMatchObject({ code: 'invalid-body' });
  });

  it('says that the ledger is away', async () => {
    const { api, readModel } = await portfolio();
    readModel.away = true;
    const { problem, headers } = await api.get('/v1/lifecycles');
    expect(problem).toMatchObject({ status: 503, code: 'ledger-unavailable' });
    expect(headers.get('retry-after')).toBe('5');
  });

  it('needs somebody who asks', async () => {
    const { api } = await portfolio();
    expect((await api.get('/v1/lifecycles', { as: null })).status).toBe(401);
  });
});

describe('the inbox', () => {
  it('is what waits on the caller, soonest first, what is never due last', async () => {
    const { keys } = await portfolio();
    expect(await keys('/v1/inbox', 'rohan')).toEqual(['photos', 'kyc', 'notes']);
    expect(await keys('/v1/inbox', 'gita')).toEqual(['tax', 'kyc']);
    expect(await keys('/v1/inbox', 'suresh')).toEqual([]);
  });

  it('says whether there is more', async () => {
    const { api } = await portfolio();
    const some = await api.get('/v1/inbox?limit=2', { as: 'rohan' });
    expect(some.body).toMatchObject({ items: [{ key: 'photos' }, { key: 'kyc' }], more: true });
    expect((await api.get('/v1/inbox?limit=3', { as: 'rohan' })).body).toMatchObject({ more: false });
  });

  it('takes no other parameter', async () => {
    const { api } = await portfolio();
    expect((await api.get('/v1/inbox?person=asha')).problem.reasons).toMatchObject([{ fact: 'person' }]);
  });
});

describe('the portfolio', () => {
  it('counts what is open in the teams of whoever asks', async () => {
    const { api } = await portfolio();
    expect((await api.get('/v1/portfolio')).body).toMatchObject({
      open: 3,
      held: 1,
      overdue: 2,
      byStage: [
        { stage: 'review', count: 2, oldest: 1_000 },
        { stage: 'live', count: 1 },
      ],
      byTeam: [{ team: 'broker-onboarding', count: 3 }],
    });
    expect((await api.get('/v1/portfolio', { as: 'zoya' })).body).toMatchObject({ open: 4 });
    expect((await api.get('/v1/portfolio', { as: 'uma' })).body).toMatchObject({ open: 0, byStage: [] });
  });
});
