import { type MetricSource, MetricsUnavailable } from '../ports/metric-source.js';
import { callJson } from './http-json.js';
import { samplesForm } from './metrics-protocol.js';
import { reason } from './system-error.js';

export interface HttpMetricSourceOptions {
  /** Such as `http://127.0.0.1:8090/metrics`. */
  readonly baseUrl: string;
  /** Limit of one query, in milliseconds. */
  readonly timeoutMs: number;
}

/** A metric source that speaks `metrics-protocol.ts` over HTTP. An answer it cannot understand is none. */
export function createHttpMetricSource({ baseUrl, timeoutMs }: HttpMetricSourceOptions): MetricSource {
  const url = new URL(`${baseUrl.replace(/\/$/, '')}/query`);

  return {
    async query(query, signal) {
      const { status, body } = await callJson('POST', url, query, timeoutMs, signal).catch(
        (error: unknown) => {
          signal?.throwIfAborted();
          throw new MetricsUnavailable(`${url.href} gave no answer: ${reason(error)}`, { cause: error });
        },
      );
      const read = samplesForm.safeParse(body);
      if (status === 200 && read.success) return read.data.samples;
      throw new MetricsUnavailable(`${url.href} answered ${status}, not with samples`);
    },
  };
}
