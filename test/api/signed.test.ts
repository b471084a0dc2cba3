import { createPublicKey, verify } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { createModelFolder } from '../../src/adapters/model-folder.js';
import { createPeopleFile } from '../../src/adapters/people-file.js';
import type { ApiDeps } from '../../src/api/deps.js';
import { decisionsPage } from '../../src/api/records/decisions.js';
import type { DecisionItem } from '../../src/contracts/decisions.js';
import { parseEnvelope } from '../../src/contracts/envelope.js';
import { keyIdOf } from '../../src/contracts/proof/dsse.js';
import type { GateRule, OperatingModel } from '../../src/domain/policy.js';
import { createDevAuthenticator } from '../../src/identity/dev-tokens.js';
import { SigningUnavailable } from '../../src/ports/signer.js';
import { publicHex } from '../../src/signing/certify.js';
import { Authority } from '../support/signing.js';
import { PILOT, type RunningApi, runningApi } from './running-api.js';
import { checkedByOthers } from './standard-dsse.js';

const authority = new Authority();
const people = createPeopleFile('examples/people.yaml');
const AT = '/v1/lifecycles/meeting-notes';

const signedApi = (overrides: Partial<ApiDeps> = {}) =>
  runningApi({ trust: 'signed', signer: authority.signer(), ...overrides });

/** The partner's answer to the start gate as it is now. */
async function answer(api: RunningApi) {
  const [gate] = (await api.get(AT)).body.gates;
  if (gate === undefined) throw new Error('no gate is open');
  return { gate: gate.gate, generation: gate.generation, subject: gate.subject, decision: 'approve' };
}
const entity = (api: RunningApi) => api.lifecycles.entity('meeting-notes');

/** What the outbox holds goes to the ledger, as the lifecycle's own run would see to. */
async function drain(api: RunningApi): Promise<void> {
  await api.ledger.append(entity(api).outbox.batch());
}

describe('under trust signed', () => {
  it('what the API sends is believed, from the start on', async () => {
    const api = await signedApi();
    expect((await api.post('/v1/lifecycles', PILOT)).status).toBe(201);
    const { status, body } = await api.post(`${AT}/decide`, await answer(api), { as: 'priya' });
    expect([status, body.events.length > 0]).toEqual([200, true]);
    const proven = entity(api).outbox.entries.filter(({ proof }) => proof !== undefined);
    expect(proven.map(({ event, command }) => [event.type, command])).toEqual([
      ['LifecycleStarted', 'start'],
      ['DecisionRecorded', 'decide'],
    ]);
    expect(entity(api).state.gates['start']).toMatchObject({
      status: 'confirming',
      decisions: [{ verified: true }],
    });
  });

  it('asks for the rules anew where they have changed since', async () => {
    const api = await signedApi();
    await api.post('/v1/lifecycles', PILOT);
    const comment = { gate: 'start', comment: 'small' };
    await api.post(`${AT}/comment`, comment);
    const { state } = entity(api);
    Object.assign(state, { model: { ...state.model, digest: `sha256:${'9'.repeat(64)}` } });
    expect((await api.post(`${AT}/comment`, { ...comment, comment: 'very' })).status).toBe(200);
  });

  it('without a certified key nothing is sent, and the caller is told to wait', async () => {
    const none = async (): Promise<never> => {
      throw new SigningUnavailable('no key is certified');
    };
    const api = await signedApi({ signer: { ...authority.signer(), key: none } });
    const { problem, headers } = await api.post('/v1/lifecycles', PILOT);
    expect(problem).toMatchObject({ status: 503, code: 'signing-unavailable' });
    expect(headers.get('retry-after')).toBe('5');
    expect(JSON.stringify(problem)).not.toContain('certified');
    expect(api.lines.join()).toContain('no key is certified');
  });

  it('a key that no root certified is believed by nobody, which is not the caller’s fault', async () => {
    const api = await signedApi({
      signer: { ...new Authority().signer(), roots: async () => authority.trust },
    });
    await api.post('/v1/lifecycles', PILOT);
    const { problem } = await api.post(`${AT}/decide`, await answer(api), { as: 'priya' });
    expect(problem).toMatchObject({ status: 503, code: 'unverified' });
    expect(problem.detail).toContain('a root key that this lifecycle does not know');
  });
});

describe('POST /v1/envelopes', () => {
  const stop = {
    lifecycle: 'meeting-notes',
    command: 'stop-ship',
    body: { scope: 'serving', reason: 'stop it' },
  };

  it('gives what a lifecycle believes when it is sent as a signal, once', async () => {
    const api = await signedApi();
    await api.post('/v1/lifecycles', PILOT);
    const { status, body, headers } = await api.post('/v1/envelopes', stop, { as: 'kavya' });
    expect(status).toBe(200);
    expect(headers.get('cache-control')).toBe('no-store');
    const given = body as unknown as {
      workflowId: string;
      signal: string;
      argument: object;
      expires: string;
    };
    expect(given).toMatchObject({ workflowId: 'lifecycle/meeting-notes', signal: 'stop-ship' });
    expect(Date.parse(given.expires) - Date.now()).toBeGreaterThan(22 * 3_600_000);
    const read = parseEnvelope('stop-ship', given.argument);
    if (!read.ok) throw new Error(JSON.stringify(read.problems));
    const later = Date.now() + 20 * 3_600_000;
    expect(entity(api).command('stop-ship', read.envelope, later)).toMatchObject({ replayed: false });
    expect(entity(api).command('stop-ship', read.envelope, later)).toMatchObject({ replayed: true });
    expect(entity(api).state.holds).toMatchObject([{ source: 'stop-ship', by: 'kavya', verified: true }]);
  });

  it('is under the rules as they are now, whatever they were when something was sent last', async () => {
    const api = await signedApi();
    await api.post('/v1/lifecycles', PILOT);
    await api.post(`${AT}/comment`, { gate: 'start', comment: 'small' });
    const { state } = entity(api);
    Object.assign(state, { model: { ...state.model, digest: `sha256:${'9'.repeat(64)}` } });
    const asked = { lifecycle: 'meeting-notes', command: 'decide', body: await answer(api) };
    const { body } = await api.post('/v1/envelopes', asked, { as: 'priya' });
    expect(body).toMatchObject({ argument: { proof: { policy: state.model.digest } } });
  });

  it('asks for no proof under trust dev, and gives none', async () => {
    const api = await runningApi();
    await api.post('/v1/lifecycles', PILOT);
    const { body } = await api.post('/v1/envelopes', stop, { as: 'kavya' });
    expect(body).toMatchObject({ signal: 'stop-ship', expires: null });
    expect((body as unknown as { argument: object }).argument).not.toHaveProperty('proof');
  });

  it('is the command itself: sent as both, it is done once', async () => {
    const api = await signedApi();
    await api.post('/v1/lifecycles', PILOT);
    const asked = { as: 'kavya', headers: { 'idempotency-key': 'runbook-7' } };
    const { body } = await api.post('/v1/envelopes', stop, asked);
    const read = parseEnvelope('stop-ship', (body as unknown as { argument: object }).argument);
    if (!read.ok) throw new Error(JSON.stringify(read.problems));
    entity(api).command('stop-ship', read.envelope, Date.now());
    expect((await api.post(`${AT}/stop-ship`, stop.body, asked)).body.replayed).toBe(true);
  });

  it.each([
    ['a lifecycle of others', { ...stop, lifecycle: 'meeting-notes' }, 'hari', 404, 'not-found'],
    ['a lifecycle that is none', { ...stop, lifecycle: 'nothing' }, 'kavya', 404, 'not-found'],
    ['a command that is no signal', { ...stop, command: 'park' }, 'kavya', 422, 'invalid-body'],
    [
      'a body that the command would not take',
      { ...stop, body: { scope: 'all' } },
      'kavya',
      422,
      'invalid-body',
    ],
    ['nobody', stop, null, 401, 'unauthenticated'],
  ])('gives none for %s', async (_what, asked, as, status, code) => {
    const api = await signedApi();
    await api.post('/v1/lifecycles', PILOT);
    expect((await api.post('/v1/envelopes', asked, { as })).problem).toMatchObject({ status, code });
  });
});

describe('decisions', () => {
  async function decided(): Promise<{ api: RunningApi; item: DecisionItem }> {
    const api = await signedApi();
    await api.post('/v1/lifecycles', PILOT);
    await api.post(`${AT}/decide`, await answer(api), { as: 'priya' });
    await drain(api);
    const [item] = (await api.get(`${AT}/decisions`)).body.items as unknown as DecisionItem[];
    if (item === undefined) throw new Error('there is no decision');
    return { api, item };
  }
  const key = publicHex(authority.key);
  const root = publicHex(authority.root);

  it('are in-toto statements that a standard tool checks, with the chain of keys behind them', async () => {
    const { item } = await decided();
    expect(item).toMatchObject({ gate: 'start', person: 'priya', decision: 'approve' });
    if (item.envelope === null || item.certificate === null) throw new Error('it is not proven');
    expect(await checkedByOthers(item.envelope, keyIdOf(key), key)).toMatchObject({
      _type: 'https://in-toto.io/Statement/v1',
      subject: [
        { name: 'meeting-notes/start/1', digest: { sha256: expect.stringMatching(/^[0-9a-f]{64}$/) } },
      ],
      predicateType: 'urn:airworthy:command:1',
      predicate: { command: 'decide', actor: { person: 'priya' }, answer: { decision: 'approve' } },
    });
    expect(await checkedByOthers(item.certificate, keyIdOf(root), root)).toMatchObject({ key });
    const [signature] = item.envelope.signatures;
    const { payload, payloadType } = item.envelope;
    const body = Buffer.from(payload, 'base64');
    const bytes = Buffer.concat([
      Buffer.from(`DSSEv1 ${payloadType.length} ${payloadType} ${body.length} `),
      body,
    ]);
    const publicKey = createPublicKey(authority.key);
    expect(verify(null, bytes, publicKey, Buffer.from(signature?.sig ?? '', 'base64'))).toBe(true);
  });

  it('that were changed, or signed by somebody else, are found out by it', async () => {
    const { item } = await decided();
    const envelope = item.envelope ?? expect.fail('it is not proven');
    const text = Buffer.from(envelope.payload, 'base64').toString().replace('"approve"', '"reject"');
    const changed = { ...envelope, payload: Buffer.from(text).toString('base64') };
    expect(await checkedByOthers(changed, keyIdOf(key), key)).toBeUndefined();
    expect(await checkedByOthers(envelope, keyIdOf(key), root)).toBeUndefined();
  });

  it('that a worker wrote without a proof, or with that of another decision, are told from the others', async () => {
    const { api } = await decided();
    const [real] = api.ledger.chain('meeting-notes').filter(({ type }) => type === 'DecisionRecorded');
    if (real === undefined) throw new Error('there is no decision');
    const { decision, proof } = real.data as { decision: object; proof: object };
    const forged = [
      { gate: 'start', decision },
      { gate: 'readiness', decision, proof },
      { gate: 'start', decision: { ...decision, person: 'suresh' }, proof },
      { gate: 'start', decision: { ...decision, decision: 'reject' }, proof },
      { gate: 'start', decision, proof: { ...proof, signature: '0'.repeat(128) } },
      { gate: 'start', decision, proof: { ...proof, statement: { predicate: null } } },
    ];
    const { position: _position, hash: _hash, ...entry } = real;
    const last = entity(api).state.seq;
    await api.ledger.append([
      ...forged.map((data, n) => ({
        ...entry,
        id: `lifecycle/meeting-notes/${last + n + 1}`,
        seq: last + n + 1,
        data,
      })),
      { ...entry, id: `lifecycle/meeting-notes/${last + 7}`, seq: last + 7, command: 'lift-hold' },
      { ...entry, id: `lifecycle/meeting-notes/${last + 8}`, seq: last + 8, at: entry.at + 600_000 },
    ] as never);
    const { items } = (await api.get(`${AT}/decisions`)).body as unknown as { items: DecisionItem[] };
    const another = 'another-statement';
    expect(items.map(({ doubt }) => doubt)).toEqual([
      ...[null, 'unsigned', another, another, another, another, 'unsigned', another, 'expired'],
    ]);
  });

  it('stay proven once their root key holds no longer, as long as it is on file', async () => {
    const { api } = await decided();
    const next = new Authority();
    const doubtUnder = async (known: readonly string[]) => {
      const signer = { ...next.signer(), knownRoots: async () => known };
      const { items } = await decisionsPage({ readModel: api.readModel, signer }, 'meeting-notes', 0, 10);
      return items.map(({ doubt }) => doubt);
    };
    expect(await doubtUnder([...next.trust.roots, root])).toEqual([null]);
    expect(await doubtUnder(next.trust.roots)).toEqual(['unknown-root']);
  });

  it('are for whoever may read the lifecycle, and say where nothing proves them', async () => {
    const { api } = await decided();
    expect((await api.get(`${AT}/decisions`, { as: 'zoya' })).status).toBe(200);
    expect((await api.get(`${AT}/decisions`, { as: 'hari' })).status).toBe(404);
    const dev = await runningApi();
    await dev.post('/v1/lifecycles', PILOT);
    await dev.post(`${AT}/decide`, await answer(dev), { as: 'priya' });
    await drain(dev);
    const { items } = (await dev.get(`${AT}/decisions?limit=1`)).body;
    expect(items).toMatchObject([{ person: 'priya', doubt: 'unsigned', envelope: null, certificate: null }]);
  });
});

describe('a gate that asks for a recent and strong sign-in', () => {
  const folder = createModelFolder('operating-models');

  /** The shipped models, whose pilots ask for it at their start. */
  const asking = {
    all: async () => {
      const { models, unusable } = await folder.all();
      return { unusable, models: models.map((each) => ({ ...each, model: stricter(each.model) })) };
    },
  };
  function stricter(model: OperatingModel): OperatingModel {
    const ask = (rule: GateRule | undefined): { start?: GateRule } =>
      rule ? { start: { ...rule, reauthenticate: { maxAge: 300_000, acr: ['phr', 'phrh'] } } } : {};
    const pilot = Object.fromEntries(
      Object.entries(model.rules.pilot).map(([tier, rules]) => [
        tier,
        { ...rules, gates: { ...rules.gates, ...ask(rules.gates.start) } },
      ]),
    ) as OperatingModel['rules']['pilot'];
    return { ...model, rules: { ...model.rules, pilot } };
  }

  async function decide(authenticatedAt: number | null, acr: string | null) {
    const known = createDevAuthenticator(people);
    const authenticate = async (token: string) => {
      const principal = await known.authenticate(token);
      return principal && { ...principal, authenticatedAt, acr };
    };
    const api = await signedApi({ models: asking, authenticator: { authenticate } });
    await api.post('/v1/lifecycles', PILOT);
    return { api, answered: await api.post(`${AT}/decide`, await answer(api), { as: 'priya' }) };
  }

  it('lets pass who has signed in so', async () => {
    expect((await decide(Date.now() - 60_000, 'phr')).answered.status).toBe(200);
  });

  it.each([
    ['long ago', () => Date.now() - 600_000, 'phr'],
    ['by a password', () => Date.now(), 'pwd'],
    ['nobody knows when', () => null, null],
  ])('answers who has signed in %s with what to do, in the words of RFC 9470', async (_how, at, acr) => {
    const { api, answered } = await decide(at(), acr);
    const { problem, headers } = answered;
    expect(problem).toMatchObject({
      status: 401,
      code: 'reauthentication-required',
      reasons: [{ authentication: { maxAge: 300, acr: ['phr', 'phrh'] } }],
    });
    expect(headers.get('www-authenticate')).toBe(
      'Bearer error="insufficient_user_authentication", error_description="Sign in again as the gate asks", acr_values="phr phrh", max_age="300"',
    );
    expect((await api.get(AT)).body.gates[0]?.decisions).toEqual([]);
  });
});
