import { randomBytes } from 'node:crypto';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { pino } from 'pino';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { createSpools } from '../../../src/adapters/spool.js';
import { openSpooledDocuments } from '../../../src/adapters/spooled-documents.js';
import { createRefusals } from '../../../src/api/refusals.js';
import { createDocumentKeeping } from '../../../src/ledger/documents/keeping.js';
import { createPostgresDocuments } from '../../../src/ledger/documents/postgres-documents.js';
import { createPostgresLedger } from '../../../src/ledger/postgres-ledger.js';
import { DocumentErased, DocumentsUnavailable } from '../../../src/ports/documents.js';
import type { LedgerEntry } from '../../../src/ports/ledger.js';
import { temporaryFolder } from '../../ports/temporary-folder.js';
import { type Postgres, startPostgres } from '../../support/postgres.js';
import { freshPools } from './pools.js';

const silent = pino({ level: 'silent' });
const BACK = { timeout: 15_000 };

let postgres: Postgres;
beforeAll(async () => {
  postgres = await startPostgres();
}, 60_000);
afterAll(() => postgres.stop());

/** What an API keeps of a database that comes and goes. */
async function keeper() {
  const { owner, app } = await freshPools(await postgres.freshDatabase());
  const home = await temporaryFolder();
  const ledger = createPostgresLedger(app);
  const stored = createPostgresDocuments(app, randomBytes(32));
  const open = () => {
    const spools = createSpools(home, silent);
    const documents = openSpooledDocuments(stored, spools);
    const refusals = createRefusals(ledger, spools, silent);
    const close = async () => {
      await Promise.all([documents.close(), refusals.close()]);
    };
    onTestFinished(close);
    return { documents, refusals, close };
  };
  const waiting = async () => {
    const folders = await readdir(home);
    return (await Promise.all(folders.map((folder) => readdir(join(home, folder))))).flat();
  };
  const recorded = async () => (await ledger.read('kyc', null, 50)).entries.map(({ id }) => id);
  return { owner, keeping: createDocumentKeeping(app), stored, open, waiting, recorded, ...open() };
}

const refusal = (n: number): LedgerEntry => ({
  id: `refusal/${n}`,
  lifecycle: 'kyc',
  kind: 'refusal',
  seq: null,
  at: n,
  type: 'held',
  by: 'asha',
  command: 'advance',
  data: {},
});

describe('while PostgreSQL is killed', () => {
  it('documents and refusals wait on disk, are there to be read, and move by themselves', async () => {
    const { owner, stored, documents, refusals, waiting, recorded } = await keeper();
    const before = await documents.put({ text: 'before' }, { subject: 'asha' });
    expect(await refusals.record(refusal(1))).toBe(true);
    await postgres.kill();
    const spec = await documents.put({ spec: 'kyc' });
    const reason = await documents.put({ text: 'during' }, { subject: 'asha' });
    expect([await refusals.record(refusal(2)), await refusals.record(refusal(3))]).toEqual([false, false]);
    expect(await documents.get(reason)).toEqual({ text: 'during' });
    await expect(documents.get(before)).rejects.toThrow(DocumentsUnavailable);
    await postgres.restart();
    await expect.poll(waiting, BACK).toEqual([]);
    expect(await Promise.all([before, spec, reason].map((digest) => stored.get(digest)))).toEqual([
      { text: 'before' },
      { spec: 'kyc' },
      { text: 'during' },
    ]);
    expect(await recorded()).toEqual(['refusal/1', 'refusal/2', 'refusal/3']);
    const { rows } = await owner.query('SELECT class, body FROM documents.document WHERE digest = $1', [
      reason,
    ]);
    expect(rows).toEqual([{ class: 'personal', body: expect.any(Buffer) }]);
    expect(rows[0].body.includes('during')).toBe(false);
  });

  it('what waits outlives the process that put it there', async () => {
    const { stored, documents, refusals, close, open, waiting, recorded } = await keeper();
    await postgres.kill();
    const digest = await documents.put({ text: 'why' }, { subject: 'asha' });
    await refusals.record(refusal(1));
    await close();
    await postgres.restart();
    open();
    await expect.poll(waiting, BACK).toEqual([]);
    expect(await stored.get(digest)).toEqual({ text: 'why' });
    expect(await recorded()).toEqual(['refusal/1']);
  });

  it('what somebody wrote does not come back by the spool of a machine that missed the erasure', async () => {
    const { stored, keeping, documents, close, open, waiting } = await keeper();
    await documents.put({ text: 'before' }, { subject: 'asha' });
    await postgres.kill();
    const digest = await documents.put({ text: 'during' }, { subject: 'asha' });
    await close();
    await postgres.restart();
    await keeping.erase({ id: 'e1', subject: 'asha', by: 'zoya', reason: digest, at: Date.now() });
    open();
    await expect.poll(waiting, BACK).toEqual([]);
    await expect(stored.get(digest)).rejects.toThrow(DocumentErased);
  });
});
