import { afterAll, beforeAll, expect, it } from 'vitest';
import { personHistory } from '../../src/contracts/people.js';
import { createPeopleHistory } from '../../src/identity/people-history.js';
import { recordRoster } from '../../src/identity/people-records.js';
import { DirectoryUnavailable } from '../../src/ports/directory.js';
import { openDatabase, type Pools } from '../ledger/projection/database.js';
import { copiedPeople } from '../ports/directory.conformance.js';
import { temporaryFolder } from '../ports/temporary-folder.js';
import { runningApi } from './running-api.js';

let database: Pools;
beforeAll(async () => {
  database = await openDatabase();
});
afterAll(() => database.close());

it('auditors read what somebody held when, which is on record, and others do not', async () => {
  const { people, rewrite } = await copiedPeople(await temporaryFolder());
  await recordRoster(database.app, await people.roster());
  const rohan = 'name: Rohan Desai, functions: [risk]';
  const away = 'absences: [{from: 2027-01-04T00:00:00Z, until: 2027-01-05T00:00:00Z}]';
  const lent = 'delegations: [{to: farah, from: 2027-01-04T00:00:00Z, until: 2027-01-05T00:00:00Z}]';
  const credential = "credentials: [{issuer: 'https://login.example', subject: u-1}]";
  await rewrite(rohan, `${rohan.replace('[risk]', '[]')}, ${away}, ${lent}, ${credential}`);
  await recordRoster(database.app, await people.roster());

  const api = await runningApi({ people: createPeopleHistory(database.app) });
  const { status, text } = await api.get('/v1/people/rohan', { as: 'zoya' });
  expect({ status, text }).toMatchObject({ status: 200 });
  const history = personHistory.parse(JSON.parse(text));
  const between = {
    recordedFrom: expect.any(Number),
    recordedUntil: expect.any(Number),
    source: 'people-file',
  };
  const still = { ...between, recordedUntil: null };
  const days = { from: Date.UTC(2027, 0, 4), until: Date.UTC(2027, 0, 5) };
  expect(history).toMatchObject({
    person: 'rohan',
    held: [
      { ...between, functions: ['risk'] },
      { ...still, functions: [] },
    ],
    credentials: [{ ...still, issuer: 'https://login.example', subject: 'u-1' }],
    absences: [{ ...still, ...days }],
    delegations: [{ ...still, ...days, to: 'farah', gates: null }],
  });
  expect(history.held[0]?.recordedUntil).toBeLessThanOrEqual(history.held[1]?.recordedFrom ?? 0);
  expect(text).not.toContain('Desai');

  const { entries } = await api.ledger.read(null, null, 10);
  expect(entries).toMatchObject([{ kind: 'read', type: 'person', by: 'zoya', data: { person: 'rohan' } }]);
  expect((await api.get('/v1/people/nobody', { as: 'ira' })).problem.code).toBe('not-found');
  for (const as of ['rohan', 'ci']) expect((await api.get('/v1/people/rohan', { as })).status).toBe(403);
});

it('is unavailable without its database', async () => {
  const gone = await openDatabase();
  await gone.close();
  await expect(createPeopleHistory(gone.app).of('rohan')).rejects.toThrow(DirectoryUnavailable);
});
