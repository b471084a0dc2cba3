import { expect, it } from 'vitest';
import { GOVERNED, runningApi } from './running-api.js';

const AT = '/v1/lifecycles/kyc-onboarding';

it('a conflict goes from who raises it to who resolves it, and everybody sees what it holds', async () => {
  const api = await runningApi();
  expect((await api.post('/v1/lifecycles', GOVERNED)).status).toBe(201);
  const reason = 'The brief was written before the rules changed.';
  const refused = await api.post(`${AT}/raise-conflict`, { reason }, { as: 'priya' });
  expect(refused.problem).toMatchObject({ status: 403, code: 'not-permitted' });

  const raised = await api.post(`${AT}/raise-conflict`, { reason }, { as: 'asha' });
  expect(raised.status).toBe(200);
  const { body: seen } = await api.get(AT);
  expect(seen.conflicts).toMatchObject([{ conflict: 'conflict-1', gate: null, by: 'asha' }]);
  expect(seen.holds).toContainEqual(expect.objectContaining({ source: 'conflict', effect: 'forward' }));
  expect(seen.deadlines.length).toBeGreaterThan(0);
  expect(seen.waitingOn).toContainEqual(
    expect.objectContaining({ who: 'conflict-1:conflictResolver', people: ['anand'] }),
  );

  const resolved = { conflict: 'conflict-1', side: 'stricter', reason: 'It is written anew first.' };
  const answered = await api.post(`${AT}/resolve-conflict`, resolved, { as: 'anand' });
  expect(answered).toMatchObject({ status: 200, body: { lifecycle: { conflicts: [] } } });
});

it('glass is broken for a gate or a freeze, and a malformed request says which', async () => {
  const api = await runningApi();
  await api.post('/v1/lifecycles', GOVERNED);
  const body = { until: '2030-01-01T00:00:00Z', reason: 'x' };
  const { problem } = await api.post(`${AT}/break-glass`, body, { as: 'meera' });
  expect(problem).toMatchObject({ status: 422, code: 'invalid-body' });
  expect(problem?.reasons).toMatchObject([{ pointer: '/gate' }]);
});
