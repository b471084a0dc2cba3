import { describe, expect, it } from 'vitest';
import { digestOf } from '../../src/domain/digest.js';
import { fold } from '../../src/domain/lifecycle/fold.js';
import { modelOfStart, readStart } from '../../src/domain/lifecycle/start-input.js';
import { GOVERNED, PILOT, runningApi } from './running-api.js';

describe('starting a lifecycle', () => {
  it('answers 201 with the view, its address and its version', async () => {
    const api = await runningApi();
    const started = await api.post('/v1/lifecycles', GOVERNED);
    expect(started.status).toBe(201);
    expect(started.headers.get('location')).toBe('/v1/lifecycles/kyc-onboarding');
    expect(started.headers.get('etag')).toBe(`"${started.body.version}"`);
    expect(started.body).toMatchObject({ key: 'kyc-onboarding', stage: 'scoping', mode: 'governed' });
    expect(started.body.rights).toMatchObject({ technicalOwner: 'ravi', changeApprover: 'suresh' });
  });

  it('keeps brief and operating model as documents under their digests', async () => {
    const api = await runningApi();
    const { body } = await api.post('/v1/lifecycles', GOVERNED);
    const personal = [...api.documents.stored.values()].filter(({ filing }) => filing.subject !== undefined);
    expect(personal).toEqual([
      { document: GOVERNED.brief, filing: { subject: 'ravi', lifecycle: GOVERNED.key } },
    ]);
    expect(await api.documents.get(body.model.digest)).toMatchObject({ name: 'standard' });
  });

  it('keeps what it starts from, so that the ledger leads to its state without the engine', async () => {
    const api = await runningApi();
    const { body } = await api.post('/v1/lifecycles', PILOT);
    const { outbox, state } = api.lifecycles.entity('meeting-notes');
    const recorded = outbox.entries;
    const [first] = recorded;
    const start = first?.event.type === 'LifecycleStarted' ? first.event.start : '';
    const document = (await api.documents.get(start)) ?? null;
    const model = (await api.documents.get(modelOfStart(document))) ?? null;
    expect(fold(readStart(document, model), recorded)).toEqual(state);
    expect(state.seq).toBe(body.version);
  });

  it('takes a pilot by its light form, with its partner as owner', async () => {
    const api = await runningApi();
    const started = await api.post('/v1/lifecycles', PILOT);
    expect(started).toMatchObject({ status: 201, body: { key: 'meeting-notes' } });
    expect(started.body.rights).toMatchObject({ technicalOwner: 'ravi', businessOwner: 'priya' });
    expect(started.body.gates).toMatchObject([{ gate: 'start' }]);
    expect(await api.documents.get(digestOf(PILOT.cohort))).toEqual(PILOT.cohort);
  });

  it('refuses a key that is taken, unless it is the same request again', async () => {
    const api = await runningApi();
    const headers = { 'idempotency-key': 'start-1' };
    const first = await api.post('/v1/lifecycles', GOVERNED, { headers });
    const again = await api.post('/v1/lifecycles', GOVERNED, { headers });
    expect([first.status, again.status]).toEqual([201, 201]);
    expect(again.body.version).toBe(first.body.version);

    const other = await api.post('/v1/lifecycles', { ...GOVERNED, title: 'Another' }, { headers });
    expect([other.status, other.problem.code]).toEqual([422, 'idempotency-key-reused']);
    const stranger = await api.post('/v1/lifecycles', GOVERNED);
    expect([stranger.status, stranger.problem.code]).toEqual([409, 'exists']);
    const somebodyElse = await api.post('/v1/lifecycles', GOVERNED, { headers, as: 'asha' });
    expect([somebodyElse.status, somebodyElse.problem.code]).toEqual([409, 'exists']);
  });

  it('says it started where no worker shows it yet', async () => {
    const api = await runningApi();
    api.lifecycles.condition = 'no-worker';
    const started = await api.post('/v1/lifecycles', GOVERNED);
    expect(started.status).toBe(202);
    expect(started.body).toMatchObject({ accepted: true, lifecycle: 'kyc-onboarding' });
  });

  it.each([
    ['an unknown model', { operatingModel: 'homemade' }, 422, 'unknown-operating-model', '/operatingModel'],
    ['an unknown field', { surprise: 1 }, 422, 'invalid-body', '/surprise'],
    ['a key with capitals', { key: 'KYC' }, 422, 'invalid-body', '/key'],
    ['a fact the model does not ask', { facts: { weather: 'fine' } }, 422, 'invalid-body', '/facts/weather'],
    ['a brief of an empty text', { brief: { summary: '  ' } }, 422, 'invalid-body', '/brief/summary'],
  ])('refuses %s and starts nothing', async (_what, change, status, code, pointer) => {
    const api = await runningApi();
    const { problem } = await api.post('/v1/lifecycles', { ...GOVERNED, ...change });
    expect(problem).toMatchObject({ status, code, reasons: [{ pointer }] });
    expect((await api.get('/v1/lifecycles/kyc-onboarding')).status).toBe(404);
  });

  it('refuses a team whose gate nobody could pass, naming the seat, and records it', async () => {
    const api = await runningApi();
    const { problem } = await api.post('/v1/lifecycles', { ...PILOT, partner: 'rohan' });
    expect(problem).toMatchObject({ status: 422, code: 'unstaffed', recorded: true });
    expect(problem.reasons[0]?.message).toContain('rohan');
    // Of the service: there is no lifecycle yet, and if the key is another team's, it is none of theirs.
    expect(api.ledger.chain('meeting-notes')).toEqual([]);
    const { data, ...entry } = api.ledger.chain(null).at(-1) ?? { data: null };
    expect(entry).toMatchObject({ kind: 'refusal', type: 'unstaffed', by: 'ravi', command: 'start' });
    expect(data).toMatchObject({ action: 'start', key: 'meeting-notes' });
  });

  it('refuses somebody from outside the team, and the same for a team that is none', async () => {
    const api = await runningApi();
    const { problem } = await api.post('/v1/lifecycles', GOVERNED, { as: 'hari' });
    expect(problem).toMatchObject({ status: 403, code: 'not-permitted', recorded: true });
    const none = await api.post('/v1/lifecycles', { ...GOVERNED, team: 'nowhere' }, { as: 'hari' });
    const alike = (text: string) => text.replaceAll(/nowhere|broker-onboarding|"requestId":"[^"]*"/g, '');
    expect(alike(none.text)).toBe(alike(JSON.stringify(problem)));
  });

  it('refuses a model that shortens time where tokens prove who calls', async () => {
    const api = await runningApi({ trust: 'signed' });
    const { problem } = await api.post('/v1/lifecycles', { ...GOVERNED, operatingModel: 'demo' });
    expect(problem).toMatchObject({ status: 422, code: 'demo-model-refused' });
  });
});
