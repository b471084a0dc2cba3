import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { recordRoster } from '../../src/identity/people-records.js';
import type { Roster, RosterPerson } from '../../src/ports/roster.js';
import { openDatabase, type Pools } from '../ledger/projection/database.js';

let database: Pools;
beforeAll(async () => {
  database = await openDatabase();
});
afterAll(() => database.close());

const ISSUER = 'https://login.example';
let version = 0;

function person(id: string, more: Partial<RosterPerson> = {}): RosterPerson {
  const none = { functions: [], teams: [], roles: [], credentials: [], absences: [], delegations: [] };
  return { id, name: `Name of ${id}`, active: true, ...none, ...more };
}

function roster(people: readonly RosterPerson[], teams: Roster['teams'] = []): Roster {
  version += 1;
  return { version: String(version), people, teams };
}

const record = (...given: Parameters<typeof roster>) => recordRoster(database.app, roster(...given));

async function history<R extends object>(table: string, columns: string): Promise<(R & { now: boolean })[]> {
  const { rows } = await database.owner.query(
    `SELECT ${columns}, valid_to IS NULL AS now FROM identity.${table} ORDER BY valid_from, ${columns}`,
  );
  return rows as (R & { now: boolean })[];
}

beforeEach(async () => {
  const tables = ['person', 'team', 'credential', 'absence', 'delegation'].map((name) => `identity.${name}`);
  // The owner alone may: what the application has is in the tests below.
  await database.owner.query(`TRUNCATE ${tables.join(', ')}, identity.person_name`);
});

describe('people on record', () => {
  it('the same again changes nothing, in whatever order', async () => {
    const two = [person('ana', { functions: ['risk'] }), person('ben')];
    await record(two);
    const before = await history('person', 'id, valid_from');
    await record([...two].reverse());
    expect(await history('person', 'id, valid_from')).toEqual(before);
  });

  it('somebody who changes has a row for each time, and every moment has exactly one', async () => {
    await record([person('ana', { functions: ['risk'] })]);
    await record([person('ana', { functions: ['risk', 'governance'] })]);
    await record([person('ana', { functions: [] })]);
    expect(await history('person', 'functions')).toEqual([
      { functions: ['risk'], now: false },
      { functions: ['risk', 'governance'], now: false },
      { functions: [], now: true },
    ]);
    const { rows } = await database.owner.query(
      `SELECT FROM identity.person a JOIN identity.person b ON a.id = b.id AND a.valid_from < b.valid_from
        AND coalesce(a.valid_to, 'infinity') > b.valid_from`,
    );
    expect(rows).toEqual([]);
  });

  it('somebody who is dropped becomes inactive, with what they held, and may come back', async () => {
    const ana = person('ana', { functions: ['risk'], teams: ['t'] });
    await record([ana, person('ben')]);
    await record([person('ben')]);
    await record([person('ben')]);
    await record([ana, person('ben')]);
    const rows = await history<{ id: string; functions: string[]; active: boolean }>(
      'person',
      'id, functions, active',
    );
    expect(rows.filter(({ id }) => id === 'ana')).toEqual([
      { id: 'ana', functions: ['risk'], active: true, now: false },
      { id: 'ana', functions: ['risk'], active: false, now: false },
      { id: 'ana', functions: ['risk'], active: true, now: true },
    ]);
  });

  it('names have no history and can be corrected', async () => {
    await record([person('ana')]);
    await record([person('ana', { name: 'Ana Two' })]);
    expect((await database.owner.query('SELECT * FROM identity.person_name')).rows).toEqual([
      { person: 'ana', name: 'Ana Two' },
    ]);
    expect(await history('person', 'id')).toHaveLength(1);
  });

  it('one person has however many credentials, and a subject is one person', async () => {
    const credentials = [
      { issuer: ISSUER, subject: '1' },
      { issuer: 'https://other.example', subject: 'a' },
    ];
    await record([person('ana', { credentials }), person('ben')]);
    await record([
      person('ana', { credentials: credentials.slice(1) }),
      person('ben', { credentials: credentials.slice(0, 1) }),
    ]);
    expect(await history('credential', 'subject, person')).toEqual([
      { subject: '1', person: 'ana', now: false },
      { subject: 'a', person: 'ana', now: true },
      { subject: '1', person: 'ben', now: true },
    ]);
    const twice = [person('ana', { credentials }), person('ben', { credentials })];
    await expect(record(twice)).rejects.toThrow(/credential_now/);
  });

  it('absences and delegations are kept as they were said, also when they are taken back', async () => {
    const away = { from: Date.UTC(2027, 0, 4), until: Date.UTC(2027, 0, 11) };
    const longer = { ...away, until: Date.UTC(2027, 0, 18) };
    const delegation = { to: 'ben', gates: ['release'], ...away };
    await record([person('ana', { absences: [away], delegations: [delegation] }), person('ben')]);
    await record([person('ana', { absences: [longer] }), person('ben')]);
    const at = (end: number) => expect.objectContaining({ ends_at: new Date(end) });
    expect(await history('absence', 'person, ends_at')).toEqual([at(away.until), at(longer.until)]);
    expect(await history('delegation', 'person, delegate, gates')).toEqual([
      { person: 'ana', delegate: 'ben', gates: ['release'], now: false },
    ]);
  });

  it('teams end when they are dropped', async () => {
    const team = { id: 't', calendar: 'c', lead: 'ana', heads: {}, rights: { stopShipHolder: ['ana'] } };
    await record([person('ana')], [team]);
    await record([person('ana')], []);
    expect(await history('team', 'id, rights')).toEqual([{ id: 't', rights: team.rights, now: false }]);
  });

  it('two that record at a time leave one row of each', async () => {
    const people = Array.from({ length: 30 }, (_, n) => person(`p${n}`));
    await Promise.all([record(people), record(people), record(people)]);
    expect(await history('person', 'id')).toHaveLength(30);
  });
});

describe('history', () => {
  it.each([
    "UPDATE identity.person SET functions = '{product}'",
    'UPDATE identity.person SET valid_to = NULL WHERE valid_to IS NOT NULL',
    "UPDATE identity.credential SET person = 'ben'",
    'DELETE FROM identity.person',
    'DELETE FROM identity.delegation',
    'TRUNCATE identity.absence',
    'UPDATE identity.api_key SET expires_at = now()',
    'DELETE FROM identity.api_key_revoked',
    "DELETE FROM identity.trusted WHERE trust = 'signed'",
  ])('refuses the application %s', async (sql) => {
    await record([person('ana', { credentials: [{ issuer: ISSUER, subject: '1' }] })]);
    await record([person('ana', { functions: ['risk'] })]);
    await expect(database.app.query(sql)).rejects.toThrow(/permission denied|history is only ended/);
  });

  it.each([
    "UPDATE identity.person SET functions = '{product}'",
    "UPDATE identity.person SET valid_to = valid_to + interval '1 day' WHERE valid_to IS NOT NULL",
    'DELETE FROM identity.person',
  ])('is not changed by its owner by accident either: %s', async (sql) => {
    await record([person('ana')]);
    await record([person('ana', { functions: ['risk'] })]);
    await expect(database.owner.query(sql)).rejects.toThrow(/history is only ended/);
  });
});
