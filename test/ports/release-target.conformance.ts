import { describe, expect, it } from 'vitest';
import { digestOf } from '../../src/domain/digest.js';
import type { Allocation } from '../../src/domain/release/allocation.js';
import { EffectRefused, type ReleaseTarget, StaleFence } from '../../src/ports/release-target.js';

/** A candidate at some percent, beside nothing. */
export function exposed(percent: number): Allocation {
  const release = digestOf('r1');
  return { candidate: { release, percent, shadow: false }, serving: null, cohort: null, review: 'normal' };
}

/** A request for one step of a lifecycle. */
export function request(lifecycle: string, fence: number, percent: number) {
  return { effectKey: `${lifecycle}/step-${fence}/1`, fence, lifecycle, allocation: exposed(percent) };
}

export const noSignal = (): AbortSignal => new AbortController().signal;

/** The cases that every release target passes. `open` gives one that has applied nothing yet. */
export function describeReleaseTarget(name: string, open: () => Promise<ReleaseTarget>): void {
  describe(`${name} as a release target`, () => {
    it('shows nothing before anything was applied, then what was applied last, by lifecycle', async () => {
      const target = await open();
      expect(await target.read('kyc')).toBeUndefined();
      await target.apply(request('kyc', 1, 10), noSignal());
      await target.apply(request('kyc', 2, 50), noSignal());
      await target.apply(request('tax/ä', 1, 100), noSignal());
      expect(await target.read('kyc')).toMatchObject({ fence: 2, allocation: exposed(50) });
      expect(await target.read('tax/ä')).toMatchObject({ fence: 1, allocation: exposed(100) });
    });

    it('applies an effect key once, and a late repetition does not bring it back', async () => {
      const target = await open();
      await target.apply(request('kyc', 1, 10), noSignal());
      const first = await target.read('kyc');
      await target.apply(request('kyc', 1, 10), noSignal());
      expect(await target.read('kyc')).toEqual(first);
      await target.apply(request('kyc', 2, 0), noSignal());
      await target.apply(request('kyc', 1, 10), noSignal());
      expect(await target.read('kyc')).toMatchObject({ fence: 2, allocation: exposed(0) });
    });

    it('refuses a fence behind the one it stands at, and says which that is', async () => {
      const target = await open();
      await target.apply(request('kyc', 5, 10), noSignal());
      const late = target.apply(request('kyc', 4, 100), noSignal());
      await expect(late).rejects.toThrow(StaleFence);
      await expect(late).rejects.toMatchObject({ code: 'stale-fence', current: 5 });
      expect(await target.read('kyc')).toMatchObject({ fence: 5, allocation: exposed(10) });
      await target.apply(request('tax', 1, 10), noSignal());
    });

    it('refuses an effect key for another allocation', async () => {
      const target = await open();
      await target.apply(request('kyc', 1, 10), noSignal());
      const other = { ...request('kyc', 1, 10), allocation: exposed(100) };
      await expect(target.apply(other, noSignal())).rejects.toThrow(EffectRefused);
      expect(await target.read('kyc')).toMatchObject({ allocation: exposed(10) });
    });

    it('refuses an allocation of more than everything', async () => {
      const target = await open();
      const serving = { release: digestOf('r0'), percent: 60 };
      const impossible = { ...request('kyc', 1, 50), allocation: { ...exposed(50), serving } };
      await expect(target.apply(impossible, noSignal())).rejects.toThrow(EffectRefused);
      expect(await target.read('kyc')).toBeUndefined();
    });

    it('keeps every part of an allocation', async () => {
      const target = await open();
      const whole: Allocation = {
        candidate: { release: digestOf('r2'), percent: 100, shadow: true },
        serving: { release: digestOf('r1'), percent: 33.5 },
        cohort: { digest: digestOf(['p1']), people: 1 },
        review: 'all',
      };
      await target.apply({ ...request('kyc', 1, 0), allocation: whole }, noSignal());
      expect((await target.read('kyc'))?.allocation).toEqual(whole);
    });

    it('answers one effect sent many times at once with one application', async () => {
      const target = await open();
      await Promise.all(Array.from({ length: 30 }, () => target.apply(request('kyc', 1, 10), noSignal())));
      expect(await target.read('kyc')).toMatchObject({ fence: 1, allocation: exposed(10) });
    });

    it('rejects with the reason of its caller when aborted', async () => {
      const target = await open();
      const stopped = AbortSignal.abort(new Error('stop-ship'));
      await expect(target.apply(request('kyc', 1, 10), stopped)).rejects.toThrow('stop-ship');
    });
  });
}
