import { describe, expect, it } from 'vitest';
import type { LifecycleView } from '../../src/domain/lifecycle/view.js';
import { event } from '../ports/ledger-entries.js';
import { MemoryLedger } from './memory-ledger.js';
import { MemoryReadModel, rowOf } from './memory-read-model.js';
import { GOVERNED, runningApi } from './running-api.js';

const AT = '/v1/lifecycles/kyc-onboarding';
const AS_OF = 1_700_000_000_000;

/** A lifecycle that started, with the first of its events recorded, and how the ledger shows it. */
async function started() {
  const ledger = new MemoryLedger();
  const readModel = new MemoryReadModel(ledger);
  const api = await runningApi({ ledger, readModel });
  const { body } = await api.post('/v1/lifecycles', GOVERNED);
  await ledger.append([event('kyc-onboarding', 1)]);
  const project = () => {
    const { allowedCommands: _allowed, refused: _refused, ...view } = body as LifecycleView;
    readModel.add(rowOf('kyc-onboarding'), [], { view, asOf: AS_OF });
  };
  return { api, ledger, readModel, version: body.version, project };
}

describe('a view', () => {
  it('says how far the ledger is behind it', async () => {
    const { api, ledger, version } = await started();
    const behind = await api.get(AT);
    expect(behind.body).toMatchObject({ ledger: { recorded: 1, behind: version - 1 } });
    const etag = behind.headers.get('etag') ?? '';
    for (let seq = 2; seq <= version; seq++) await ledger.append([event('kyc-onboarding', seq)]);
    const even = await api.get(AT, { headers: { 'if-none-match': etag } });
    expect(even).toMatchObject({ status: 200, body: { ledger: { recorded: version, behind: 0 } } });
    expect(even.headers.get('etag')).toBe(`"${version}"`);
    expect(even.body).not.toHaveProperty('stale');
  });

  it('can be acted on by the ETag of one whose record is behind', async () => {
    const { api } = await started();
    const etag = (await api.get(AT)).headers.get('etag') ?? '';
    expect(etag).toMatch(/^"\d+\+\d+"$/);
    expect((await api.post(`${AT}/park`, { reason: 'a' }, { headers: { 'if-match': etag } })).status).toBe(
      200,
    );
    const late = await api.post(`${AT}/resume`, {}, { headers: { 'if-match': etag } });
    expect(late.problem.code).toBe('version-conflict');
  });

  it('does not wait for a ledger that is slow or away', async () => {
    const { api, readModel } = await started();
    for (const state of [{ slowMs: 2_000 }, { slowMs: 0, away: true }]) {
      Object.assign(readModel, state);
      const before = performance.now();
      const { status, body } = await api.get(AT);
      expect({ status, ...body }).toMatchObject({ status: 200, ledger: { recorded: null, behind: null } });
      expect(performance.now() - before).toBeLessThan(1_500);
    }
  });

  it.each([
    ['no-worker', 'view-unavailable'],
    ['unreachable', 'temporal-unavailable'],
    ['stuck', 'lifecycle-stuck'],
  ] as const)(
    'is the ledger’s while the engine is %s: marked, without commands',
    async (condition, because) => {
      const { api, project, version } = await started();
      project();
      api.lifecycles.condition = condition;
      const { status, body, headers } = await api.get(AT);
      expect({ status, ...body }).toMatchObject({
        status: 200,
        stale: true,
        asOf: AS_OF,
        because,
        version,
        allowedCommands: [],
        refused: {},
        ledger: { recorded: version, behind: null },
      });
      expect(headers.get('etag')).toBeNull();
      expect(headers.get('cache-control')).toBe('no-store');
    },
  );

  it('is the ledger’s where the engine has forgotten the lifecycle, and so is its timeline', async () => {
    const { api, ledger, readModel, project } = await started();
    project();
    const later = await runningApi({ ledger, readModel });
    expect((await later.get(AT)).body).toMatchObject({ stale: true, because: 'not-found' });
    expect((await later.get(`${AT}/timeline`)).body.items).toHaveLength(1);
    expect((await later.get(AT, { as: 'hari' })).problem.code).toBe('not-found');
    expect((await later.post(`${AT}/park`, { reason: 'a' })).problem.code).toBe('not-found');
    expect((await api.get(AT)).body).not.toHaveProperty('stale');
  });

  it('keeps the key taken where the engine has forgotten it', async () => {
    const { api, ledger, readModel, project } = await started();
    project();
    const later = await runningApi({ ledger, readModel });
    const again = await later.post('/v1/lifecycles', GOVERNED);
    expect(again.problem).toMatchObject({ status: 409, code: 'exists', reasons: [{ pointer: '/key' }] });
    expect((await api.post('/v1/lifecycles', GOVERNED)).problem.code).toBe('exists');
    expect((await later.post('/v1/lifecycles', { ...GOVERNED, key: 'kyc-second' })).status).toBe(201);
  });

  it.each([
    ['has nothing', false],
    ['is away too', true],
  ])('is 503 where the ledger %s', async (_what, away) => {
    const { api, readModel, project } = await started();
    if (away) project();
    readModel.away = away;
    api.lifecycles.condition = 'no-worker';
    expect((await api.get(AT)).problem).toMatchObject({ status: 503, code: 'view-unavailable' });
  });

  it('takes no parameter', async () => {
    const { api } = await started();
    expect((await api.get(`${AT}?full=1`)).problem.reasons).toMatchObject([{ fact: 'full' }]);
  });
});

describe('the metrics', () => {
  it('say how far the ledger is behind what was shown', async () => {
    const { api, ledger, version } = await started();
    await api.get(AT);
    const lag = async () => {
      const { text } = await api.get('/metrics', { as: null });
      return Number(/^airworthy_ledger_lag_events (\S+)$/m.exec(text)?.[1]);
    };
    expect(await lag()).toBe(version - 1);
    for (let seq = 2; seq <= version; seq++) await ledger.append([event('kyc-onboarding', seq)]);
    expect(await lag()).toBe(0);
    await api.post(`${AT}/park`, { reason: 'a' });
    expect(await lag()).toBeGreaterThan(0);
  });

  it('are for Prometheus, of this process too, and say NaN for what cannot be asked', async () => {
    const { api, readModel } = await started();
    readModel.away = true;
    const { status, headers, text } = await api.get('/metrics', { as: null });
    expect(status).toBe(200);
    expect(headers.get('content-type')).toMatch(/^text\/plain; version=/);
    expect(text).toMatch(/^process_cpu_seconds_total /m);
    expect(text).toMatch(/^airworthy_projection_behind_lifecycles nan$/im);
    expect(text).toMatch(/^airworthy_event_streams 0$/m);
  });
});
