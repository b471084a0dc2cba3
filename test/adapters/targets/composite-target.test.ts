import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { createCompositeTarget } from '../../../src/adapters/targets/composite-target.js';
import { createFlagFileTarget } from '../../../src/adapters/targets/flag-file/flag-file-target.js';
import { createRoutedTarget } from '../../../src/adapters/targets/routed-target.js';
import {
  EffectRefused,
  type ReleaseTarget,
  StaleFence,
  TargetUnavailable,
} from '../../../src/ports/release-target.js';
import { temporaryFolder } from '../../ports/temporary-folder.js';
import { describeReleaseTarget } from './conformance/promises.js';
import { exposed, noSignal, RELEASES, request, withdrawn } from './conformance/requests.js';

async function fileTarget(): Promise<ReleaseTarget> {
  return createFlagFileTarget({
    path: `${await temporaryFolder()}/flags.json`,
    flag: 'airworthy-$lifecycle',
  });
}

/** A real target whose next calls fail as told, which its files cannot be made to do. */
function failing(target: ReleaseTarget, fail: () => Error | undefined): ReleaseTarget {
  return {
    ...target,
    async apply(asked, signal) {
      const error = fail();
      if (error) throw error;
      await target.apply(asked, signal);
    },
  };
}

async function pair() {
  const [first, second] = await Promise.all([fileTarget(), fileTarget()]);
  const faults: { first?: Error | undefined; second?: Error | undefined } = {};
  const both = createCompositeTarget([
    { id: 'registry', target: failing(first, () => faults.first) },
    { id: 'flags', target: failing(second, () => faults.second) },
  ]);
  return { first, second, both, faults };
}

describeReleaseTarget('two targets as one', async () => (await pair()).both);

describe('two targets as one', () => {
  it('raise exposure in their order, and stop at the first that does not take it', async () => {
    const { first, second, both, faults } = await pair();
    faults.second = new TargetUnavailable('away');
    await expect(both.apply(request('kyc', 1, 10), noSignal())).rejects.toThrow('flags: away');
    expect(await first.read('kyc')).toMatchObject({ fence: 1 });
    expect(await second.read('kyc')).toBeUndefined();
    faults.first = new TargetUnavailable('away');
    faults.second = undefined;
    await expect(both.apply(request('kyc', 2, 50), noSignal())).rejects.toThrow('registry: away');
    expect(await second.read('kyc')).toBeUndefined();
  });

  it('are read back only where both show the same', async () => {
    const { both, first, faults } = await pair();
    faults.second = new TargetUnavailable('away');
    await expect(both.apply(request('kyc', 3, 10), noSignal())).rejects.toThrow(TargetUnavailable);
    const differ = 'the targets of kyc differ: registry is at fence 3, flags has nothing applied';
    await expect(both.read('kyc')).rejects.toThrow(differ);
    faults.second = undefined;
    await both.apply(request('kyc', 3, 10), noSignal());
    const { appliedAt = 0 } = (await first.read('kyc')) ?? {};
    const shown = await both.read('kyc');
    expect(shown).toMatchObject({ fence: 3, allocation: exposed(10) });
    expect(shown?.appliedAt).toBeGreaterThanOrEqual(appliedAt);
  });

  it('take a candidate back everywhere at once, though one of them hangs', async () => {
    const { first, second } = await pair();
    for (const target of [first, second]) await target.apply(request('kyc', 1, 10), noSignal());
    const hanging: ReleaseTarget = { ...first, apply: () => new Promise(() => undefined) };
    const both = createCompositeTarget([
      { id: 'registry', target: hanging },
      { id: 'flags', target: second },
    ]);
    void both.apply(request('kyc', 2, withdrawn), noSignal());
    for (let waited = 0; (await second.read('kyc'))?.fence !== 2 && waited < 200; waited++) await sleep(10);
    expect(await second.read('kyc')).toMatchObject({ fence: 2, allocation: withdrawn });
    await expect(both.read('kyc')).rejects.toThrow(/differ: registry is at fence 1, flags is at fence 2/);
  });

  it('lower exposure everywhere at once, and raise what is promoted in their order', async () => {
    const { second, both, faults } = await pair();
    const serving = (release: string, percent: number) => ({ release, percent }) as never;
    await both.apply(request('kyc', 1, { ...exposed(50), serving: serving(RELEASES.r0, 50) }), noSignal());
    faults.first = new TargetUnavailable('away');
    const less = request('kyc', 2, { ...exposed(10), serving: serving(RELEASES.r0, 90) });
    await expect(both.apply(less, noSignal())).rejects.toThrow('registry: away');
    expect(await second.read('kyc')).toMatchObject({ fence: 2 });
    const promoted = request('kyc', 3, { ...withdrawn, serving: serving(RELEASES.r1, 100) });
    for (let attempt = 0; attempt < 2; attempt++)
      await expect(both.apply(promoted, noSignal())).rejects.toThrow('registry: away');
    expect(await second.read('kyc')).toMatchObject({ fence: 2 });
  });

  it('fail a withdrawal with what leads on: a higher fence, then what may be tried again', async () => {
    const { both, second, faults } = await pair();
    await second.apply(request('kyc', 7, 10), noSignal());
    faults.first = new TargetUnavailable('away');
    const late = both.apply(request('kyc', 5, withdrawn), noSignal());
    await expect(late).rejects.toMatchObject({ code: 'stale-fence', current: 7 });
    faults.second = new EffectRefused('no sense');
    await expect(both.apply(request('kyc', 8, withdrawn), noSignal())).rejects.toThrow(/^registry: away$/);
    faults.first = undefined;
    await expect(both.apply(request('kyc', 8, withdrawn), noSignal())).rejects.toThrow(EffectRefused);
    faults.second = undefined;
    await expect(both.apply(request('kyc', 7, 10), noSignal())).rejects.toThrow(StaleFence);
  });

  it('are well when both are, and say of each how it is', async () => {
    const { first, second } = await pair();
    const sick: ReleaseTarget = { ...second, health: async () => ({ ok: false, detail: 'no disk' }) };
    const both = createCompositeTarget([
      { id: 'registry', target: first },
      { id: 'flags', target: sick },
    ]);
    const detail = 'registry: nothing was applied for kyc yet; flags: no disk';
    expect(await both.health('kyc')).toEqual({ ok: false, detail });
  });
});

describe('routes', () => {
  it('lead each lifecycle to the first that fits it, by its key or its team', async () => {
    const [kyc, tax, rest] = await Promise.all([fileTarget(), fileTarget(), fileTarget()]);
    const routed = createRoutedTarget(async () => [
      { lifecycles: ['kyc'], teams: ['onboarding'], target: kyc },
      { teams: ['tax-filing'], target: tax },
      { lifecycles: ['*'], target: rest },
    ]);
    await routed.forTeam?.('onboarding').apply(request('kyc', 1, 10), noSignal());
    await routed.forTeam?.('tax-filing').apply(request('tax', 2, 10), noSignal());
    await routed.apply(request('kyc', 3, 10), noSignal());
    expect([await kyc.read('kyc'), await tax.read('tax'), await rest.read('kyc')]).toMatchObject([
      { fence: 1 },
      { fence: 2 },
      { fence: 3 },
    ]);
    expect(await routed.forTeam?.('onboarding').read('kyc')).toMatchObject({ fence: 1 });
    expect(await routed.forTeam?.('tax-filing').health('tax')).toEqual({
      ok: true,
      detail: 'tax is at fence 2',
    });
  });

  it('that lead nowhere are a target that is unavailable, which somebody can mend', async () => {
    const routed = createRoutedTarget(async () => [{ lifecycles: ['tax'], target: await fileTarget() }]);
    const team = routed.forTeam?.('onboarding') ?? routed;
    await expect(team.apply(request('kyc', 1, 10), noSignal())).rejects.toThrow(
      'no route fits kyc of the team onboarding: add one to the targets file',
    );
    await expect(routed.read('kyc')).rejects.toThrow(TargetUnavailable);
    expect(await routed.health('kyc')).toMatchObject({ ok: false });
  });
});
