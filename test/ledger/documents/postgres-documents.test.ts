import { randomBytes } from 'node:crypto';
import type pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { digestOf } from '../../../src/domain/digest.js';
import { createDocumentKeeping } from '../../../src/ledger/documents/keeping.js';
import { createPostgresDocuments } from '../../../src/ledger/documents/postgres-documents.js';
import { DocumentCorrupt, DocumentErased, DocumentsUnavailable } from '../../../src/ports/documents.js';
import { describeDocuments } from '../../ports/documents.conformance.js';
import { type Postgres, startPostgres } from '../../support/postgres.js';
import { freshPools } from './pools.js';

const masterKey = randomBytes(32);
const WORDS = { text: 'Rohan asked for two more weeks' };

describeDocuments('PostgreSQL', async () => createPostgresDocuments((await freshPools()).app, masterKey));

describe('on the PostgreSQL of the machine', () => {
  let machine: Postgres;
  beforeAll(async () => {
    machine = await startPostgres({ from: 'machine' });
  }, 60_000);
  afterAll(() => machine.stop());

  describeDocuments('it, too,', async () => {
    const { app } = await freshPools(await machine.freshDatabase());
    return createPostgresDocuments(app, masterKey);
  });
});

async function stored() {
  const { owner, app } = await freshPools();
  return { owner, app, documents: createPostgresDocuments(app, masterKey) };
}

const erase = (app: pg.Pool, subject: string, id = 'e1') =>
  createDocumentKeeping(app).erase({ id, subject, by: 'zoya', reason: digestOf('why'), at: Date.now() });

const rowOf = async (owner: pg.Pool, digest: string) =>
  (await owner.query('SELECT * FROM documents.document WHERE digest = $1', [digest])).rows[0];

describe('what somebody wrote', () => {
  it('lies in the database as ciphertext only, and its key only wrapped', async () => {
    const { owner, documents } = await stored();
    const row = await rowOf(owner, await documents.put(WORDS, { subject: 'rohan' }));
    expect(row).toMatchObject({ class: 'personal', subject: 'rohan' });
    expect(row.body.includes('two more weeks')).toBe(false);
    const keys = await owner.query('SELECT key FROM keys.subject_key');
    expect(keys.rows).toEqual([{ key: expect.objectContaining({ length: 12 + 32 + 16 }) }]);
  });

  it('of one person is under one key, however many write at once', async () => {
    const { owner, documents } = await stored();
    const digests = await Promise.all(
      Array.from({ length: 20 }, (_, n) => documents.put({ n }, { subject: 'rohan' })),
    );
    expect(await Promise.all(digests.map((digest) => documents.get(digest)))).toEqual(
      digests.map((_, n) => ({ n })),
    );
    const { rows } = await owner.query('SELECT subject FROM keys.subject_key');
    expect(rows).toEqual([{ subject: 'rohan' }]);
  });

  it('is gone with the key, and nobody else’s with it; what the person writes later has a new key', async () => {
    const { app, documents } = await stored();
    const digest = await documents.put(WORDS, { subject: 'rohan' });
    const other = await documents.put(WORDS, { subject: 'meera' });
    await erase(app, 'rohan');
    await expect(documents.get(digest)).rejects.toThrow(DocumentErased);
    expect(await documents.get(other)).toEqual(WORDS);
    expect(await documents.get(await documents.put(WORDS, { subject: 'rohan' }))).toEqual(WORDS);
    await expect(documents.get(digest)).rejects.toMatchObject({ code: 'document-erased', digest });
  });

  it('stays gone where it was written before the erasure and arrives after it', async () => {
    const { app, documents } = await stored();
    await documents.put(WORDS, { subject: 'rohan' });
    const filing = { subject: 'rohan', salt: 'c2FsdA==', writtenAt: Date.now() - 60_000 };
    await erase(app, 'rohan');
    const late = await documents.put({ text: 'late' }, filing);
    expect(late).toBe(digestOf({ document: { text: 'late' }, salt: 'c2FsdA==' }));
    await expect(documents.get(late)).rejects.toThrow(DocumentErased);
  });

  it('survives no erasure that runs beside it in readable form', async () => {
    const { app, documents } = await stored();
    await documents.put(WORDS, { subject: 'rohan' });
    const writing = Array.from({ length: 30 }, (_, n) => documents.put({ n }, { subject: 'rohan' }));
    await erase(app, 'rohan');
    for (const digest of await Promise.all(writing)) {
      const read = await documents.get(digest).catch((error: unknown) => error);
      expect(
        read instanceof DocumentErased || (typeof read === 'object' && read !== null && 'n' in read),
      ).toBe(true);
    }
  });

  it('cannot be read with another master key, which is said', async () => {
    const { app, documents } = await stored();
    const digest = await documents.put(WORDS, { subject: 'rohan' });
    const stranger = createPostgresDocuments(app, randomBytes(32));
    await expect(stranger.get(digest)).rejects.toThrow(/another master key/);
    await expect(stranger.put(WORDS, { subject: 'rohan' })).rejects.toThrow(DocumentsUnavailable);
  });

  it('that was changed or swapped in the database is corrupt', async () => {
    const { owner, documents } = await stored();
    const [one, two] = [
      await documents.put({ n: 1 }, { subject: 'rohan' }),
      await documents.put({ n: 2 }, { subject: 'rohan' }),
    ];
    await owner.query(
      'UPDATE documents.document d SET body = o.body, nonce = o.nonce FROM documents.document o WHERE d.digest = $1 AND o.digest = $2',
      [one, two],
    );
    await expect(documents.get(one)).rejects.toThrow(DocumentCorrupt);
  });
});

describe('the application’s login', () => {
  it.each([
    'SELECT * FROM keys.subject_key',
    "INSERT INTO documents.document (digest, class, body) VALUES ('a', 'record', '')",
    "UPDATE documents.document SET class = 'record'",
    'DELETE FROM documents.document',
    'TRUNCATE documents.document',
    'DELETE FROM keys.subject_key',
    'UPDATE documents.scanned SET legal_hold = false',
  ])('may not: %s', async (statement) => {
    const { app } = await freshPools();
    await expect(app.query(statement)).rejects.toThrow(/permission denied/);
  });

  it('cannot store bytes under a digest that is not theirs', async () => {
    const { app } = await freshPools();
    const put = app.query("SELECT documents.put($1, 'record', NULL, NULL, NULL, 'forged')", [digestOf('x')]);
    await expect(put).rejects.toThrow(/check constraint/);
  });
});

describe('documents in PostgreSQL', () => {
  it('keep their bytes readable for anybody, as canonical form', async () => {
    const { owner, documents } = await stored();
    const row = await rowOf(owner, await documents.put({ b: 1, a: [true] }));
    expect(row.body.toString()).toBe('{"a":[true],"b":1}');
  });

  it('become evidence where one was a record before', async () => {
    const { owner, documents } = await stored();
    await documents.put({ report: 1 });
    const digest = await documents.put({ report: 1 }, { kind: 'evidence' });
    await documents.put({ report: 1 });
    expect(await rowOf(owner, digest)).toMatchObject({ class: 'evidence' });
  });
});
