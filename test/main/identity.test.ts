import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pino } from 'pino';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { inCheckout } from '../../src/main/checkout.js';
import { readEnvironment } from '../../src/main/environment.js';
import { openDirectory, openIdentity } from '../../src/main/identity.js';
import { DirectoryUnavailable } from '../../src/ports/directory.js';
import { openDatabase, type Pools } from '../ledger/projection/database.js';
import { temporaryFolder } from '../ports/temporary-folder.js';

const log = pino({ level: 'silent' });
const SIGNED = {
  AIRWORTHY_TRUST: 'signed',
  AIRWORTHY_OIDC_ISSUER: 'https://login.example',
  AIRWORTHY_OIDC_AUDIENCE: 'airworthy',
};
const PEOPLE = 'teams: []\npeople: [{id: ana, name: Ana}]\n';

let database: Pools;
let production: Pools;
beforeAll(async () => {
  [database, production] = await Promise.all([openDatabase(), openDatabase()]);
});
afterAll(() => Promise.all([database.close(), production.close()]));

async function written(text: string, name = 'people.yaml'): Promise<string> {
  const path = join(await temporaryFolder(), name);
  await writeFile(path, text);
  return path;
}

async function opened(variables: Record<string, string>, pools: Pools) {
  const identity = await openIdentity(readEnvironment(variables), pools.app, log);
  onTestFinished(identity.close);
  return identity;
}

describe('in development', () => {
  it('the people file answers, its tokens open, and what it says comes on record', async () => {
    const { authenticator, directory, devTokens, ...more } = await opened({}, database);
    expect(more).not.toHaveProperty('signIn');
    expect(await authenticator.authenticate('dev-ravi')).toEqual({
      person: 'ravi',
      kind: 'human',
      credential: { kind: 'dev', id: 'ravi' },
      authenticatedAt: null,
      acr: null,
      scopes: null,
    });
    expect(await authenticator.authenticate('dev-ci')).toMatchObject({ kind: 'machine' });
    expect(await devTokens?.tokenOf('ravi')).toBe('dev-ravi');
    expect((await directory.person('ravi'))?.name).toBe('Ravi Menon');
    await expect
      .poll(async () => (await database.owner.query('SELECT FROM identity.person')).rowCount)
      .toBeGreaterThan(20);
  });

  it('goes on without its database, which it only keeps a record in', async () => {
    const gone = await openDatabase();
    await gone.close();
    const { authenticator } = await opened({}, gone);
    expect(await authenticator.authenticate('dev-ravi')).toMatchObject({ person: 'ravi' });
  });

  it('takes no OIDC token', async () => {
    const { authenticator } = await opened({}, database);
    expect(await authenticator.authenticate('a.b.c')).toBeUndefined();
  });
});

describe('a database of production', () => {
  it('is one as soon as it was used with trust signed, and is never opened with dev again', async () => {
    const people = await written(PEOPLE);
    const signed = { ...SIGNED, AIRWORTHY_PEOPLE: people };
    await openDirectory(readEnvironment({}), production.app, log);
    await opened(signed, production);
    await expect(openDirectory(readEnvironment({}), production.app, log)).rejects.toThrow(
      /used with AIRWORTHY_TRUST=signed, so it is one of production/,
    );
    await opened(signed, production);
    await expect(opened({}, production)).rejects.toThrow(/nobody opens it with dev/);
  });
});

describe('with trust signed', () => {
  it('the people file of development is refused, and so is any with a token in it', async () => {
    const examples = { ...SIGNED, AIRWORTHY_PEOPLE: inCheckout('examples', 'people.yaml') };
    await expect(opened(examples, production)).rejects.toThrow(/tokens of development.*without any token/);
    const one = await written(PEOPLE.replace('name: Ana', 'name: Ana, token: dev-ana'));
    await expect(opened({ ...SIGNED, AIRWORTHY_PEOPLE: one }, production)).rejects.toThrow(
      /tokens of development/,
    );
  });

  it('the database answers what the people file says, at once, and nothing while the file is wrong', async () => {
    const people = await written(PEOPLE);
    const { directory, authenticator } = await opened({ ...SIGNED, AIRWORTHY_PEOPLE: people }, production);
    expect(await directory.person('ana')).toMatchObject({ name: 'Ana', functions: [] });
    expect(await authenticator.authenticate('dev-ana')).toBeUndefined();
    await writeFile(people, 'teams: []\npeople: [{id: ana, name: Ana}, {id: ben, name: Ben}]\n');
    expect(await directory.person('ben')).toMatchObject({ name: 'Ben' });
    await writeFile(people, 'teams: []\npeople: [{id: ana}]\n');
    await expect(directory.person('ana')).rejects.toThrow(DirectoryUnavailable);
    await expect(directory.team('t')).rejects.toThrow(DirectoryUnavailable);
    await expect(directory.members('t')).rejects.toThrow(DirectoryUnavailable);
  });

  it.each([
    ['issuers: [{issuer: not an address}]', /AIRWORTHY_OIDC_CLAIMS cannot be used: .*claims\.yaml:1:\d+/],
    ['issuers: [{issuer: https://login.example, rolls: 1}]', /unknown field "rolls"/],
    [
      'issuers: [{issuer: https://other.example}]',
      /about https:\/\/other\.example, which AIRWORTHY_OIDC_ISSUER does not name/,
    ],
    ['issuers: [', /is not valid YAML/],
  ])('a mapping that cannot be meant is refused: %s', async (text, sentence) => {
    const claims = await written(text, 'claims.yaml');
    const people = await written(PEOPLE);
    const variables = { ...SIGNED, AIRWORTHY_PEOPLE: people, AIRWORTHY_OIDC_CLAIMS: claims };
    await expect(opened(variables, production)).rejects.toThrow(sentence);
  });
});
