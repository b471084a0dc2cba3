import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { joinDatabase } from '../../src/main/database.js';
import { ask } from '../../src/main/servers/postgres-databases.js';
import { freshDatabase } from '../support/fresh-database.js';
import { type Postgres, startPostgres } from '../support/postgres.js';

describe.each(['embedded', 'machine'] as const)('the database of DATABASE_URL, %s', (from) => {
  let postgres: Postgres;

  beforeAll(async () => {
    postgres = await startPostgres({ from });
  });
  afterAll(() => postgres.stop());

  it('is brought to the newest schema by an owner who may no more than make roles, and lets itself in', async () => {
    const { ownerUrl } = await postgres.freshDatabase();
    await ask(ownerUrl, "CREATE ROLE plain LOGIN CREATEROLE PASSWORD 'plain'");
    await ask(ownerUrl, 'CREATE DATABASE empty OWNER plain');
    await ask(ownerUrl, 'GRANT airworthy_app TO plain WITH ADMIN OPTION');
    const url = Object.assign(new URL(ownerUrl), {
      username: 'plain',
      password: 'plain',
      pathname: 'empty',
    }).href;
    const joined = await joinDatabase(url);
    expect(joined).toMatchObject({ databaseUrl: url, version: expect.stringMatching(postgres.version) });
    expect(joined.applied[0]).toBe(1);
    expect(joined.address).not.toContain('plain@plain');
    expect(joined.address).toMatch(/^postgresql:\/\/plain@127\.0\.0\.1:\d+\/empty$/);
    expect((await joinDatabase(url)).applied).toEqual([]);
  });
});

it('takes another login for API and worker, if it has the role', async () => {
  const { ownerUrl, appUrl } = await freshDatabase();
  expect(await joinDatabase(ownerUrl, appUrl)).toMatchObject({ databaseAppUrl: appUrl });
  await ask(ownerUrl, 'DROP ROLE IF EXISTS stranger');
  await ask(ownerUrl, "CREATE ROLE stranger LOGIN PASSWORD 'stranger'");
  const stranger = Object.assign(new URL(appUrl), { username: 'stranger', password: 'stranger' }).href;
  await expect(joinDatabase(ownerUrl, stranger)).rejects.toThrow(
    /cannot be used \(stranger may not append: as its owner, GRANT airworthy_app TO stranger\)/,
  );
});

it('is named without its password when it cannot be used', async () => {
  const joining = joinDatabase('postgresql://me:secret@127.0.0.1:1/there');
  await expect(joining).rejects.toThrow(
    /^The database at postgresql:\/\/me@127\.0\.0\.1:1\/there cannot be used/,
  );
  await expect(joining).rejects.toThrow(/ECONNREFUSED.*Check DATABASE_URL/);
});
