import { randomBytes } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { canonicalForm, type Digest, digestOf } from '../../../src/domain/digest.js';
import type { Json } from '../../../src/domain/json.js';
import { genesisOf, nextHash } from '../../../src/ledger/chain.js';
import { createDocumentKeeping } from '../../../src/ledger/documents/keeping.js';
import { createPostgresDocuments } from '../../../src/ledger/documents/postgres-documents.js';
import { createPostgresLedger } from '../../../src/ledger/postgres-ledger.js';
import { DocumentErased } from '../../../src/ports/documents.js';
import type { LedgerEntry } from '../../../src/ports/ledger.js';
import { freshPools } from './pools.js';

const NONE = { record: 0, evidence: 0, personal: 0 };
const LONG_AGO = Date.UTC(2000, 0);

/** A ledger with documents, and a clock that is turned by making everything older. */
async function house() {
  const { owner, app } = await freshPools();
  const documents = createPostgresDocuments(app, randomBytes(32));
  const keeping = createDocumentKeeping(app);
  const ledger = createPostgresLedger(app);
  const seqs = new Map<string, number>();

  const happens = async (lifecycle: string, type: string, data: Json = {}, at = 1): Promise<void> => {
    const seq = (seqs.get(lifecycle) ?? 0) + 1;
    seqs.set(lifecycle, seq);
    const id = `lifecycle/${lifecycle}/${seq}`;
    await ledger.append([{ id, lifecycle, kind: 'event', seq, at, type, by: 'asha', command: null, data }]);
  };
  /** As if everything so far were `age` older, and sweeping had never paused. */
  const ages = async (age: string): Promise<void> => {
    await owner.query('UPDATE documents.document SET stored_at = stored_at - $1::interval', [age]);
    await owner.query("UPDATE documents.sweeping SET unbroken_since = now() - interval '1 day'");
  };
  const sweep = () => keeping.sweep(1_700_000_000_000);
  const service = async (): Promise<readonly LedgerEntry[]> => (await ledger.read(null, null, 100)).entries;
  const isThere = async (digest: Digest) => (await documents.get(digest)) !== undefined;
  return { owner, app, documents, keeping, ledger, happens, ages, sweep, service, isThere };
}

const erasureOf = (subject: string, id = 'e1') => ({
  id,
  subject,
  by: 'zoya',
  reason: digestOf('left'),
  at: 1_700_000_000_000,
});

describe('what a ledger refers to', () => {
  it('is what its entries name, and what the plain documents so named name, of its own lifecycle', async () => {
    const { documents, keeping, happens } = await house();
    const brief = await documents.put({ summary: 'a' }, { subject: 'asha' });
    const model = await documents.put({ model: 1 });
    const start = await documents.put({ brief: { digest: brief }, model });
    const report = await documents.put({ report: 1 }, { kind: 'evidence' });
    await happens('kyc', 'LifecycleStarted', { start });
    await happens('tax', 'EvidenceAdded', { evidence: { digest: report } });
    const asked = [start, model, brief, report, digestOf('elsewhere')];
    const of = (key: string) => Promise.all(asked.map((digest) => keeping.referenced(key, digest)));
    expect(await of('kyc')).toEqual(['record', 'record', 'personal', undefined, undefined]);
    expect(await of('tax')).toEqual([undefined, undefined, undefined, 'evidence', undefined]);
  });

  it('is nothing that was brought to others only, by whatever way its digest came here', async () => {
    const { documents, keeping, happens } = await house();
    const theirs = await documents.put({ report: 1 }, { kind: 'evidence', lifecycle: 'tax' });
    const words = await documents.put({ text: 'private' }, { subject: 'hari', lifecycle: 'tax' });
    const parts = await documents.put({ model: theirs, prompt: words }, { lifecycle: 'kyc' });
    await happens('kyc', 'ReleaseRegistered', { release: parts, about: [theirs] });
    await happens('tax', 'EvidenceAdded', { evidence: { digest: theirs, reason: words } });
    const of = (key: string) =>
      Promise.all([parts, theirs, words].map((digest) => keeping.referenced(key, digest)));
    expect(await of('kyc')).toEqual(['record', undefined, undefined]);
    expect(await of('tax')).toEqual([undefined, 'evidence', 'personal']);
    // Whoever has it themselves may have it back.
    expect(await documents.put({ report: 1 }, { kind: 'evidence', lifecycle: 'kyc' })).toBe(theirs);
    expect(await of('kyc')).toEqual(['record', 'evidence', undefined]);
  });

  it('is found, too, where the document arrives after the entry that names it', async () => {
    const { documents, keeping, happens } = await house();
    const [inner, outer] = [{ inner: true }, { names: digestOf({ inner: true }) }];
    await happens('kyc', 'LifecycleStarted', { start: digestOf(outer) });
    expect(await keeping.referenced('kyc', digestOf(outer))).toBeUndefined();
    await documents.put(outer);
    await documents.put(inner);
    expect(await keeping.referenced('kyc', digestOf(inner))).toBe('record');
  });

  it('is found in a ledger of any length', async () => {
    const { documents, keeping, happens } = await house();
    for (let n = 0; n < 120; n++) await happens('kyc', 'CommentAdded', { comment: digestOf(n) });
    const last = await documents.put({ n: 'last' });
    await happens('kyc', 'CommentAdded', { comment: last });
    expect(await keeping.referenced('kyc', last)).toBe('record');
  });
});

describe('a sweep', () => {
  it('deletes after a day what nothing refers to, counts it, and records the numbers', async () => {
    const { documents, happens, ages, sweep, service, isThere } = await house();
    const orphans = await Promise.all([
      documents.put({ draft: 1 }),
      documents.put({ report: 1 }, { kind: 'evidence' }),
      documents.put({ text: 'unsent' }, { subject: 'asha' }),
    ]);
    const kept = await documents.put({ draft: 2 });
    await happens('kyc', 'SpecDrafted', { draft: { digest: kept } });
    await ages('25 hours');
    const young = await documents.put({ draft: 3 });
    expect(await sweep()).toMatchObject({ orphaned: { record: 1, evidence: 1, personal: 1 }, expired: NONE });
    expect(await Promise.all([...orphans, kept, young].map(isThere))).toEqual([
      false,
      false,
      false,
      true,
      true,
    ]);
    expect(await sweep()).toMatchObject({ orphaned: NONE, expired: NONE, more: false });
    expect(await service()).toEqual([
      expect.objectContaining({
        kind: 'erasure',
        type: 'swept',
        data: { orphaned: { record: 1, evidence: 1, personal: 1 }, expired: NONE },
      }),
    ]);
  });

  it('passes over an orphan that is stored again', async () => {
    const { documents, ages, sweep, isThere } = await house();
    const digest = await documents.put({ model: 1 });
    await ages('25 hours');
    await documents.put({ model: 1 });
    expect(await sweep()).toMatchObject({ orphaned: NONE });
    expect(await isThere(digest)).toBe(true);
  });

  it('deletes nothing for an hour after a pause, in which late events arrive', async () => {
    const { owner, documents, ages, sweep, happens, isThere } = await house();
    const digest = await documents.put({ text: 'why' });
    await ages('30 hours');
    await owner.query("UPDATE documents.sweeping SET last_at = now() - interval '30 hours'");
    expect([await sweep(), await sweep()]).toMatchObject([{ orphaned: NONE }, { orphaned: NONE }]);
    await happens('kyc', 'Parked', { reason: digest });
    await owner.query("UPDATE documents.sweeping SET unbroken_since = now() - interval '1 hour'");
    await sweep();
    expect(await isThere(digest)).toBe(true);
  });

  it('deletes what is over its retention in all lifecycles that refer to it, and nothing under a legal hold', async () => {
    const { documents, happens, ages, sweep, isThere } = await house();
    const docs: Digest[] = [];
    for (const name of ['own', 'shared', 'held', 'lifted', 'fresh']) docs.push(await documents.put({ name }));
    const [own = '', shared = '', held = '', lifted = '', fresh = ''] = docs;
    await happens('gone', 'SpecDrafted', { specs: [own, shared] });
    await happens('open', 'SpecDrafted', { specs: [shared] });
    await happens('held', 'SpecDrafted', { specs: [held] });
    await happens('held', 'LegalHoldSet', { on: true });
    await happens('lifted', 'SpecDrafted', { specs: [lifted] });
    await happens('lifted', 'LegalHoldSet', { on: true });
    await happens('lifted', 'LegalHoldSet', { on: false });
    await happens('fresh', 'SpecDrafted', { specs: [fresh] });
    for (const key of ['gone', 'held', 'lifted']) await happens(key, 'Retired', {}, LONG_AGO);
    await happens('fresh', 'Retired', {}, Date.now());
    await ages('20 years');
    expect(await sweep()).toMatchObject({ orphaned: NONE, expired: { record: 2 } });
    const left = await Promise.all(docs.map(isThere));
    expect(left).toEqual([false, true, true, false, true]);
  });

  it('keeps each class for its own time', async () => {
    const { owner, documents, happens, ages, sweep } = await house();
    await owner.query("UPDATE documents.retention_class SET days = 1000000 WHERE class = 'evidence'");
    const record = await documents.put({ n: 1 });
    const evidence = await documents.put({ n: 2 }, { kind: 'evidence' });
    await happens('kyc', 'SpecDrafted', { record, evidence });
    await happens('kyc', 'Retired', {}, LONG_AGO);
    await ages('20 years');
    expect(await sweep()).toMatchObject({ expired: { ...NONE, record: 1 } });
  });
});

describe('an erasure', () => {
  it('is recorded with how many documents it was about, and leaves every chain as it was', async () => {
    const { documents, keeping, happens, service, ledger } = await house();
    const digests = await Promise.all([1, 2].map((n) => documents.put({ n }, { subject: 'rohan' })));
    for (const comment of digests) await happens('kyc', 'CommentAdded', { comment });
    expect(await keeping.erase(erasureOf('rohan'))).toEqual({ documents: 2, entry: 'erasure/e1' });
    for (const digest of digests) await expect(documents.get(digest)).rejects.toThrow(DocumentErased);
    expect(await service()).toEqual([
      expect.objectContaining({
        kind: 'erasure',
        type: 'subject-erased',
        by: 'zoya',
        data: { subject: 'rohan', documents: 2, reason: digestOf('left') },
      }),
    ]);
    const { entries } = await ledger.read('kyc', null, 10);
    let hash = genesisOf('lifecycle/kyc');
    for (const { position: _, hash: recorded, ...entry } of entries) {
      hash = nextHash(hash, canonicalForm(entry));
      expect(recorded).toBe(hash.toString('hex'));
    }
    expect(entries).toHaveLength(2);
  });

  it('happens once, however often it is asked for', async () => {
    const { documents, keeping, service } = await house();
    await documents.put({ n: 1 }, { subject: 'rohan' });
    const first = await keeping.erase(erasureOf('rohan'));
    const again = await documents.put({ n: 2 }, { subject: 'rohan' });
    expect(await keeping.erase(erasureOf('rohan'))).toEqual(first);
    expect(await documents.get(again)).toEqual({ n: 2 });
    expect(await service()).toHaveLength(1);
  });

  it('has nothing to do for somebody who wrote nothing', async () => {
    const { keeping, service } = await house();
    await expect(keeping.erase(erasureOf('nobody'))).rejects.toMatchObject({ code: 'nothing-to-erase' });
    expect(await service()).toEqual([]);
  });

  it('is refused under a legal hold, naming the lifecycles, and done once it is lifted', async () => {
    const { documents, keeping, happens, service } = await house();
    const comment = await documents.put({ text: 'a' }, { subject: 'rohan' });
    for (const key of ['tax', 'kyc']) {
      await happens(key, 'CommentAdded', { comment });
      await happens(key, 'LegalHoldSet', { on: true });
    }
    const refused = keeping.erase(erasureOf('rohan'));
    await expect(refused).rejects.toMatchObject({ code: 'legal-hold', lifecycles: ['kyc', 'tax'] });
    expect(await documents.get(comment)).toEqual({ text: 'a' });
    expect(await service()).toEqual([]);
    for (const key of ['tax', 'kyc']) await happens(key, 'LegalHoldSet', { on: false });
    expect(await keeping.erase(erasureOf('rohan'))).toMatchObject({ documents: 1 });
  });
});
