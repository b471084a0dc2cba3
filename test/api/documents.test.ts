import { randomBytes } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { digestOf } from '../../src/domain/digest.js';
import { createDocumentKeeping } from '../../src/ledger/documents/keeping.js';
import { createPostgresDocuments } from '../../src/ledger/documents/postgres-documents.js';
import { createPostgresLedger } from '../../src/ledger/postgres-ledger.js';
import { freshPools } from '../ledger/documents/pools.js';
import { GOVERNED, runningApi } from './running-api.js';

const AT = '/v1/lifecycles/kyc-onboarding';
const ERASURES = '/v1/ledger/erasures';
const auditor = { as: 'zoya' };

/** The API on a database, with a lifecycle of the onboarding team that has started. */
async function recorded() {
  const { app } = await freshPools();
  const documents = createPostgresDocuments(app, randomBytes(32));
  const ledger = createPostgresLedger(app);
  const api = await runningApi({ documents, ledger, keeping: createDocumentKeeping(app) });
  await api.post('/v1/lifecycles', GOVERNED);
  let seq = 0;
  const happens = (type: string, data: Record<string, string | boolean>, lifecycle = 'kyc-onboarding') => {
    seq += 1;
    const id = `lifecycle/${lifecycle}/${seq}`;
    return ledger.append([
      { id, lifecycle, kind: 'event', seq, at: 1, type, by: 'asha', command: null, data },
    ]);
  };
  const entries = async (lifecycle: string | null) => (await ledger.read(lifecycle, null, 50)).entries;
  return { api, documents, happens, entries };
}

describe('GET …/documents/{digest}', () => {
  it('answers what the ledger of the lifecycle refers to, to its team and to auditors', async () => {
    const { api, documents, happens } = await recorded();
    const reason = await documents.put({ text: 'renewal' }, { subject: 'asha' });
    await happens('Parked', { reason });
    for (const as of ['meera', 'zoya']) {
      const { status, body } = await api.get(`${AT}/documents/${reason}`, { as });
      expect({ status, body }).toEqual({
        status: 200,
        body: { digest: reason, class: 'personal', document: { text: 'renewal' } },
      });
    }
    expect((await api.get(`${AT}/documents/${reason}`, { as: 'leena' })).status).toBe(404);
  });

  it('hides what only other lifecycles refer to, and what is no digest', async () => {
    const { api, documents } = await recorded();
    const unreferenced = await documents.put({ spec: 'tax' });
    for (const digest of [unreferenced, digestOf('absent'), 'sha256:1', '..%2f..']) {
      expect((await api.get(`${AT}/documents/${digest}`)).problem).toMatchObject({ code: 'not-found' });
    }
  });

  it('hides what others brought from whoever writes its digest into a lifecycle of their own', async () => {
    const { api, documents, happens } = await recorded();
    const theirs = await documents.put({ mediaType: 'a', content: 'theirs' }, { lifecycle: 'tax-payments' });
    const absent = digestOf('absent');
    const texts: string[] = [];
    for (const digest of [theirs, absent]) {
      await happens('EvidenceAdded', { digest });
      const asked = await api.get(`${AT}/documents/${digest}`);
      expect(asked.status).toBe(404);
      texts.push(asked.text.replaceAll(digest, '').replace(/"requestId":"[^"]*"/, ''));
    }
    expect(texts[0]).toBe(texts[1]);
  });

  it('records who read evidence, before it is handed out', async () => {
    const { api, documents, happens, entries } = await recorded();
    const digest = await documents.put({ report: 1 }, { kind: 'evidence' });
    await happens('EvidenceAdded', { digest });
    expect((await api.get(`${AT}/documents/${digest}`, auditor)).body).toMatchObject({ class: 'evidence' });
    expect((await entries('kyc-onboarding')).at(-1)).toMatchObject({
      kind: 'read',
      type: 'evidence',
      by: 'zoya',
      data: { digest },
    });
  });
});

describe('POST /v1/ledger/erasures', () => {
  it('makes what somebody wrote unreadable, once for one key', async () => {
    const { api, documents, happens, entries } = await recorded();
    const reason = await documents.put({ text: 'renewal' }, { subject: 'asha' });
    await happens('Parked', { reason });
    const body = { subject: 'asha', reason: 'request 2026-117' };
    const asked = { ...auditor, headers: { 'idempotency-key': 'k-1' } };
    const answers = [await api.post(ERASURES, body, asked), await api.post(ERASURES, body, asked)];
    expect(answers[0]?.body).toEqual({
      subject: 'asha',
      documents: 1,
      entry: expect.stringMatching(/^erasure\//),
    });
    expect(answers[1]?.body).toEqual(answers[0]?.body);
    const { problem } = await api.get(`${AT}/documents/${reason}`);
    expect(problem).toMatchObject({ status: 410, code: 'document-erased' });
    const erased = (await entries(null)).filter(({ kind }) => kind === 'erasure');
    expect(erased).toMatchObject([
      { type: 'subject-erased', by: 'zoya', data: { subject: 'asha', documents: 1 } },
    ]);
    const [{ data } = { data: null }] = erased;
    const { reason: why } = data as { readonly reason: string };
    expect(await documents.get(why)).toEqual({ text: 'request 2026-117' });
  });

  it('is for auditors only', async () => {
    const { api } = await recorded();
    const refused = await api.post(ERASURES, { subject: 'asha', reason: 'a' }, { as: 'asha' });
    expect(refused.problem).toMatchObject({ status: 403, code: 'not-permitted' });
  });

  it('names the lifecycles whose legal hold stands against it, and knows who wrote nothing', async () => {
    const { api, documents, happens } = await recorded();
    await happens('Parked', { reason: await documents.put({ text: 'renewal' }, { subject: 'asha' }) });
    await happens('LegalHoldSet', { on: true });
    const held = await api.post(ERASURES, { subject: 'asha', reason: 'a' }, auditor);
    expect(held.problem).toMatchObject({
      status: 409,
      code: 'legal-hold',
      reasons: [{ code: 'legal-hold', fact: 'kyc-onboarding' }],
    });
    const nobody = await api.post(ERASURES, { subject: 'nobody', reason: 'a' }, auditor);
    expect(nobody.problem).toMatchObject({ status: 404, code: 'not-found' });
  });

  it('refuses a body that is not as its form asks', async () => {
    const { api } = await recorded();
    const { problem } = await api.post(ERASURES, { subject: 'a b', reason: ' ' }, auditor);
    expect(problem.reasons.map(({ pointer }) => pointer).sort()).toEqual(['/reason', '/subject']);
  });
});
