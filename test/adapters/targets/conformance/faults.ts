import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { type ReleaseTarget, StaleFence, TargetUnavailable } from '../../../../src/ports/release-target.js';
import type { FaultyProxy, Mood } from './faulty-proxy.js';
import { exposed, noSignal, RELEASES, request, withdrawn } from './requests.js';

export interface Faulty {
  /** Calls through the proxy, with a limit of less than a second for each call. */
  readonly target: ReleaseTarget;
  readonly proxy: FaultyProxy;
  /** The same service, called past the proxy. */
  readonly honest: ReleaseTarget;
  /** How many effects of a lifecycle the service has applied, by its own account. */
  readonly effects: (lifecycle: string) => Promise<number>;
}

const UNCLEAR: readonly Mood[] = ['hangs', 'fails', 'talks-garbage', 'breaks-off', 'redirects', 'lies'];

/** Ends what the effect is about, as an activity does that is tried again. */
async function insist(target: ReleaseTarget, asked: ReturnType<typeof request>): Promise<void> {
  for (let attempt = 0; ; attempt++) {
    try {
      await target.apply(asked, noSignal());
      return;
    } catch (error) {
      if (!(error instanceof TargetUnavailable) || attempt > 20) throw error;
    }
  }
}

/** What a target that calls a service keeps to when the service, or the way to it, fails. `open` has applied nothing yet. */
export function describeFaultyTarget(name: string, open: () => Promise<Faulty>): void {
  describe(`${name} under faults`, () => {
    it.each(UNCLEAR)('says nothing of what it serves while whoever is asked %s', async (mood) => {
      const { target, proxy, honest } = await open();
      await honest.apply(request('kyc', 1, 10), noSignal());
      proxy.reads = mood;
      await expect(target.read('kyc')).rejects.toThrow(TargetUnavailable);
      expect(await target.health('kyc')).toMatchObject({ ok: false });
      proxy.reads = 'honest';
      expect(await target.read('kyc')).toMatchObject({ fence: 1, allocation: exposed(10) });
    });

    it.each(UNCLEAR)(
      'shows an effect only once it is there, where whoever is told to change %s',
      async (mood) => {
        const { target, proxy, honest } = await open();
        proxy.writes = mood;
        await target.apply(request('kyc', 1, 10), noSignal()).catch((error: unknown) => {
          expect(error).toBeInstanceOf(TargetUnavailable);
        });
        // An answer that broke off came from somebody who has taken something; every other one changed nothing.
        const seen = await target.read('kyc').catch((error: unknown) => {
          expect(error).toBeInstanceOf(TargetUnavailable);
          return 'unclear' as const;
        });
        if (mood !== 'breaks-off') expect(seen).toBeUndefined();
        else if (seen !== undefined && seen !== 'unclear') expect(seen.allocation).toEqual(exposed(10));
        proxy.writes = 'honest';
        await insist(target, request('kyc', 1, 10));
        expect(await honest.read('kyc')).toMatchObject({ fence: 1, allocation: exposed(10) });
      },
    );

    it('applies once what it is told again because the reply was lost, each time', async () => {
      const { target, proxy, honest, effects } = await open();
      proxy.writes = 'drops-reply';
      for (let attempt = 0; attempt < 3; attempt++) {
        await target.apply(request('kyc', 1, 10), noSignal()).catch((error: unknown) => {
          expect(error).toBeInstanceOf(TargetUnavailable);
        });
      }
      expect(proxy.forwarded).toBeGreaterThan(1);
      proxy.writes = 'honest';
      await insist(target, request('kyc', 1, 10));
      expect(await honest.read('kyc')).toMatchObject({ fence: 1, allocation: exposed(10) });
      expect(await effects('kyc')).toBe(1);
    });

    it('ends with what is wanted however often replies are lost on the way there and back', async () => {
      const { target, proxy, honest, effects } = await open();
      const steps = [exposed(5), exposed(50), withdrawn, exposed(5), withdrawn];
      for (const [index, allocation] of steps.entries()) {
        proxy.writes = 'drops-reply';
        await target.apply(request('kyc', index + 1, allocation), noSignal()).catch(() => undefined);
        proxy.writes = 'honest';
        await insist(target, request('kyc', index + 1, allocation));
        expect(await honest.read('kyc')).toMatchObject({ fence: index + 1, allocation });
      }
      expect(await effects('kyc')).toBe(steps.length);
    });

    it('shows the one or the other, or nothing clear, wherever its caller was killed; taking back works from there', async () => {
      const { target, proxy, honest } = await open();
      const serving = { release: RELEASES.r0, percent: 90 };
      let fence = 0;
      for (const changes of [0, 1, 2, 3]) {
        const from = { ...exposed(10), serving };
        const to = { ...withdrawn, candidate: { release: RELEASES.r2, percent: 20, shadow: true }, serving };
        await honest.apply(request('kyc', ++fence, from), noSignal());
        proxy.changesLeft = changes;
        await target.apply(request('kyc', ++fence, to), noSignal()).catch((error: unknown) => {
          expect(error).toBeInstanceOf(TargetUnavailable);
        });
        const seen = await honest.read('kyc').catch((error: unknown) => {
          expect(error).toBeInstanceOf(TargetUnavailable);
          return undefined;
        });
        if (seen) expect(seen.allocation).toEqual(seen.fence === fence ? to : from);
        await honest.apply(request('kyc', ++fence, withdrawn), noSignal());
        expect(await honest.read('kyc')).toMatchObject({ fence, allocation: withdrawn });
      }
    });

    it('ends at once, with the reason of its caller, when the service hangs and the effect is no longer wanted', async () => {
      const { target, proxy, honest } = await open();
      proxy.writes = 'hangs';
      const caller = new AbortController();
      const hanging = target.apply(request('kyc', 1, 10), caller.signal);
      setTimeout(() => caller.abort(new Error('stop-ship')), 50);
      await expect(hanging).rejects.toThrow('stop-ship');
      expect(await honest.read('kyc')).toBeUndefined();
    });

    it('lets a change that arrives late lose against what overtook it', async () => {
      const { target, proxy, honest } = await open();
      proxy.writes = 'late';
      const caller = new AbortController();
      const late = target.apply(request('kyc', 1, 50), caller.signal);
      await sleep(150);
      caller.abort(new Error('stop-ship'));
      await expect(late).rejects.toThrow('stop-ship');
      await honest.apply(request('kyc', 2, withdrawn), noSignal());
      await sleep(400);
      expect(proxy.forwarded).toBe(1);
      expect(await honest.read('kyc')).toMatchObject({ fence: 2, allocation: withdrawn });
      proxy.writes = 'honest';
      const again = target.apply(request('kyc', 1, 50), noSignal());
      await again.catch((error: unknown) => expect(error).toBeInstanceOf(StaleFence));
      expect(await honest.read('kyc')).toMatchObject({ fence: 2, allocation: withdrawn });
    });
  });
}
