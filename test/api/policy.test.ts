import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { Json } from '../../src/domain/json.js';
import { GOVERNED, type RunningApi, runningApi } from './running-api.js';

const STANDARD = readFileSync('operating-models/standard.yaml', 'utf8');

/** The next version: medium use cases need a bias test, and whatever else is said. */
const next = (more = '', version = 2) => `extends: standard.yaml
name: standard
version: ${version}
${more}`;
const HIGH_NEEDS_MORE = `rules:
  governed:
    high:
      evidence:
        - {kind: eval, before: readiness, maxAge: 90d}
        - {kind: bias-test, before: readiness}
`;
const proposal = (text: string): Json => ({
  text,
  beside: { 'standard.yaml': STANDARD },
  reason: 'The regulator asks.',
});

const AT = '/v1/operating-models/standard/2';

/** How somebody's words were filed: what is brought to no proposal opens to whoever writes down its digest. */
function filingOf({ documents }: RunningApi, text: string) {
  const said = [...documents.stored.values()].map(({ document, filing }) => ({ document, filing }));
  return said.find(({ document }) => JSON.stringify(document) === JSON.stringify({ text }))?.filing;
}

async function proposed(api: RunningApi, text = next(HIGH_NEEDS_MORE)) {
  const answer = await api.post('/v1/operating-models', proposal(text), { as: 'uma' });
  expect(answer.status).toBe(201);
  return answer;
}

async function deciding(api: RunningApi) {
  await proposed(api);
  const { status, body } = await api.post(`${AT}/dry-run`, {}, { as: 'uma' });
  expect(status).toBe(200);
  return body;
}

async function approve(api: RunningApi, as: string) {
  const { body } = await api.get(AT, { as });
  const { generation = 0, subject = '' } = body.gate ?? {};
  return api.post(`${AT}/decide`, { generation, subject, decision: 'approve' }, { as });
}

async function published(api: RunningApi): Promise<void> {
  await deciding(api);
  expect((await approve(api, 'indra')).status).toBe(200);
  expect((await approve(api, 'yash')).status).toBe(200);
  const { status, body } = await api.post(`${AT}/publish`, {}, { as: 'uma' });
  expect([status, body.proposal?.status]).toEqual([200, 'published']);
}

describe('to propose', () => {
  it('takes a text as the files are taken, with whoever proposes it among its editors', async () => {
    const api = await runningApi();
    const { body, headers } = await proposed(api);
    expect(headers.get('location')).toBe(AT);
    expect(body.proposal).toMatchObject({
      name: 'standard',
      version: 2,
      status: 'proposed',
      proposer: 'uma',
      editors: ['uma'],
      replaces: { version: 1 },
      gate: null,
    });
    expect(api.documents.stored.get(body.proposal.digest)?.document).toMatchObject({ editors: ['uma'] });
    expect(filingOf(api, 'The regulator asks.')).toEqual({ subject: 'uma', lifecycle: 'policy/standard/2' });
    const { body: list } = await api.get('/v1/operating-models');
    expect(list.proposals).toMatchObject([{ name: 'standard', version: 2, proposer: 'uma' }]);
  });

  it.each<[string, string, string, RegExp]>([
    ['a text that is no model', 'name: standard', 'invalid-body', /proposal\.yaml:1/],
    ['a text with a mistake', next('promotion: {seats: [nobody]}'), 'invalid-body', /promotion\.seats/],
    ['a file that is not beside it', 'extends: other.yaml', 'invalid-body', /other\.yaml/],
    ['a version that is published', next('', 1), 'no-such-version', /version 1/],
    [
      'a gate without risk',
      next('policyChange: {gate: {seats: [governance]}}'),
      'invalid-body',
      /seat for risk/,
    ],
    ['a gate that holds', next('policyChange: {gate: {timeout: hold}}'), 'invalid-body', /must be return/],
    [
      'a gate of a right',
      next('policyChange: {gate: {seats: [governance, risk, changeApprover]}}'),
      'invalid-body',
      /right/,
    ],
  ])('%s is refused', async (_, text, code, detail) => {
    const api = await runningApi();
    const { problem } = await api.post('/v1/operating-models', proposal(text), { as: 'uma' });
    expect(problem).toMatchObject({ code, detail: expect.stringMatching(detail) });
  });

  it('is for policy editors', async () => {
    const api = await runningApi();
    const { problem } = await api.post('/v1/operating-models', proposal(next()), { as: 'indra' });
    expect(problem).toMatchObject({ status: 403, code: 'not-permitted' });
  });

  it('a version is proposed once, the same request as often as it is sent', async () => {
    const api = await runningApi();
    const headers = { 'idempotency-key': 'k' };
    const first = await api.post('/v1/operating-models', proposal(next()), { as: 'uma', headers });
    const again = await api.post('/v1/operating-models', proposal(next()), { as: 'uma', headers });
    expect([first.status, again.status]).toEqual([201, 201]);
    const other = await api.post('/v1/operating-models', proposal(next()), { as: 'uma' });
    expect(other.problem.code).toBe('exists');
  });

  it('is refused where nobody besides its editors could decide, naming the seat', async () => {
    const api = await runningApi();
    const text = next('editors: [yash, farah]');
    const { problem } = await api.post('/v1/operating-models', proposal(text), { as: 'uma' });
    expect(problem).toMatchObject({ code: 'unstaffed', reasons: [{ fact: 'risk' }] });
  });
});

describe('where no team decides on operating models', () => {
  it('nothing is proposed, and it is said what to set', async () => {
    const api = await runningApi({ policyTeam: 'nobodys' });
    const { problem } = await api.post('/v1/operating-models', proposal(next()), { as: 'uma' });
    expect(problem).toMatchObject({
      code: 'unknown-team',
      detail: expect.stringContaining('AIRWORTHY_POLICY_TEAM'),
    });
  });
});

describe('a dry run', () => {
  it('lists every open lifecycle that would be otherwise, in words and as data, and opens the gate', async () => {
    const api = await runningApi();
    await api.post('/v1/lifecycles', GOVERNED, { as: 'ravi' });
    const { report, proposal: shown } = await deciding(api);
    expect(report).toMatchObject({
      lifecycles: 1,
      unseen: [],
      affected: [{ key: GOVERNED.key, version: 1 }],
    });
    expect(report.affected[0]?.differences).toContainEqual(
      expect.objectContaining({
        kind: 'evidence',
        evidence: 'bias-test',
        place: 'readiness',
        code: 'evidence-missing',
      }),
    );
    for (const { message } of report.affected[0]?.differences ?? []) expect(message).toMatch(/\w+ \w+/);
    expect(shown).toMatchObject({
      status: 'deciding',
      gate: { generation: 1 },
      dryRun: { affected: 1, lifecycles: 1 },
    });
    const kept = await api.get(`${AT}/dry-run`, { as: 'indra' });
    expect(kept.body).toEqual(report);
    // It names lifecycles of every team: whoever writes its digest into one of their own is not to read it there.
    const { filing } = api.documents.stored.get(shown.dryRun?.report ?? '') ?? {};
    expect(filing?.lifecycle).toBe('policy/standard/2');
  });

  it('of a text that nobody proposed changes nothing', async () => {
    const api = await runningApi();
    const { body } = await api.post(
      `${AT}/dry-run`,
      { text: next(), beside: { 'standard.yaml': STANDARD } },
      { as: 'uma' },
    );
    expect(body).toMatchObject({ report: { affected: [] }, proposal: null });
    expect((await api.get(AT, { as: 'uma' })).status).toBe(404);
    const other = await api.post(
      '/v1/operating-models/standard/3/dry-run',
      { text: next(), beside: { 'standard.yaml': STANDARD } },
      { as: 'uma' },
    );
    expect(other.problem).toMatchObject({ code: 'invalid-body', reasons: [{ pointer: '/text' }] });
  });

  it('run again says the same: nothing is asked again; with other effects everything is', async () => {
    const api = await runningApi();
    await deciding(api);
    await approve(api, 'indra');
    const same = await api.post(`${AT}/dry-run`, {}, { as: 'uma' });
    expect(same.body.proposal.gate).toMatchObject({ generation: 1, decisions: [{ person: 'indra' }] });
    await api.post('/v1/lifecycles', GOVERNED, { as: 'ravi' });
    const other = await api.post(`${AT}/dry-run`, {}, { as: 'uma' });
    expect(other.body.proposal.gate).toMatchObject({ generation: 2, decisions: [], reaffirm: ['indra'] });
  });
});

describe('the gate', () => {
  it('is passed by governance and risk, and then the version can be published', async () => {
    const api = await runningApi();
    await published(api);
    const { body } = await api.get('/v1/operating-models');
    expect(body.proposals).toEqual([]);
    const types = api.ledger
      .chain(null)
      .map(({ type }) => type)
      .filter((type) => type.startsWith('OperatingModel'));
    expect(types).toEqual(['OperatingModelProposed', 'OperatingModelPublished']);
  });

  it.each([
    ['whoever proposed it', 'uma', 'excluded'],
    ['somebody of neither function', 'ravi', 'not-permitted'],
    ['governance of another team', 'gita', 'not-permitted'],
  ])('not by %s', async (_, as, code) => {
    const api = await runningApi();
    await deciding(api);
    expect((await approve(api, as)).problem.code).toBe(code);
  });

  it('not twice by one person, not on what has changed, not before there is a dry run', async () => {
    const api = await runningApi();
    await proposed(api);
    const early = { generation: 1, subject: `sha256:${'0'.repeat(64)}`, decision: 'approve' };
    expect((await api.post(`${AT}/decide`, early, { as: 'indra' })).problem.code).toBe('gate-closed');
    await api.post(`${AT}/dry-run`, {}, { as: 'uma' });
    expect((await api.post(`${AT}/decide`, early, { as: 'indra' })).problem.code).toBe('stale-subject');
    await approve(api, 'indra');
    expect((await approve(api, 'indra')).problem.code).toBe('already-decided');
    expect((await approve(api, 'lata')).problem.code).toBe('no-open-seat');
    expect((await api.post(`${AT}/publish`, {}, { as: 'uma' })).problem.code).toBe('gate-closed');
  });

  it('asks the directory once more at the moment of publishing', async () => {
    const api = await runningApi();
    await deciding(api);
    await approve(api, 'indra');
    await approve(api, 'yash');
    api.inProcessPolicies.unfit.add('yash');
    const { body } = await api.post(`${AT}/publish`, {}, { as: 'uma' });
    expect(body.proposal).toMatchObject({ status: 'deciding', gate: { generation: 2, decisions: [] } });
  });

  it('a rejection, a withdrawal: the version is spent', async () => {
    const api = await runningApi();
    await deciding(api);
    const { body } = await api.get(AT, { as: 'yash' });
    const { generation = 0, subject = '' } = body.gate ?? {};
    const silent = { generation, subject, decision: 'reject' };
    expect((await api.post(`${AT}/decide`, silent, { as: 'yash' })).problem.code).toBe('incomplete');
    const { body: after } = await api.post(`${AT}/decide`, { ...silent, comment: 'No.' }, { as: 'yash' });
    expect(after.proposal.status).toBe('rejected');
    expect(filingOf(api, 'No.')).toEqual({ subject: 'yash', lifecycle: 'policy/standard/2' });
    const again = await api.post('/v1/operating-models', proposal(next()), { as: 'uma' });
    expect(again.problem.code).toBe('exists');
    expect((await api.post(`${AT}/withdraw`, { reason: 'late' }, { as: 'uma' })).problem.code).toBe('closed');
    const third = await api.post('/v1/operating-models', proposal(next('', 3)), { as: 'uma' });
    expect(third.status).toBe(201);
  });
});
