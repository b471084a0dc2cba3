import { createHttpMetricSource } from '../adapters/http-metric-source.js';
import type { MetricSources } from '../contracts/metric-sources.js';
import type { MetricSource } from '../ports/metric-source.js';
import type { Environment } from './environment.js';
import { OperatorError } from './operator-error.js';

const TIMEOUT_MS = 20_000;

type Settings = Pick<Environment, 'metricSources' | 'metricsUrl'> & {
  readonly notify: Pick<Environment['notify'], 'egressPrivate'>;
};

/** Where metrics are measured, as the settings say. Throws OperatorError where they say nothing, or nothing that works. */
export async function openMetricSource(
  { metricSources: path, metricsUrl, notify }: Settings,
  variables: Readonly<Record<string, string | undefined>> = process.env,
): Promise<MetricSource> {
  const privateNetworks = notify.egressPrivate;
  if (path === undefined) {
    if (metricsUrl !== undefined)
      return createHttpMetricSource({ baseUrl: metricsUrl, timeoutMs: TIMEOUT_MS, privateNetworks });
    throw new OperatorError(
      'AIRWORTHY_METRIC_SOURCES and AIRWORTHY_METRICS_URL are not set: name where metrics are measured, or start everything with npm run up.',
    );
  }
  // Loaded where it is asked for: a worker of development starts without it.
  const { openSources } = await import('../adapters/metrics/open-sources.js');
  return openSources({ path, variables, privateNetworks }).catch((error: unknown) => {
    throw unusable(path, error);
  });
}

/** The definitions that alerting rules are made of, as they are whenever asked for; undefined: the convention alone. */
export async function openMetricDefinitions({
  metricSources: path,
}: Pick<Environment, 'metricSources'>): Promise<() => Promise<MetricSources | undefined>> {
  if (path === undefined) return async () => undefined;
  const { followSources } = await import('../adapters/metrics/open-sources.js');
  const sources = followSources(path);
  await sources().catch((error: unknown) => {
    throw unusable(path, error);
  });
  return sources;
}

function unusable(path: string, error: unknown): OperatorError {
  const said = error instanceof Error ? error.message : String(error);
  return new OperatorError(`AIRWORTHY_METRIC_SOURCES=${path}: ${said}`);
}
