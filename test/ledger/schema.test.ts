import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { describeSchema } from '../../src/ledger/describe-schema.js';
import { schemaDrift } from '../../src/ledger/schema-drift.js';
import { type Postgres, startPostgres } from '../support/postgres.js';

describe.each(['embedded', 'machine'] as const)('the schema on the %s PostgreSQL', (from) => {
  let postgres: Postgres;
  let client: pg.Client;
  let url: string;
  beforeAll(async () => {
    postgres = await startPostgres({ from });
    url = (await postgres.freshDatabase()).ownerUrl;
    client = new pg.Client(url);
    await client.connect();
  });
  afterAll(async () => {
    await client.end();
    await postgres.stop();
  });

  it('is the one that is committed', async () => {
    await expect(await describeSchema(client)).toMatchFileSnapshot('../../src/ledger/schema.txt');
    expect(await schemaDrift(url)).toEqual({ missing: [], unknown: [] });
  });

  it.each([
    ['DROP TRIGGER append_only ON ledger.entry', 'missing', /^CREATE TRIGGER append_only/],
    ['CREATE INDEX by_hand ON ledger.entry (type)', 'unknown', /by_hand/],
    ['GRANT DELETE ON ledger.entry TO airworthy_app', 'unknown', /^GRANT DELETE, SELECT ON ledger.entry/],
    ['ALTER TABLE ledger.chain ADD COLUMN note text', 'unknown', /ledger\.chain\.note text/],
  ] as const)('shows that somebody ran %s', async (sql, side, line) => {
    await client.query('BEGIN');
    await client.query(sql);
    await client.query('COMMIT');
    expect((await schemaDrift(url))[side]).toContainEqual(expect.stringMatching(line));
  });

  it('lets the application append and read, and change nothing', async () => {
    await client.query('SET ROLE airworthy_app');
    const changes = [
      "UPDATE ledger.entry SET body = '{}'",
      'TRUNCATE ledger.entry',
      "UPDATE ledger.chain SET hash = ''",
      'DELETE FROM ledger.checkpoint',
      'DROP FUNCTION ledger.refuse_change() CASCADE',
      'SELECT * FROM keys.subject_key',
    ];
    for (const change of changes)
      await expect(client.query(change), change).rejects.toThrow(/permission denied|must be owner/);
    await client.query('RESET ROLE');
    for (const change of ['DELETE FROM ledger.checkpoint', 'TRUNCATE ledger.checkpoint_leaf'])
      await expect(client.query(change), change).rejects.toThrow(/append-only/);
  });
});
