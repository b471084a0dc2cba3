import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { digestOf } from '../../../../src/domain/digest.js';
import type { Allocation } from '../../../../src/domain/release/allocation.js';
import { EffectRefused, type ReleaseTarget, StaleFence } from '../../../../src/ports/release-target.js';
import { exposed, noSignal, RELEASES, request, withdrawn } from './requests.js';

const whole: Allocation = {
  candidate: { release: RELEASES.r2, percent: 100, shadow: true },
  serving: { release: RELEASES.r1, percent: 33.5 },
  cohort: { digest: digestOf(['p1']), people: 1 },
  review: 'all',
};

/** The promises that every release target keeps. `open` gives one that has applied nothing yet. */
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
      // Whether it remembers the key or only the fence: done before, or behind.
      await target.apply(request('kyc', 1, 10), noSignal()).catch((error: unknown) => {
        expect(error).toBeInstanceOf(StaleFence);
      });
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
      const serving = { release: RELEASES.r0, percent: 60 };
      const impossible = request('kyc', 1, { ...exposed(50), serving });
      await expect(target.apply(impossible, noSignal())).rejects.toThrow(EffectRefused);
      expect(await target.read('kyc')).toBeUndefined();
    });

    it('keeps every part of an allocation', async () => {
      const target = await open();
      await target.apply(request('kyc', 1, whole), noSignal());
      expect((await target.read('kyc'))?.allocation).toEqual(whole);
    });

    it('takes everything back, and goes back to what served before', async () => {
      const target = await open();
      const r0 = { ...withdrawn, serving: { release: RELEASES.r0, percent: 100 } };
      const canary = { ...exposed(10), serving: { release: RELEASES.r0, percent: 90 } };
      for (const [fence, allocation] of [r0, canary, r0, canary, withdrawn].entries()) {
        await target.apply(request('kyc', fence + 1, allocation), noSignal());
        expect(await target.read('kyc')).toMatchObject({ fence: fence + 1, allocation });
      }
    });

    it('stands at the highest fence it was told, in whatever order effects and repetitions come', async () => {
      const fences = fc.array(fc.integer({ min: 1, max: 6 }), { minLength: 1, maxLength: 8 });
      await fc.assert(
        fc.asyncProperty(fences, async (told) => {
          const target = await open();
          for (const fence of told) {
            await target.apply(request('kyc', fence, fence), noSignal()).catch((error: unknown) => {
              expect(error).toBeInstanceOf(StaleFence);
            });
          }
          const highest = Math.max(...told);
          const stands = { fence: highest, allocation: exposed(highest) };
          expect(await target.read('kyc')).toMatchObject(stands);
        }),
        { numRuns: 6 },
      );
    });

    it('answers one effect sent many times at once with one application', async () => {
      const target = await open();
      await Promise.all(Array.from({ length: 20 }, () => target.apply(request('kyc', 1, 10), noSignal())));
      expect(await target.read('kyc')).toMatchObject({ fence: 1, allocation: exposed(10) });
    });

    it('rejects with the reason of its caller when aborted, and has done nothing', async () => {
      const target = await open();
      const stopped = AbortSignal.abort(new Error('stop-ship'));
      await expect(target.apply(request('kyc', 1, 10), stopped)).rejects.toThrow('stop-ship');
      await expect(target.health('kyc', stopped)).rejects.toThrow('stop-ship');
      expect(await target.read('kyc')).toBeUndefined();
    });

    it('says that it is well, before its first effect and after', async () => {
      const target = await open();
      expect(await target.health('kyc')).toMatchObject({ ok: true, detail: expect.stringContaining('kyc') });
      await target.apply(request('kyc', 7, 10), noSignal());
      expect(await target.health('kyc')).toMatchObject({ ok: true, detail: expect.stringContaining('7') });
    });
  });
}
