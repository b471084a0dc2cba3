import { describe, expect, it } from 'vitest';
import { promptfooFile } from '../contracts/evidence-import/promptfoo-file.js';
import { registerRelease, startImplementation, TAX } from './in-implementation.js';
import { type Asked, runningApi } from './running-api.js';

const ADD = `/v1/lifecycles/${TAX}/add-evidence`;
const METRICS = { n: 12_000, metrics: { tone: 0.96, 'false-commitment': 0.0006 } };

async function building() {
  const api = await runningApi();
  await startImplementation(api);
  await registerRelease(api, 'a');
  const later = { ...METRICS, collectedAt: new Date().toISOString() };
  const send = (query: string, file: unknown = later, asked: Asked = {}) =>
    api.send('POST', `${ADD}?${query}`, undefined, { as: 'ci', raw: JSON.stringify(file), ...asked });
  const evidence = () => api.lifecycles.entity(TAX).state.evidence;
  return { api, send, evidence, later };
}

describe('a file of results', () => {
  it('is kept as it is, judged, and speaks about the release that is named', async () => {
    const { api, send, evidence, later } = await building();
    const { status, body } = await send('format=metrics&kind=eval&release=r1');
    expect(status).toBe(200);
    const [added] = evidence();
    const { spec, release } = body.lifecycle.delivery ?? {};
    expect(added).toMatchObject({ kind: 'eval', producer: 'ci', about: [spec?.digest, release?.digest] });
    expect(added?.verdicts.map(({ clause, met }) => [clause, met])).toEqual([
      ['c1', true],
      ['c2', true],
    ]);
    expect(await api.documents.get(added?.digest ?? '')).toEqual({
      mediaType: 'application/json',
      content: later,
    });
  });

  it('is the same command as the body that says it all', async () => {
    const { api, send, later } = await building();
    const headers = { 'idempotency-key': 'run-7' };
    const first = await send('format=metrics&kind=eval&release=r1&rename=tone=warmth', later, { headers });
    const body = {
      kind: 'eval',
      format: 'metrics',
      release: 'r1',
      rename: { tone: 'warmth' },
      content: later,
    };
    const again = await api.post(ADD, body, { as: 'ci', headers });
    expect([first.body.replayed, again.status, again.body.replayed]).toEqual([false, 200, true]);
    const other = await send('format=metrics&kind=eval&release=r1', later, { headers });
    expect(other.problem.code).toBe('idempotency-key-reused');
  });

  it('of promptfoo counts by the clauses of the spec, under the names that the spec uses', async () => {
    const { send, evidence } = await building();
    const rows = Array.from({ length: 40 }, (_, n) => ({
      metric: 'Warm',
      score: n < 2 ? 0 : 1,
      pass: n >= 2,
    }));
    const file = promptfooFile(rows, new Date().toISOString());
    const { status } = await send('format=promptfoo&kind=eval&release=r1&rename=Warm=tone', file);
    expect(status).toBe(200);
    const [, tone] = evidence()[0]?.verdicts ?? [];
    expect(tone).toEqual({
      clause: 'c2',
      met: true,
      measured: { result: 'tone', value: 0.95, n: 40, op: '>=', limit: 0.95, minimum: 0 },
    });
  });

  it('says when it was collected, unless only the address can', async () => {
    const { send, evidence, later } = await building();
    const at = later.collectedAt;
    const both = await send(`format=metrics&kind=eval&release=r1&collectedAt=${at}`);
    expect(both.problem.reasons[0]).toMatchObject({ pointer: '/collectedAt', code: 'invalid-body' });
    const neither = await send('format=metrics&kind=eval&release=r1', METRICS);
    expect(neither.problem.detail).toMatch(/the file does not say it either/);
    expect((await send(`format=metrics&kind=eval&release=r1&collectedAt=${at}`, METRICS)).status).toBe(200);
    expect(evidence()[0]?.collectedAt).toBe(Date.parse(at));
  });

  const old = new Date(Date.now() - 3_600_000).toISOString();
  const stale = new Date(Date.now() - 400 * 86_400_000).toISOString();
  it.each([
    [
      'older than the thresholds',
      'kind=eval&release=r1',
      { ...METRICS, collectedAt: old },
      'evidence-before-thresholds',
    ],
    ['stale', 'kind=vendor-review&release=r1', { ...METRICS, collectedAt: stale }, 'evidence-stale'],
    ['about another release', 'kind=eval&release=r2', undefined, 'evidence-about-another-release'],
    ['about another spec', 'kind=eval&spec=2', undefined, 'evidence-about-another-release'],
    [
      'about an unknown digest',
      `kind=eval&about=sha256:${'0'.repeat(64)}`,
      undefined,
      'evidence-about-another-release',
    ],
    ['somebody else’s', 'kind=eval&release=r1&producer=lab', undefined, 'not-permitted', 'hari'],
  ])('is refused where it is %s, on record', async (_what, query, file, code, as = 'ci') => {
    const { send, evidence } = await building();
    const { problem } = await send(`format=metrics&${query}`, file, { as });
    expect(problem).toMatchObject({ code, recorded: true });
    expect(evidence()).toEqual([]);
  });

  it.each([
    ['of another form', 'kind=eval&release=r1', { f1: 'good' }, 'invalid-body'],
    ['about nothing', 'kind=eval', undefined, 'invalid-body'],
    ['by a field nobody knows', 'kind=eval&release=r1&relaese=r2', undefined, 'invalid-body'],
    ['renamed by no equation', 'kind=eval&release=r1&rename=tone', undefined, 'invalid-body'],
    ['of no kind', 'release=r1', undefined, 'invalid-body'],
    ['too large', 'kind=eval&release=r1', { pad: 'x'.repeat(1_048_577) }, 'too-large'],
    ['larger than is read', 'kind=eval&release=r1', { pad: 'x'.repeat(1_200_000) }, 'too-large'],
  ])('is refused where it is %s, and nothing is kept', async (_what, query, file, code) => {
    const { api, send, evidence } = await building();
    const before = api.documents.stored.size;
    const { problem } = await send(`format=metrics&${query}`, file);
    expect(problem.code).toBe(code);
    expect([evidence(), api.documents.stored.size]).toEqual([[], before]);
  });

  it('is refused where it is no JSON, with what the parser says', async () => {
    const { send, evidence } = await building();
    const { problem } = await send('format=metrics&kind=eval&release=r1', undefined, { raw: '{"f1": NaN}' });
    expect(problem).toMatchObject({ status: 400, code: 'malformed-json' });
    expect(evidence()).toEqual([]);
  });

  it('fails the review that it arrives in, as results in a body do', async () => {
    const { api, send, later } = await building();
    await send('format=metrics&kind=eval&release=r1');
    const review = await send('format=metrics&kind=vendor-review&release=r1');
    expect(review.status).toBe(200);
    await api.post(`/v1/lifecycles/${TAX}/submit-for-review`, {}, { as: 'hari' });
    const bad = { ...later, metrics: { tone: 0.5, 'false-commitment': 0.0006 } };
    const { body } = await send('format=metrics&kind=eval&release=r1', bad);
    expect(body.lifecycle.stage).toBe('implementation');
    expect(body.lifecycle.delivery?.missing.map(({ message }) => message)).toContain(
      'evidence eval (e1) does not meet c2 (tone is 0.5, wanted at least 0.95)',
    );
  });

  it('is described with what its address takes', async () => {
    const { api } = await building();
    const { text } = await api.get('/openapi.json');
    const { post } = JSON.parse(text).paths['/v1/lifecycles/{key}/add-evidence'];
    const taken = post.parameters.filter((each: { in: string }) => each.in === 'query');
    expect(taken.map(({ name }: { name: string }) => name)).toEqual([
      ...['format', 'kind', 'release', 'spec', 'about', 'producer', 'collectedAt', 'rename'],
    ]);
    const described = taken.filter(({ schema }: { schema: object }) => 'description' in schema);
    expect(described).toHaveLength(taken.length);
  });
});
