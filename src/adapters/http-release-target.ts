import { EffectRefused, type ReleaseTarget, StaleFence, TargetUnavailable } from '../ports/release-target.js';
import type { JsonAnswer } from './egress/call-json.js';
import { createOwnEgress } from './egress/own-egress.js';
import { whoAsks } from './egress/who-asks.js';
import { appliedForm, healthForm, nothingAppliedForm, staleForm } from './target-protocol.js';
import { ask, healthFrom, said, standsAt } from './targets/asking.js';

export interface HttpReleaseTargetOptions {
  /** Such as `http://127.0.0.1:8090/target`. */
  readonly baseUrl: string;
  /** Limit of one call, in milliseconds. */
  readonly timeoutMs: number;
  /** Networks that its name may lead into although they are private; this machine, where it is named, besides. */
  readonly privateNetworks?: readonly string[];
  /** What it knows us by, at each call; absent: it asks nobody. Throws where there is no token now. */
  readonly bearer?: () => Promise<string>;
}

/** A release target that speaks `target-protocol.ts` over HTTP. Whatever it cannot explain is unavailable. */
export function createHttpReleaseTarget(options: HttpReleaseTargetOptions): ReleaseTarget {
  const { baseUrl, timeoutMs, privateNetworks = [], bearer } = options;
  const egress = createOwnEgress(baseUrl, privateNetworks);
  const place = (lifecycle: string, rest = ''): string =>
    `${baseUrl.replace(/\/$/, '')}/lifecycles/${encodeURIComponent(lifecycle)}${rest}`;

  const call = async (
    method: 'GET' | 'PUT',
    url: string,
    content: unknown,
    signal: AbortSignal | undefined,
  ): Promise<JsonAnswer> => {
    const headers = await whoAsks(bearer);
    return ask(egress, { method, url, content, headers, timeoutMs, signal });
  };

  const target: ReleaseTarget = {
    async apply({ lifecycle, ...request }, signal) {
      const url = place(lifecycle, '/allocation');
      const { status, body } = await call('PUT', url, request, signal);
      if (status === 200) return;
      const stale = staleForm.safeParse(body);
      if (status === 409 && stale.success) throw new StaleFence(request.fence, stale.data.current);
      if (status === 422) throw new EffectRefused(`${url} refused ${request.effectKey}: ${said(body)}`);
      throw new TargetUnavailable(`${url} answered ${status}`);
    },

    async read(lifecycle, signal) {
      const url = place(lifecycle);
      const { status, body } = await call('GET', url, undefined, signal);
      if (status === 404 && nothingAppliedForm.safeParse(body).success) return undefined;
      const applied = appliedForm.safeParse(body);
      if (status === 200 && applied.success) return applied.data;
      throw new TargetUnavailable(`${url} answered ${status} with nothing that can be understood`);
    },

    health: (lifecycle, signal) =>
      healthFrom(async () => {
        const url = place(lifecycle, '/health');
        const { status, body } = await call('GET', url, undefined, signal);
        const told = healthForm.safeParse(body);
        if (status === 200 && told.success) return told.data;
        if (status === 404) return standsAt(lifecycle, (await target.read(lifecycle, signal))?.fence);
        return { ok: false, detail: `${url} answered ${status}: ${said(body)}` };
      }, signal),
  };
  return target;
}
