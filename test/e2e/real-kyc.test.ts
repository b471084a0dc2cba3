import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openRealWorld, type RealWorld } from '../support/real/world.js';

const KEY = 'kyc-onboarding';
/** A window of three days takes four seconds, the shadow eighteen. */
const SCALE = 0.000015;

/** Cases and false accepts as the service counts them; it knows nothing of steps. */
const counted = (event: string) => ({
  count: `sum(increase(events_total{lifecycle="$lifecycle",release="$release",event="${event}"}[$window]))`,
  of: 'sum(increase(cases_total{lifecycle="$lifecycle",release="$release"}[$window]))',
});

let world: RealWorld;

beforeAll(async () => {
  world = await openRealWorld({
    key: KEY,
    timeScale: SCALE,
    silenceAfter: '6d',
    metrics: {
      'false-accept-rate': counted('false-accept'),
      'review-rate': counted('review'),
    },
    casesPerSecond: 4_000,
    behaviours: {
      r1: { rates: { 'false-accept': 0.0003, review: 0.13 } },
      r2: { rates: { 'false-accept': 0.0001, review: 0.12 } },
    },
  });
});
afterAll(() => world?.close());

const serves = async () => ({ aliases: await world.aliases(), shares: await world.traffic.shares() });

describe('broker KYC onboarding, served by MLflow and flags, measured by Prometheus', () => {
  it('is launched, fails its canary by what Prometheus measures, and goes live with its second release', async () => {
    const canary = world.steps.findIndex(
      (step) => 'until' in step && step.until.rollout === 'canary-25 soaking',
    );
    await world.take(world.steps.slice(0, canary));
    expect(await serves()).toEqual({ aliases: { shadow: '1' }, shares: { r1: 100 } });
    await world.take(world.steps.slice(canary, canary + 1));
    // In front of people it accepts whom it should not.
    world.traffic.behave('r1', { rates: { 'false-accept': 0.001, review: 0.13 } });
    expect(await serves()).toEqual({ aliases: { candidate: '1' }, shares: { r1: 25 } });

    const rest = world.steps.slice(canary + 1);
    const rolledBack = rest.findIndex(
      (step) => 'until' in step && step.until.rollout?.endsWith('rolled-back'),
    );
    await world.take(rest.slice(0, rolledBack + 1));
    expect(await serves()).toEqual({ aliases: {}, shares: {} });
    await world.untilRecorded('RolledBack', 1);
    const verdicts = await world.events('VerificationRecorded');
    expect(verdicts.at(-1)).toMatchObject({ result: 'failed' });

    await world.take(rest.slice(rolledBack + 1));
    expect(await serves()).toEqual({ aliases: { serving: '2' }, shares: { r2: 100 } });
  });

  it('falls back to people when a live breach is found, by the guard or by an alert, and only once', async () => {
    await world.loadAlertingRules(2);
    world.traffic.behave('r2', { rates: { 'false-accept': 0.002, review: 0.12 } });
    const fallen = await world.until(
      'the manual fallback serves',
      ({ serving, exposure }) => serving === null && exposure.applied !== 'unknown',
    );
    expect(fallen.holds).toMatchObject([{ source: 'rollback' }]);
    expect(fallen.exposure.applied).toMatchObject({ candidate: null, serving: null });
    expect(await serves()).toEqual({ aliases: {}, shares: {} });
    await world.untilRecorded('RolledBack', 2);
    const breaches = await world.events('BreachObserved');
    expect(breaches).toMatchObject([{ clause: 'c2', limit: 0.0005, action: 'roll-back' }]);
  });
});
