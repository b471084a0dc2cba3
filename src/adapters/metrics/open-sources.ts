import { dirname, resolve } from 'node:path';
import { type MetricSources, metricSourcesForm, type WrittenSource } from '../../contracts/metric-sources.js';
import { sourceOf } from '../../contracts/metrics/definitions.js';
import { type MetricSource, MetricsUnavailable } from '../../ports/metric-source.js';
import { createOwnEgress } from '../egress/own-egress.js';
import { createHttpMetricSource } from '../http-metric-source.js';
import { createSecrets, type SecretOf } from '../secrets.js';
import { reason } from '../system-error.js';
import { followYamlFile } from '../yaml-file.js';
import { createJsonSource } from './json-source.js';
import { createPrometheusSource } from './prometheus-source.js';
import { createRoutedSource } from './routed-source.js';

export interface SourcesOptions {
  /** The metric sources file, YAML. */
  readonly path: string;
  /** Where `{env: NAME}` looks. */
  readonly variables: Readonly<Record<string, string | undefined>>;
  /** Networks that addresses in the file may lead into although they are private. */
  readonly privateNetworks: readonly string[];
}

/**
 * The sources of a file, read again whenever it was written to. Throws at once where the file, or a secret that it
 * speaks of, is missing or wrong; later that is `MetricsUnavailable`, until somebody has mended it.
 */
export async function openSources({
  path,
  variables,
  privateNetworks,
}: SourcesOptions): Promise<MetricSource> {
  const secretOf = createSecrets(variables, dirname(resolve(path)));
  const file = followYamlFile(path, metricSourcesForm, ({ sources }) => ({
    sources,
    open: new Map(sources.map((source) => [source, openSource(source, secretOf, privateNetworks)])),
  }));

  const { sources } = await file();
  for (const { bearer } of sources) if (bearer) await secretOf(bearer);

  return createRoutedSource(async ({ lifecycle, team }) => {
    const { sources, open } = await file().catch((cause: unknown) => {
      throw new MetricsUnavailable(`the metric sources file cannot be used: ${reason(cause)}`, { cause });
    });
    return (metric) => {
      const source = sourceOf(sources, { metric, lifecycle, team });
      return source && open.get(source);
    };
  });
}

/** The file as it is now, each time it is asked for; throws where it is missing or wrong. */
export function followSources(path: string): () => Promise<MetricSources> {
  return followYamlFile(path, metricSourcesForm, (written) => written);
}

function openSource(
  source: WrittenSource,
  secretOf: SecretOf,
  privateNetworks: readonly string[],
): MetricSource {
  const { id, url, timeout: timeoutMs, bearer: ref } = source;
  const bearer = ref && (() => secretOf(ref).catch(unavailable));
  const options = {
    id,
    url,
    timeoutMs,
    egress: createOwnEgress(url, privateNetworks),
    ...(bearer && { bearer }),
  };
  if (source.kind === 'prometheus') return createPrometheusSource({ ...options, metrics: source.metrics });
  if (source.metrics) return createJsonSource({ ...options, metrics: source.metrics });
  return createHttpMetricSource({ baseUrl: url, timeoutMs, privateNetworks, ...(bearer && { bearer }) });
}

function unavailable(cause: unknown): never {
  throw new MetricsUnavailable(reason(cause), { cause });
}
