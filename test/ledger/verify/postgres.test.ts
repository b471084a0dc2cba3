import type pg from 'pg';
import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import { digestOf } from '../../../src/domain/digest.js';
import { openPostgresSource } from '../../../src/ledger/bundle/postgres-source.js';
import { exportBundle } from '../../../src/ledger/bundle/write-bundle.js';
import { createPool } from '../../../src/ledger/pool.js';
import { checkpointBytes } from '../../../src/ledger/verify/checkpoint.js';
import type { Verdict } from '../../../src/ledger/verify/verifier.js';
import { verifySource } from '../../../src/ledger/verify/verify-source.js';
import { freshDatabase } from '../../support/fresh-database.js';
import { OURS, sample } from './corruptions.js';
import { type SampleLedger, verified } from './sample-ledger.js';

let owner: pg.Pool;
let app: pg.Pool;

/** Puts a sample into the database: entries as they are appended, everything else as it is stored. */
async function fill(ledger: SampleLedger): Promise<void> {
  for (const [chain, links] of ledger.chains) {
    const entries = links.map(
      ({ body }) => JSON.parse(body) as { id: string; type: string; seq: number | null },
    );
    await app.query('SELECT ledger.append($1, $2, $3, $4, $5)', [
      chain,
      entries.map(({ id }) => id),
      entries.map(({ type }) => type),
      entries.map(({ seq }) => seq),
      links.map(({ body }) => body),
    ]);
  }
  await owner.query('INSERT INTO ledger.key_made VALUES ($1, $2, 0)', [OURS.id, OURS.raw]);
  for (const [i, { checkpoint, signatures }] of ledger.checkpoints.entries()) {
    const before = new Map(ledger.leaves[i - 1]?.map(({ chain, position }) => [chain, position]));
    const client = await owner.connect();
    await client.query('BEGIN');
    for (const { chain, position, hash } of ledger.leaves[i] ?? []) {
      if (before.get(chain) === position) continue;
      await client.query("INSERT INTO ledger.checkpoint_leaf VALUES ($1, $2, $3, decode($4, 'hex'))", [
        chain,
        checkpoint.number,
        position,
        hash,
      ]);
    }
    await client.query('INSERT INTO ledger.checkpoint (number, body, signatures) VALUES ($1, $2, $3)', [
      checkpoint.number,
      checkpointBytes(checkpoint),
      JSON.stringify(signatures),
    ]);
    await client.query('COMMIT');
    client.release();
  }
  for (const stored of ledger.stored) {
    if ('document' in stored)
      await app.query("SELECT documents.put($1, 'record', NULL, NULL, NULL, $2)", [
        stored.digest,
        Buffer.from(stored.document),
      ]);
  }
}

async function verdict(): Promise<Verdict> {
  const source = await openPostgresSource(app);
  try {
    return await verifySource(source, { strict: true });
  } finally {
    await source.close();
  }
}

async function bundle(lifecycle?: string): Promise<string> {
  const source = await openPostgresSource(app);
  let text = '';
  try {
    await exportBundle(source, { lifecycle, exportedAt: 1_790_000_000_000 }, (piece) => {
      text += piece;
    });
    return text;
  } finally {
    await source.close();
  }
}

/** As somebody who owns the database: nothing of ours stops them. */
async function tamper(table: string, sql: string): Promise<void> {
  await owner.query(
    `ALTER TABLE ${table} DISABLE TRIGGER USER; ${sql}; ALTER TABLE ${table} ENABLE TRIGGER USER`,
  );
}

beforeEach(async () => {
  const { ownerUrl, appUrl } = await freshDatabase();
  await Promise.all([owner?.end(), app?.end()]);
  owner = createPool(ownerUrl);
  app = createPool(appUrl);
  await fill(sample());
});
afterAll(async () => {
  await Promise.all([owner?.end(), app?.end()]);
});

describe('a ledger in PostgreSQL', () => {
  it('is exported as what was put in, as a whole and by lifecycle', async () => {
    for (const lifecycle of [undefined, 'kyc', 'tax']) {
      const lines = (await bundle(lifecycle)).split('\n').slice(0, -1);
      const expected = await sample().lines(lifecycle);
      expect([...lines].sort()).toEqual([...expected].sort());
      expect(verified(Buffer.from(`${lines.join('\n')}\n`), { strict: true }).findings).toEqual([]);
    }
  });

  it('has nothing of a lifecycle that it does not know', async () => {
    await expect(bundle('nobody')).rejects.toThrow(/nothing of a lifecycle nobody/);
  });

  it('verifies where it is', async () => {
    expect(await verdict()).toMatchObject({
      ok: true,
      chains: 3,
      entries: 10,
      checkpoints: 2,
      documents: 2,
      unsealed: 2,
    });
  });

  it('verifies as it was when it began, whatever is appended meanwhile', async () => {
    const source = await openPostgresSource(app);
    try {
      const late = ['service', ['refusal/z'], ['held'], [null], ['{}']];
      await app.query('SELECT ledger.append($1, $2, $3, $4, $5)', late);
      expect(await verifySource(source, {})).toMatchObject({ ok: true, entries: 10 });
    } finally {
      await source.close();
    }
    expect((await verdict()).findings[0]).toMatchObject({
      check: 'line-form',
      chain: 'service',
      position: 2,
    });
  });

  const where = "WHERE chain = 'lifecycle/kyc' AND position";
  it.each([
    [
      'an edited entry',
      'ledger.entry',
      `UPDATE ledger.entry SET body = replace(body, 'p-1', 'p-2') ${where} = 2`,
      /^edited/,
    ],
    ['a deleted entry', 'ledger.entry', `DELETE FROM ledger.entry ${where} = 5`, /^deleted: event 4/],
    [
      'the last entries deleted',
      'ledger.entry',
      `DELETE FROM ledger.entry ${where} > 5`,
      /^truncated: the chain’s head is at 7/,
    ],
    [
      'a chain deleted',
      'ledger.entry',
      "DELETE FROM ledger.entry WHERE chain = 'lifecycle/tax'; DELETE FROM ledger.chain WHERE chain = 'lifecycle/tax'",
      /^truncated: checkpoint 2 sealed 2/,
    ],
    [
      'a head moved back',
      'ledger.entry',
      "UPDATE ledger.chain SET position = 5 WHERE chain = 'lifecycle/kyc'",
      /^extended/,
    ],
    [
      'a checkpoint edited',
      'ledger.checkpoint',
      `UPDATE ledger.checkpoint SET body = replace(body, '"entries":5', '"entries":4') WHERE number = 1`,
      /^bad signature/,
    ],
    [
      'a checkpoint that is no JSON',
      'ledger.checkpoint',
      "UPDATE ledger.checkpoint SET body = 'x' WHERE number = 2",
      /is not JSON/,
    ],
    [
      'a leaf edited',
      'ledger.checkpoint_leaf',
      `UPDATE ledger.checkpoint_leaf SET hash = sha256('x') ${where} = 5`,
      /^the leaves of checkpoint 2/,
    ],
  ])('shows %s', async (_, table, sql, message) => {
    await tamper(table, sql);
    const { ok, findings } = await verdict();
    expect(ok).toBe(false);
    expect(findings[0]?.message).toMatch(message);
  });

  it('shows an entry that took the place of a document in its table', async () => {
    const digest = digestOf({ purpose: 'screening' });
    await owner.query('ALTER TABLE documents.document DROP CONSTRAINT document_check2');
    await owner.query('UPDATE documents.document SET body = $2 WHERE digest = $1', [
      digest,
      Buffer.from('{"purpose":"x"}'),
    ]);
    expect((await verdict()).findings).toMatchObject([{ check: 'document-digest' }]);
  });
});
