/** Which source is asked for a metric, and what its alerting rules are made of. */
import type { MetricSources, WrittenSource } from '../metric-sources.js';
import { type InstantQueries, instantQueries, type PromScope, promqlFor } from './promql.js';

/** Whose metric it is. */
export interface MetricOwner {
  readonly metric: string;
  readonly lifecycle: string;
  readonly team?: string | undefined;
}

/**
 * The source of a metric: of those that fit the lifecycle the first that defines it, else the first with a convention
 * for what it does not define; undefined where there is none.
 */
export function sourceOf(
  sources: readonly WrittenSource[],
  { metric, lifecycle, team }: MetricOwner,
): WrittenSource | undefined {
  const fitting = sources.filter((source) => fits(source, lifecycle, team));
  const defines = ({ metrics }: WrittenSource) => metrics !== undefined && Object.hasOwn(metrics, metric);
  return fitting.find(defines) ?? fitting.find(hasConvention);
}

function fits({ lifecycles, teams }: WrittenSource, lifecycle: string, team: string | undefined): boolean {
  const ofLifecycle = lifecycles === undefined || lifecycles.includes('*') || lifecycles.includes(lifecycle);
  return ofLifecycle && (teams === undefined || (team !== undefined && teams.includes(team)));
}

function hasConvention({ kind, metrics }: WrittenSource): boolean {
  return kind === 'prometheus' || metrics === undefined;
}

/**
 * The queries that alerting rules are made of, as the guard would ask them; by the convention without a file. null:
 * the metric is not measured by a Prometheus, so none can watch it.
 */
export function alertQueries(
  sources: MetricSources | undefined,
  team?: string,
): (scope: PromScope) => InstantQueries | null {
  return (scope) => {
    const { metric, lifecycle, window } = scope;
    if (sources === undefined) return instantQueries(promqlFor(undefined, scope), window);
    const source = sourceOf(sources.sources, { metric, lifecycle, team });
    if (source?.kind !== 'prometheus') return null;
    return instantQueries(promqlFor(definitionIn(source.metrics, metric), scope), window);
  };
}

/** Not what an object has by nature, such as `constructor`. */
export function definitionIn<D>(metrics: { readonly [metric: string]: D }, metric: string): D | undefined {
  return Object.hasOwn(metrics, metric) ? metrics[metric] : undefined;
}
