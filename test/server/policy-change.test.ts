/**
 * A new version of the rules, on a real server and a real database: proposed, run against what is open, decided,
 * published; and what that means for somebody who is in the middle of it.
 */
import { randomUUID } from 'node:crypto';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Worker } from '@temporalio/worker';
import type pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createModelFolder } from '../../src/adapters/model-folder.js';
import { createPublishedModels } from '../../src/adapters/published-models.js';
import { createTemporalPolicy } from '../../src/api/policy/temporal-policy.js';
import { createTemporalGateway } from '../../src/api/temporal-gateway.js';
import type { GateRule } from '../../src/domain/policy.js';
import type { ProposalView } from '../../src/domain/policy-change/view.js';
import { createOpenStates } from '../../src/ledger/policy/open-states.js';
import { createPublications } from '../../src/ledger/policy/publications.js';
import { createPool } from '../../src/ledger/pool.js';
import { createPostgresLedger } from '../../src/ledger/postgres-ledger.js';
import type { Signer } from '../../src/ports/signer.js';
import { nameRoots } from '../../src/signing/certify.js';
import {
  POLICY_WORKFLOW,
  policyId,
  policyUpdates,
  proposalQuery,
} from '../../src/workflows/messages/policy.js';
import { TASK_QUEUES, updateRootsSignal } from '../../src/workflows/messages.js';
import { type RunningApi, runningApi } from '../api/running-api.js';
import { shipped } from '../operating-models/shipped-models.js';
import { eventually } from '../support/eventually.js';
import { Journey } from '../support/journey.js';
import { digest } from '../support/lifecycle.js';
import { Authority } from '../support/signing.js';
import { devServer, unique, workflowBundle } from '../support/temporal.js';
import { World } from '../support/world.js';

let world: World;
let pool: pg.Pool;
let folder: string;
let standard: string;

beforeAll(async () => {
  world = await World.open(await devServer());
  pool = createPool(world.database.appUrl);
  folder = await mkdtemp(join(tmpdir(), 'airworthy-models-'));
  standard = await readFile('operating-models/standard.yaml', 'utf8');
});
afterAll(async () => {
  await world.close();
  await pool.end();
  await rm(folder, { recursive: true, force: true });
});

/** The API over the world's server and database, with a model of this test's own at version 7. */
async function withVersion7(signer?: Signer) {
  const name = unique('house');
  await writeFile(join(folder, 'standard.yaml'), standard);
  await writeFile(join(folder, `${name}.yaml`), `extends: standard.yaml\nname: ${name}\nversion: 7\n`);
  const { documents } = world;
  const publications = createPublications(pool, signer && (() => signer.knownRoots()));
  const api = await runningApi({
    gateway: createTemporalGateway(world.client),
    policyGateway: createTemporalPolicy(world.client),
    models: createPublishedModels(createModelFolder(folder), publications, documents),
    openStates: createOpenStates(pool, documents),
    ledger: createPostgresLedger(pool),
    publications,
    documents,
    ...(signer && { signer, trust: 'signed' as const }),
  });
  return { api, name, at: `/v1/operating-models/${name}/8`, publications };
}

const MEDIUM = {
  'eu-prohibited-practice': 'none',
  where: ['India-RBI'],
  'eu-high-risk-area': 'none',
  effect: 'none',
  autonomy: 'suggests',
  money: 'none',
  data: 'personal',
  activity: 'none',
  technique: 'rules',
  reliance: 'under-1-percent',
  reach: 'staff',
  supplier: 'own',
} as const;

async function start(api: RunningApi, operatingModel: string): Promise<Journey> {
  const key = unique('tax');
  const brief = { summary: 'Reminds of dates.', value: 'Fewer late payments.', users: 'Clients.' };
  const title = 'Tax-filing payment assistant';
  const body = {
    key,
    title,
    mode: 'governed',
    team: 'tax-filing',
    operatingModel,
    brief,
    rights: {},
    facts: MEDIUM,
  };
  const answer = await api.post('/v1/lifecycles', body, { as: 'hari' });
  expect([answer.status, answer.text]).toEqual([201, expect.anything()]);
  return new Journey(world, key, '');
}

/** Version 8: what is medium needs a bias test before its readiness gate. */
const version8 = (name: string) => `extends: standard.yaml
name: ${name}
version: 8
rules:
  governed:
    medium:
      evidence:
        - {kind: eval, before: readiness, maxAge: 90d}
        - {kind: bias-test, before: readiness, maxAge: 90d}
`;

async function decide(api: RunningApi, at: string, as: string): Promise<void> {
  // Right after a worker's death the engine may not answer the first time (docs/adr/0008).
  const { generation, subject } = await eventually(
    'its gate is shown',
    async () => (await api.get(at, { as })).body.gate ?? undefined,
  );
  const answer = await api.post(`${at}/decide`, { generation, subject, decision: 'approve' }, { as });
  expect([answer.status, answer.text]).toEqual([200, expect.anything()]);
}

/** The body of a proposal, which is no lifecycle's. */
const statusOf = async (api: RunningApi, at: string): Promise<string> =>
  (JSON.parse((await api.get(at, { as: 'uma' })).text) as ProposalView).status;

const historyLength = async (journey: Journey): Promise<number> =>
  (await journey.handle.describe()).historyLength;

describe('a lifecycle under version 7 while version 8 is published', () => {
  it('is unchanged; the dry run listed it; its migration asks for exactly the new evidence', {
    timeout: 60_000,
  }, async () => {
    const { api, name, at } = await withVersion7();
    const journey = await start(api, name);
    await journey.toReadiness();
    await journey.decide('leena', 'readiness');
    await journey.recorded();
    const before = await journey.view();
    const events = await historyLength(journey);

    const text = {
      text: version8(name),
      beside: { 'standard.yaml': standard },
      reason: 'Groups were treated unalike.',
    };
    expect((await api.post('/v1/operating-models', text, { as: 'uma' })).status).toBe(201);
    const { body: dry } = await api.post(`${at}/dry-run`, {}, { as: 'uma' });
    const listed = dry.report.affected.find(({ key }) => key === journey.key);
    expect(dry.report.unseen).toEqual([]);
    expect(listed?.differences.map(({ kind, evidence, person }) => [kind, evidence ?? person])).toEqual([
      ['evidence', 'bias-test'],
      ['decision', 'leena'],
      ['returned', undefined],
    ]);
    await decide(api, at, 'indra');
    await decide(api, at, 'yash');
    await eventually('it is approved', async () => (await statusOf(api, at)) === 'approved');
    const { body: done } = await api.post(`${at}/publish`, {}, { as: 'uma' });
    expect(done.proposal).toMatchObject({ status: 'published', approvedBy: ['indra', 'yash'] });

    expect(await journey.view()).toEqual(before);
    expect(await historyLength(journey)).toBe(events);
    const { body: models } = await api.get('/v1/operating-models');
    expect(models.items).toContainEqual(
      expect.objectContaining({ name, version: 8, publishedAt: expect.any(Number) }),
    );
    expect((await (await start(api, name)).view()).model.version).toBe(8);

    const move = await api.post(
      `/v1/lifecycles/${journey.key}/accept-migration`,
      { version: 8 },
      { as: 'hari' },
    );
    expect([move.status, move.text]).toEqual([200, expect.anything()]);
    await journey.decide('gita', 'two-key-1');
    const after = await journey.until('it is under version 8', ({ model }) => model.version === 8);
    expect(after).toMatchObject({ stage: 'implementation', gates: [], holds: [] });
    expect(after.delivery?.missing.map(({ code, fact }) => [code, fact])).toEqual([
      ['evidence-missing', 'bias-test'],
    ]);
    const said = (await journey.recorded()).map(({ type }) => type);
    expect(said).toEqual(
      expect.arrayContaining(['OperatingModelMoved', 'DecisionVoided', 'DeliveryReturned']),
    );

    const { spec, release } = after.delivery ?? {};
    await journey.send('add-evidence', 'ci', {
      kind: 'bias-test',
      digest: digest('bias'),
      producer: 'ci',
      independent: false,
      collectedAt: await world.now(),
      about: [spec?.digest ?? '', release?.digest ?? ''],
      results: {},
    });
    const { view } = await journey.send('submit-for-review', 'hari', {});
    expect(view.gates).toMatchObject([{ gate: 'readiness', generation: 2, decisions: [] }]);
  });

  it('tells those who decide, through a worker that was down, and the ledger says it all', {
    timeout: 60_000,
  }, async () => {
    const { api, name, at } = await withVersion7();
    const text = {
      text: version8(name),
      beside: { 'standard.yaml': standard },
      reason: 'Groups were treated unalike.',
    };
    await api.post('/v1/operating-models', text, { as: 'uma' });
    await api.post(`${at}/dry-run`, {}, { as: 'uma' });
    await eventually('they are told', async () => (await world.mailbox(policyId(name, 8))).length > 0);
    const [request] = await world.mailbox(policyId(name, 8));
    expect(request).toMatchObject({ kind: 'request', gate: 'policy' });
    await world.stopWorkers();
    await world.startWorkers();
    await decide(api, at, 'lata');
    await decide(api, at, 'farah');
    await eventually('it is approved', async () => (await statusOf(api, at)) === 'approved');
    await api.post(`${at}/publish`, {}, { as: 'lata' });
    const { rows } = await pool.query<{ type: string }>(
      `SELECT type FROM ledger.entry WHERE chain = 'service' AND id LIKE $1 AND type NOT LIKE '%Notice%' ORDER BY position`,
      [`${policyId(name, 8)}/%`],
    );
    expect(rows.map(({ type }) => type)).toEqual([
      'OperatingModelProposed',
      'PolicyDryRunAttached',
      'PolicyGateOpened',
      'PolicyDecisionRecorded',
      'PolicyDecisionRecorded',
      'PolicyGateConfirming',
      'PolicyGateClosed',
      'PolicyApproved',
      'PolicyPublishing',
      'OperatingModelPublished',
    ]);
    const history = await world.client.workflow.getHandle(policyId(name, 8)).fetchHistory();
    await Worker.runReplayHistory({ workflowBundle }, history, policyId(name, 8));
  });

  it('under trust signed is believed by its proofs, and one that went past the API is not', {
    timeout: 60_000,
  }, async () => {
    const [first, second] = [new Authority(), new Authority()];
    let current = first;
    const signer: Signer = {
      roots: async () => current.trust,
      knownRoots: async () => [...first.trust.roots, ...second.trust.roots],
      key: (now) => current.signer().key(now),
    };
    const { api, name, at, publications } = await withVersion7(signer);
    const text = {
      text: version8(name),
      beside: { 'standard.yaml': standard },
      reason: 'Groups were treated unalike.',
    };
    expect((await api.post('/v1/operating-models', text, { as: 'uma' })).status).toBe(201);
    await api.post(`${at}/dry-run`, {}, { as: 'uma' });
    const unsigned = world.client.workflow.getHandle(policyId(name, 8)).executeUpdate(policyUpdates.publish, {
      args: [forged({})],
    });
    await expect(unsigned).rejects.toMatchObject({ cause: { type: 'unverified' } });
    await decide(api, at, 'indra');
    // The root keys change while the gate is open.
    current = second;
    expect((await api.post(`${at}/publish`, {}, { as: 'uma' })).problem.code).toBe('unverified');
    const handle = world.client.workflow.getHandle(policyId(name, 8));
    await handle.signal(updateRootsSignal, nameRoots(second.root, second.trust.roots, 1));
    expect((await api.post(`${at}/publish`, {}, { as: 'uma' })).problem.code).toBe('unverified');
    await handle.signal(updateRootsSignal, nameRoots(first.root, second.trust.roots, 1));
    await decide(api, at, 'yash');
    await eventually('it is approved', async () => (await statusOf(api, at)) === 'approved');
    await api.post(`${at}/publish`, {}, { as: 'uma' });

    await publishPastTheApi(name, 9);
    expect((await publications.published()).map(({ version, proven }) => [version, proven])).toEqual(
      expect.arrayContaining([
        [8, true],
        [9, false],
      ]),
    );
    const { body } = await api.get('/v1/operating-models');
    expect(body.items.filter((item) => item.name === name)).toHaveLength(2);
    expect(JSON.stringify(body.unusable)).toContain(`${name} 9`);
  });

  it('its clock goes on over a worker that stops: reminded, escalated, and returned', {
    timeout: 60_000,
  }, async () => {
    const { input, handle } = await proposedPastTheApi(unique('house'), 2, {
      sla: { unit: 'bs', n: 6 },
      reminders: [50],
      escalation: { every: { unit: 'bs', n: 1 }, chain: ['lead'] },
    });
    const { gate } = await handle.query(proposalQuery);
    const { generation = 0, subject = '' } = gate ?? {};
    const payload = { gate: 'policy', generation, subject, decision: 'approve' } as const;
    await handle.executeUpdate(policyUpdates.decide, { args: [forged(payload)] });
    await world.stopWorkers();
    await world.startWorkers();
    await eventually('it is over', async () => (await handle.describe()).status.name === 'COMPLETED', 30_000);
    expect(await handle.query(proposalQuery)).toMatchObject({ status: 'returned', approvedBy: [] });
    const kinds = (await world.mailbox(policyId(input.name, 2))).map(({ kind }) => kind);
    expect(kinds).toEqual(expect.arrayContaining(['request', 'reminder', 'escalation']));
  });
});

const forged = <P>(
  payload: P,
  person = 'indra',
  functions: readonly ('governance' | 'risk')[] = ['governance'],
) => ({
  id: randomUUID().slice(0, 22),
  digest: 'd',
  actor: { person, functions, roles: [], teams: ['policy-office'], verified: false },
  payload,
});

/** Somebody with Temporal's own client starts a proposal that believes everybody, and puts it up for decision. */
async function proposedPastTheApi(name: string, version: number, gate: Partial<GateRule> = {}) {
  const { policyChange, calendars } = shipped('standard').model;
  const calendar = calendars.always;
  if (!calendar) throw new Error('no calendar');
  const rules = { ...policyChange, gate: { ...policyChange.gate, ...gate } };
  const members = [
    { person: 'indra', functions: ['governance'] },
    { person: 'yash', functions: ['risk'] },
  ] as const;
  const office = { id: 'policy-office', calendar: 'always', lead: 'lata', heads: {}, members };
  const wrote = { name, version, digest: digest('lax'), replaces: null, proposer: 'uma', editors: ['uma'] };
  const input = { ...wrote, reason: digest('why'), office, rights: { stopShipHolder: [] }, rules, calendar };
  const handle = await world.client.workflow.start(POLICY_WORKFLOW, {
    workflowId: policyId(name, version),
    taskQueue: TASK_QUEUES.workflows,
    args: [{ proposal: input, actor: forged({}).actor, trust: 'dev' }],
  });
  const nothing = {
    report: digest('report'),
    effects: digest('none'),
    lifecycles: 0,
    affected: 0,
    unseen: 0,
  };
  await handle.executeUpdate(policyUpdates['dry-run'], { args: [forged(nothing, 'uma')] });
  return { input, handle };
}

async function publishPastTheApi(name: string, version: number): Promise<void> {
  const { handle } = await proposedPastTheApi(name, version);
  const { gate } = await handle.query(proposalQuery);
  const { generation = 0, subject = '' } = gate ?? {};
  const payload = { gate: 'policy', generation, subject, decision: 'approve' } as const;
  await handle.executeUpdate(policyUpdates.decide, { args: [forged(payload)] });
  await handle.executeUpdate(policyUpdates.decide, { args: [forged(payload, 'yash', ['risk'])] });
  await eventually('it is approved', async () => (await handle.query(proposalQuery)).status === 'approved');
  await handle.executeUpdate(policyUpdates.publish, { args: [forged({})] });
}
