import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openRealWorld, type RealWorld } from '../support/real/world.js';

const KEY = 'tax-payments';
const CASES = 'sum(increase(cases_total{lifecycle="$lifecycle",release="$release"}[$window]))';

let world: RealWorld;

beforeAll(async () => {
  world = await openRealWorld({
    key: KEY,
    // A window of 24 hours takes three and a half seconds.
    timeScale: 0.00004,
    silenceAfter: '48h',
    metrics: {
      'false-commitment': {
        count:
          'sum(increase(events_total{lifecycle="$lifecycle",release="$release",event="false-commitment"}[$window]))',
        of: CASES,
      },
      tone: {
        value: `sum(increase(score_sum{lifecycle="$lifecycle",release="$release",score="tone"}[$window])) / ${CASES}`,
        n: CASES,
      },
    },
    casesPerSecond: 6_000,
    behaviours: {
      r1: { rates: { 'false-commitment': 0.0003 }, scores: { tone: 0.957 } },
      r2: { rates: { 'false-commitment': 0.0002 }, scores: { tone: 0.963 } },
    },
  });
});
afterAll(() => world?.close());

const serves = async () => ({ aliases: await world.aliases(), shares: await world.traffic.shares() });

describe('the tax-filing assistant, served by MLflow and flags, measured by Prometheus', () => {
  it('is launched and changed, and a change that is rejected leaves what serves as it is', async () => {
    await world.take(world.steps);
    expect(await serves()).toEqual({ aliases: { serving: '2' }, shares: { r2: 100 } });
    // The last that the journey leaves: what was before is in the ledger then.
    await world.untilRecorded('DeliveryClosed', 3);
    const results = (await world.events('VerificationRecorded')).map(({ result }) => result);
    expect(results.filter((result) => result === 'passed')).toHaveLength(6);
  });

  it('is reviewed case by case while nothing is measured of it, and recovers', async () => {
    world.exporter.mood = 'fails';
    const silent = await world.until('silence holds it', ({ holds }) => holds.length > 0);
    expect(silent.holds).toMatchObject([{ source: 'silence', effect: 'review-all' }]);
    expect(silent.serving).toMatchObject({ label: 'r2' });
    world.exporter.mood = 'answers';
    await world.untilRecorded('SilenceEnded', 1);
    await world.take([{ by: 'farah', do: 'lift-hold', with: { hold: '$hold' } }]);
    await world.until('every case is served as before', ({ exposure: { applied } }) => {
      return applied !== 'unknown' && applied.review === 'normal';
    });
    expect(await world.events('SilenceObserved')).toHaveLength(1);
    expect(await serves()).toEqual({ aliases: { serving: '2' }, shares: { r2: 100 } });
  });

  it('goes back to the release before when Alertmanager says so, while the guard itself sees nothing', async () => {
    await world.loadAlertingRules(1);
    world.gate.shut();
    world.traffic.behave('r2', { rates: { 'false-commitment': 0.0002 }, scores: { tone: 0.9 } });
    await world.untilRecorded('RolledBack', 1);
    await world.until('release 1 serves again', ({ serving, exposure }) => {
      return serving?.label === 'r1' && exposure.applied !== 'unknown';
    });
    expect(await serves()).toEqual({ aliases: { serving: '1' }, shares: { r1: 100 } });
    const breaches = await world.events('BreachObserved');
    expect(breaches).toMatchObject([{ clause: 'c2', limit: 0.95, action: 'roll-back' }]);
    expect(breaches[0]?.['alert']).toMatch(/^[0-9a-f]{16}$/);
  });
});
