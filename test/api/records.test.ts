import { describe, expect, it } from 'vitest';
import { compileSpec } from '../../src/contracts/compile-spec.js';
import type { ClauseChange } from '../../src/contracts/records.js';
import { specForm } from '../../src/contracts/spec.js';
import { digestOf } from '../../src/domain/digest.js';
import type { Json } from '../../src/domain/json.js';
import { MemoryDocuments } from '../support/memory-documents.js';
import { MemoryLedger } from './memory-ledger.js';
import { MemoryReadModel, rowOf } from './memory-read-model.js';
import { runningApi } from './running-api.js';

const AT = '/v1/lifecycles/kyc';
const FIRST = {
  spec: 'kyc',
  purpose: 'Open accounts sooner.',
  may: [
    { id: 'y1', action: 'extract' },
    { id: 'y2', action: 'compare' },
  ],
  mustNot: [{ id: 'n1', action: 'reject', onAttempt: 'block' }],
  checks: [{ id: 'c1', metric: 'f1', op: '>=', value: 0.95, at: ['evidence'] }],
  fallback: { manual: 'branch desk', runbook: 'RB-17', standsFor: '5d' },
} as const;
const SECOND = {
  ...FIRST,
  may: [{ id: 'y1', action: 'extract' }],
  mustNot: [...FIRST.mustNot, { id: 'y2', action: 'compare', onAttempt: 'block' }],
  checks: [
    { ...FIRST.checks[0], value: 0.97, window: '3d' },
    { id: 'c2', metric: 'gap', op: '<=', value: 2, at: ['evidence'] },
  ],
} as const;
const sha = (digit: string): string => `sha256:${digit.repeat(64)}`;

/** A lifecycle with what events say about it, each a second after the other. */
async function told(...events: readonly (readonly [type: string, data: Json])[]) {
  const ledger = new MemoryLedger();
  const readModel = new MemoryReadModel(ledger);
  readModel.add(rowOf('kyc'));
  const documents = new MemoryDocuments();
  await documents.put(FIRST);
  await documents.put(SECOND);
  await ledger.append(
    events.map(([type, data], i) => ({
      id: `lifecycle/kyc/${i + 1}`,
      lifecycle: 'kyc',
      kind: 'event',
      seq: i + 1,
      at: 1_000 * (i + 1),
      type,
      by: 'ravi',
      command: null,
      data,
    })),
  );
  return { api: await runningApi({ ledger, readModel, documents }), ledger, documents };
}

function draft(version: number, spec: Json, missing: readonly string[] = []): readonly [string, Json] {
  const compiled = compileSpec(specForm.parse(spec)) as unknown as Json;
  return ['SpecDrafted', { draft: { version, spec: compiled, author: 'ravi', missing } }];
}

function submitted(version: number, spec: Json): readonly [string, Json] {
  const compiled = compileSpec(specForm.parse(spec)) as unknown as Json;
  const pin = { version, spec: compiled, author: 'ravi', submittedBy: 'asha', frozenAt: 9_000 };
  return ['SpecSubmitted', { spec: pin }];
}

const evidence = (id: string): readonly [string, Json] => [
  'EvidenceAdded',
  {
    evidence: {
      id,
      kind: 'eval',
      digest: sha('a'),
      producer: 'lab',
      independent: true,
      collectedAt: 500,
      about: [sha('b')],
      verdicts: [{ clause: 'c1', met: true }],
    },
  },
];

describe('specs', () => {
  it('are listed with who drafted and who submitted each', async () => {
    const { api } = await told(
      draft(1, FIRST, ['/steps is missing']),
      draft(2, SECOND),
      submitted(2, SECOND),
    );
    expect((await api.get(`${AT}/specs`)).body).toEqual({
      items: [
        {
          version: 1,
          digest: digestOf(FIRST),
          author: 'ravi',
          draftedAt: 1_000,
          missing: ['/steps is missing'],
          submittedBy: null,
          submittedAt: null,
        },
        expect.objectContaining({ version: 2, draftedAt: 2_000, submittedBy: 'asha', submittedAt: 9_000 }),
      ],
    });
  });

  it('are shown whole, one version at a time', async () => {
    const { api } = await told(draft(1, FIRST));
    expect((await api.get(`${AT}/specs/1`)).body).toMatchObject({ version: 1, spec: FIRST });
    const { problem } = await api.get(`${AT}/specs/2`);
    expect(problem).toMatchObject({ status: 404, detail: 'kyc has no spec version 2; there is 1' });
    expect((await api.get(`${AT}/specs/first`)).problem.code).toBe('not-found');
  });

  it('differ clause by clause, in words', async () => {
    const { api } = await told(draft(1, FIRST), draft(2, SECOND));
    const { body } = await api.get(`${AT}/specs/1/diff/2`);
    const { from, to, changes } = body as unknown as Record<'from' | 'to', object> & {
      changes: ClauseChange[];
    };
    expect([from, to]).toMatchObject([{ version: 1 }, { version: 2 }]);
    expect(changes.map(({ change, section, clause, words }) => [change, section, clause, words])).toEqual([
      ['added', 'checks', 'c2', 'new: gap, at most 2, judged in evidence'],
      ['changed', 'checks', 'c1', 'limit 0.95 → 0.97 (stricter); window nothing → 3d'],
      ['changed', 'mustNot', 'y2', 'now in mustNot, was in may (stricter); on attempt nothing → block'],
    ]);
    expect((await api.get(`${AT}/specs/2/diff/2`)).body).toMatchObject({ changes: [] });
    expect((await api.get(`${AT}/specs/1/diff/3`)).status).toBe(404);
  });

  it('of a pilot begin with what it declared at its start', async () => {
    const spec = compileSpec(specForm.parse(FIRST)) as unknown as Json;
    const document = { actor: { person: 'ravi' }, pilot: { spec, release: sha('c') } };
    const start = digestOf(document);
    const { api, documents } = await told(['LifecycleStarted', { mode: 'pilot', start }], draft(2, SECOND));
    await documents.put(document);
    expect((await api.get(`${AT}/specs`)).body).toMatchObject({
      items: [{ version: 1, author: 'ravi', submittedAt: 1_000 }, { version: 2 }],
    });
    expect((await api.get(`${AT}/releases`)).body).toMatchObject({
      items: [{ label: 'r1', digest: sha('c'), registeredBy: 'ravi', servedAt: null }],
    });
  });

  it('say that a document is away', async () => {
    const { api, documents } = await told(draft(1, FIRST));
    documents.down = true;
    expect((await api.get(`${AT}/specs/1`)).problem.code).toBe('documents-unavailable');
    documents.down = false;
    documents.stored.clear();
    expect((await api.get(`${AT}/specs/1`)).problem.code).toBe('documents-unavailable');
  });
});

describe('evidence', () => {
  it('is listed page by page, oldest first', async () => {
    const { api } = await told(evidence('e1'), draft(1, FIRST), evidence('e2'), evidence('e3'));
    const first = await api.get(`${AT}/evidence?limit=2`);
    expect(first.body.items).toMatchObject([
      { id: 'e1', addedAt: 1_000, addedBy: 'ravi', producer: 'lab', verdicts: [{ clause: 'c1', met: true }] },
      { id: 'e2' },
    ]);
    const rest = await api.get(`${AT}/evidence?limit=2&cursor=${first.body.nextCursor}`);
    expect(rest.body).toMatchObject({ items: [{ id: 'e3' }], nextCursor: null });
    expect((await api.get(`${AT}/evidence?cursor=x`)).problem.code).toBe('invalid-body');
  });
});

describe('releases', () => {
  it('are listed with what became of each', async () => {
    const registered = (label: string, digest: string): readonly [string, Json] => [
      'ReleaseRegistered',
      { release: { label, digest, changedSections: ['model'], registeredBy: 'ravi' }, materiality: null },
    ];
    const { api } = await told(
      registered('r1', sha('1')),
      ['ReleaseServing', { release: sha('1'), percent: 50, serveUntil: null }],
      ['ReleaseServing', { release: sha('1'), percent: 100, serveUntil: null }],
      registered('r2', sha('2')),
      ['RolledBack', { what: 'candidate', release: sha('2'), to: sha('1'), why: 'c1' }],
    );
    expect((await api.get(`${AT}/releases`)).body).toMatchObject({
      items: [
        { label: 'r1', registeredAt: 1_000, servedAt: 2_000, rolledBackAt: null, changedSections: ['model'] },
        { label: 'r2', registeredAt: 4_000, servedAt: null, rolledBackAt: 5_000 },
      ],
    });
  });
});

describe('what is on record', () => {
  it.each(['specs', 'evidence', 'releases'])(
    'of %s is empty at first, and only for its teams',
    async (what) => {
      const { api } = await told();
      expect((await api.get(`${AT}/${what}`)).body).toMatchObject({ items: [] });
      expect((await api.get(`${AT}/${what}`, { as: 'zoya' })).status).toBe(200);
      expect((await api.get(`${AT}/${what}`, { as: 'hari' })).problem.code).toBe('not-found');
      expect((await api.get(`${AT}/${what}?colour=red`)).problem.reasons).toMatchObject([{ fact: 'colour' }]);
      expect((await api.get(`/v1/lifecycles/other/${what}`)).problem.code).toBe('not-found');
    },
  );
});
