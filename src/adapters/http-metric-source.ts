import { type MetricSource, MetricsUnavailable } from '../ports/metric-source.js';
import { callJson } from './egress/call-json.js';
import { createOwnEgress } from './egress/own-egress.js';
import { whoAsks } from './egress/who-asks.js';
import { heardFrom } from './metrics/asking.js';
import { samplesForm } from './metrics-protocol.js';

export interface HttpMetricSourceOptions {
  /** Such as `http://127.0.0.1:8090/metrics`. */
  readonly baseUrl: string;
  /** Limit of one query, in milliseconds. */
  readonly timeoutMs: number;
  /** Networks that the address may lead into although they are private; this machine itself, if it names it. */
  readonly privateNetworks?: readonly string[];
  /** The token to say who asks; absent: none is needed. */
  readonly bearer?: () => Promise<string>;
}

/** A metric source that speaks `metrics-protocol.ts` over HTTP. An answer it cannot understand is none. */
export function createHttpMetricSource(options: HttpMetricSourceOptions): MetricSource {
  const { baseUrl, timeoutMs, privateNetworks = [], bearer } = options;
  const url = `${baseUrl.replace(/\/$/, '')}/query`;
  const egress = createOwnEgress(url, privateNetworks);

  return {
    async query({ team: _team, ...query }, signal) {
      const headers = await whoAsks(bearer);
      const { status, body } = await heardFrom(url, signal, () =>
        callJson(egress, { method: 'POST', url, content: query, timeoutMs, signal, headers }),
      );
      const read = samplesForm.safeParse(body);
      if (status === 200 && read.success) return read.data.samples;
      throw new MetricsUnavailable(`${url} answered ${status}, not with samples`);
    },
  };
}
