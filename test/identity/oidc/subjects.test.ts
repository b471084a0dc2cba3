import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { ClaimsMapping } from '../../../src/identity/oidc/claims-form.js';
import { createSubjects } from '../../../src/identity/oidc/subjects.js';
import type { VerifiedToken } from '../../../src/identity/oidc/verify-token.js';
import { recordRoster } from '../../../src/identity/people-records.js';
import { IdentityUnavailable } from '../../../src/ports/authenticator.js';
import type { RosterPerson } from '../../../src/ports/roster.js';
import { openDatabase, type Pools } from '../../ledger/projection/database.js';

const ISSUER = 'https://login.example';
const OTHER = 'https://other.example';

let database: Pools;
beforeAll(async () => {
  database = await openDatabase();
});
afterAll(() => database.close());

let why: string[];
let version = 0;
beforeEach(async () => {
  why = [];
  const tables = ['person', 'credential', 'person_name'].map((name) => `identity.${name}`);
  await database.owner.query(`TRUNCATE ${tables.join(', ')}`);
});

function mapping(more: Partial<ClaimsMapping> = {}): ClaimsMapping {
  const functions = { claim: 'groups', values: { risk: 'risk', gov: 'governance' } } as const;
  return { issuer: ISSUER, person: 'id', name: 'name', functions, links: false, ...more };
}

/** Fresh at every call: what one has kept for a second, another has not. */
const subjects = (...mappings: ClaimsMapping[]) =>
  createSubjects(database.app, mappings, (reason) => why.push(reason));

function token(id: string, groups: readonly string[] = [], more: Partial<VerifiedToken> = {}): VerifiedToken {
  return {
    issuer: ISSUER,
    subject: `subject of ${id}`,
    claims: { id, groups: [...groups] },
    expiresAt: Date.now() + 60_000,
    issuedAt: Date.now(),
    ofClient: false,
    ...more,
  };
}

const later = (more: Partial<VerifiedToken> = {}) => ({ issuedAt: Date.now() + 5_000, ...more });

const roster = (people: readonly Partial<RosterPerson>[]) => {
  version += 1;
  const none = { functions: [], teams: [], roles: [], credentials: [], absences: [], delegations: [] };
  return recordRoster(database.app, {
    version: String(version),
    teams: [],
    people: people.map((one) => ({ id: 'x', name: 'X', active: true, ...none, ...one })),
  });
};

async function people() {
  const { rows } = await database.owner.query(
    `SELECT id, functions, active, source FROM identity.person WHERE valid_to IS NULL ORDER BY id`,
  );
  return rows as { id: string; functions: string[]; active: boolean; source: string }[];
}

describe('a subject that nobody has met', () => {
  it('is nobody without a mapping of its issuer', async () => {
    expect(await subjects()(token('ana'))).toBeUndefined();
    expect(await subjects(mapping({ issuer: OTHER }))(token('ana'))).toBeUndefined();
    expect(why).toHaveLength(2);
    expect(await people()).toEqual([]);
  });

  it('becomes a person by its claims, once, however many tokens come at a time', async () => {
    const all = await Promise.all(
      Array.from({ length: 8 }, () => subjects(mapping())(token('ana', ['risk', 'other']))),
    );
    expect(all).toEqual(all.map(() => expect.objectContaining({ id: 'ana' })));
    expect(await people()).toEqual([{ id: 'ana', functions: ['risk'], active: true, source: ISSUER }]);
    const { rows } = await database.owner.query('SELECT person FROM identity.credential');
    expect(rows).toEqual([{ person: 'ana' }]);
  });

  it('is not somebody of the people file, whom its claims may not link to', async () => {
    await roster([{ id: 'ana', functions: ['risk'] }]);
    expect(await subjects(mapping())(token('ana'))).toBeUndefined();
    expect(why.join()).toContain('may not link');
  });

  it('is that person where its claims may link, and what they hold is what the file says', async () => {
    await roster([{ id: 'ana', functions: ['risk'] }]);
    expect(await subjects(mapping({ links: true }))(token('ana', ['gov']))).toMatchObject({ id: 'ana' });
    expect(await people()).toMatchObject([{ functions: ['risk'], source: 'people-file' }]);
    expect(await subjects(mapping())(token('ana', ['gov'], later()))).toMatchObject({ id: 'ana' });
  });

  it.each([true, false])('is not whoever had its name before at that issuer (links: %s)', async (links) => {
    const rules = mapping({ links });
    await subjects(rules)(token('ana', ['risk']));
    expect(
      await subjects(rules)(token('ana', ['gov'], { subject: 'a new one', ...later() })),
    ).toBeUndefined();
    expect(await people()).toMatchObject([{ id: 'ana', functions: ['risk'] }]);
  });

  it('may be another credential of one person, at another issuer', async () => {
    await subjects(mapping())(token('ana', ['risk']));
    const both = subjects(mapping(), mapping({ issuer: OTHER, links: true }));
    expect(await both(token('ana', ['gov'], { issuer: OTHER }))).toMatchObject({ id: 'ana' });
    expect(await people()).toMatchObject([{ functions: ['risk'], source: ISSUER }]);
  });
});

describe('a subject that is known', () => {
  it('follows newer claims of its issuer, and no older ones', async () => {
    await subjects(mapping())(token('ana', ['risk']));
    await subjects(mapping())(token('ana', ['gov'], later()));
    await subjects(mapping())(token('ana', ['risk'], { issuedAt: Date.now() - 5_000 }));
    expect(await people()).toMatchObject([{ functions: ['governance'] }]);
    await subjects(mapping())(token('ana', ['gov'], later()));
    const { rows } = await database.owner.query('SELECT FROM identity.person');
    expect(rows).toHaveLength(2);
  });

  it('keeps its id when the claim that named it changes', async () => {
    await subjects(mapping())(token('ana', ['risk']));
    const renamed = { ...token('ana', ['risk']), claims: { id: 'anna', groups: ['gov'] }, ...later() };
    expect(await subjects(mapping())(renamed)).toMatchObject({ id: 'ana' });
    expect(await people()).toMatchObject([{ id: 'ana', functions: ['governance'] }]);
  });

  it('is whom the people file says from the moment it says so, and stays out once it was dropped there', async () => {
    await subjects(mapping())(token('ana', ['risk']));
    await roster([{ id: 'ana', functions: ['product'] }]);
    await subjects(mapping())(token('ana', ['gov'], later()));
    expect(await people()).toMatchObject([{ functions: ['product'], source: 'people-file' }]);
    await roster([]);
    await subjects(mapping())(token('ana', ['gov'], later()));
    expect(await people()).toMatchObject([{ functions: ['product'], active: false }]);
  });

  it('is somebody else once the people file gives the credential to them', async () => {
    await subjects(mapping())(token('ana', ['risk']));
    const credentials = [{ issuer: ISSUER, subject: 'subject of ana' }];
    await roster([{ id: 'ben', credentials }]);
    expect(await subjects(mapping())(token('ana', ['risk'], later()))).toMatchObject({ id: 'ben' });
  });
});

it('nobody is let in while the database gives no answer', async () => {
  const gone = await openDatabase();
  await gone.close();
  const blind = createSubjects(gone.app, [mapping()], (reason) => why.push(reason));
  await expect(blind(token('ana'))).rejects.toThrow(IdentityUnavailable);
  expect(why).toEqual([]);
});
