import { randomBytes } from 'node:crypto';
import { expect, it } from 'vitest';
import { digestOf } from '../../../src/domain/digest.js';
import { openPostgresSource } from '../../../src/ledger/bundle/postgres-source.js';
import { exportBundle } from '../../../src/ledger/bundle/write-bundle.js';
import { createDocumentKeeping } from '../../../src/ledger/documents/keeping.js';
import { createPostgresDocuments } from '../../../src/ledger/documents/postgres-documents.js';
import { createPostgresLedger } from '../../../src/ledger/postgres-ledger.js';
import { compareItems } from '../../../src/ledger/projection/refold-items.js';
import { verifySource } from '../../../src/ledger/verify/verify-source.js';
import { DocumentErased } from '../../../src/ports/documents.js';
import { ItemStory } from '../../domain/operations/item-story.js';
import { freshPools } from '../documents/pools.js';
import { sample } from './corruptions.js';
import { bytesOf, ended, entry, verified } from './sample-ledger.js';

const entries = new ItemStory({ lifecycle: 'kyc' }).decides('meera').uses().entries;

async function findings(...more: readonly string[]) {
  const ledger = sample((sampled) => sampled.append('lifecycle/kyc', ...more));
  return verified(bytesOf(ended(await ledger.lines()))).findings.map(({ check, message }) => ({
    check,
    message,
  }));
}

it('the entries of an item verify in the chain of its lifecycle', async () => {
  expect(await findings(...entries.map(entry))).toEqual([]);
});

it('an item’s entry of another lifecycle, or one that claims to be an item’s, is found by its id', async () => {
  const odd = entries.map((each) => entry({ ...each, id: each.id.replace('/kyc/', '/tax/') }));
  expect(await findings(...odd.slice(0, 1))).toEqual([
    { check: 'entry-id', message: 'the id review/tax/i-1/1 is not that of an item of its lifecycle' },
  ]);
  expect(await findings(entry({ id: 'review/kyc/i-1/1', lifecycle: 'kyc' }))).toEqual([
    { check: 'entry-id', message: 'the id review/kyc/i-1/1 is an item’s, which this is not' },
  ]);
});

it('what was said at an item can be read, exported and erased, and everything verifies before and after', async () => {
  const { owner, app } = await freshPools();
  const documents = createPostgresDocuments(app, randomBytes(32));
  const keeping = createDocumentKeeping(app);
  const ledger = createPostgresLedger(app);
  const reason = await documents.put({ text: 'The numbers agree.' }, { subject: 'meera', lifecycle: 'kyc' });
  const told = new ItemStory({ lifecycle: 'kyc' }).decides('meera').uses().entries;
  const withReason = told.map((each) =>
    each.type === 'ItemApproved' ? { ...each, data: { ...(each.data as object), reason } } : each,
  );
  await ledger.append(withReason);
  const all = async () => {
    const source = await openPostgresSource(app);
    let text = '';
    try {
      await exportBundle(source, { lifecycle: 'kyc' }, (piece) => {
        text += piece;
      });
      return { text, verdict: await verifySource(source, { strict: true }) };
    } finally {
      await source.close();
    }
  };
  const before = await all();
  expect(before.verdict.findings).toEqual([]);
  expect(verified(Buffer.from(before.text)).findings).toEqual([]);
  expect(before.text).toContain(`"digest":"${reason}"`);
  expect(await keeping.referenced('kyc', reason)).toBe('personal');
  expect(await keeping.referenced('tax', reason)).toBeUndefined();
  const erasure = { id: 'e1', subject: 'meera', by: 'zoya', reason: digestOf('left'), at: 1_700_000_000_000 };
  expect(await keeping.erase(erasure)).toMatchObject({ documents: 1 });
  await expect(documents.get(reason)).rejects.toThrow(DocumentErased);
  expect((await all()).verdict.findings).toEqual([]);
  expect(await compareItems(owner)).toEqual([]);
});
