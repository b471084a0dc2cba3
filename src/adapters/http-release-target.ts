import { EffectRefused, type ReleaseTarget, StaleFence, TargetUnavailable } from '../ports/release-target.js';
import { callJson, type JsonAnswer } from './http-json.js';
import { reason } from './system-error.js';
import { appliedForm, nothingAppliedForm, staleForm } from './target-protocol.js';

export interface HttpReleaseTargetOptions {
  /** Such as `http://127.0.0.1:8090/target`. */
  readonly baseUrl: string;
  /** Limit of one call, in milliseconds. */
  readonly timeoutMs: number;
}

/** A release target that speaks `target-protocol.ts` over HTTP. Whatever it cannot explain is unavailable. */
export function createHttpReleaseTarget({ baseUrl, timeoutMs }: HttpReleaseTargetOptions): ReleaseTarget {
  const place = (lifecycle: string, rest = ''): URL =>
    new URL(`${baseUrl.replace(/\/$/, '')}/lifecycles/${encodeURIComponent(lifecycle)}${rest}`);

  const call = async (
    method: 'GET' | 'PUT',
    url: URL,
    content: unknown,
    signal: AbortSignal | undefined,
  ): Promise<JsonAnswer> => {
    try {
      return await callJson(method, url, content, timeoutMs, signal);
    } catch (error) {
      signal?.throwIfAborted();
      throw new TargetUnavailable(`${url.href} gave no answer: ${reason(error)}`, { cause: error });
    }
  };

  return {
    async apply({ lifecycle, ...request }, signal) {
      const url = place(lifecycle, '/allocation');
      const { status, body } = await call('PUT', url, request, signal);
      if (status === 200) return;
      const stale = staleForm.safeParse(body);
      if (status === 409 && stale.success) throw new StaleFence(request.fence, stale.data.current);
      if (status === 422)
        throw new EffectRefused(`${url.href} refused ${request.effectKey}: ${JSON.stringify(body)}`);
      throw new TargetUnavailable(`${url.href} answered ${status}`);
    },

    async read(lifecycle, signal) {
      const url = place(lifecycle);
      const { status, body } = await call('GET', url, undefined, signal);
      if (status === 404 && nothingAppliedForm.safeParse(body).success) return undefined;
      const applied = appliedForm.safeParse(body);
      if (status === 200 && applied.success) return applied.data;
      throw new TargetUnavailable(`${url.href} answered ${status} with nothing that can be understood`);
    },
  };
}
