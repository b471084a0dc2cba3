/** What a metric is in PromQL: by its definition, or by the convention for those that have none. */
import type { PromDefinition } from '../metric-sources.js';
import { type Filling, fillIn } from './placeholders.js';
import { promDuration } from './prom-duration.js';

/** What a metric is asked about; `window` in milliseconds. */
export interface PromScope {
  readonly metric: string;
  /** null: all cases together. */
  readonly group: string | null;
  readonly lifecycle: string;
  /** Label of the release, such as r1. */
  readonly release: string;
  /** `live`, or absent: wherever the release stands. */
  readonly step?: string;
  readonly window: number;
}

/** How one number is taken out of the values of a whole window, looked at every so many milliseconds. */
export interface Over {
  readonly everyMs: number;
  readonly take: 'avg' | 'min' | 'max' | 'last';
}

/** The queries of a metric. `either`: its value if there is one, else a rate. */
export type Asked =
  | { readonly kind: 'rate'; readonly count: string; readonly of: string }
  | { readonly kind: 'value'; readonly value: string; readonly n: string | null; readonly over: Over | null }
  | { readonly kind: 'either'; readonly count: string; readonly of: string; readonly value: string };

/** Names of the series that a metric without a definition is read from, with the labels of `labels` below. */
export const CONVENTION = {
  events: 'airworthy_events_total',
  cases: 'airworthy_cases_total',
  value: 'airworthy_value',
} as const;

/** The queries for a metric in a scope. The adapter and the alerting rules both ask these. */
export function promqlFor(definition: PromDefinition | undefined, scope: PromScope): Asked {
  if (definition === undefined) return byConvention(scope);
  const { lifecycle, release, step = 'live', group, window } = scope;
  // Prometheus knows no empty range.
  const filling: Filling = {
    lifecycle,
    release,
    step,
    group: group ?? '',
    window: promDuration(Math.max(1, window)),
  };
  const filled = (promql: string) => fillIn(promql, filling);
  if ('count' in definition)
    return { kind: 'rate', count: filled(definition.count), of: filled(definition.of) };
  const { value, n, over } = definition;
  return { kind: 'value', value: filled(value), n: n === undefined ? null : filled(n), over: over ?? null };
}

function byConvention({ metric, lifecycle, release, step, group, window }: PromScope): Asked {
  const range = `[${promDuration(Math.max(1, window))}]`;
  const text = (label: string, value: string) => `${label}=${JSON.stringify(value)}`;
  // A service that does not know about steps leaves the label out; what is live is no step of a rollout.
  const ofStep =
    step === undefined || step === 'live' ? [] : [`step=~${JSON.stringify(`|${escaped(step)}`)}`];
  const labels = [
    text('lifecycle', lifecycle),
    text('release', release),
    ...ofStep,
    text('group', group ?? ''),
  ];
  const series = (name: string, own: string) => `${name}{${[...labels, text('metric', own)].join(',')}}`;
  const counted = (name: string, own: string) => `sum(increase(${series(name, own)}${range}))`;
  return {
    kind: 'either',
    count: counted(CONVENTION.events, metric),
    // Cases of this metric only, or those that all metrics of the service share.
    of: `${counted(CONVENTION.cases, metric)} or ${counted(CONVENTION.cases, '')}`,
    value: series(CONVENTION.value, metric),
  };
}

/** Characters that mean something in a regular expression of Prometheus. */
function escaped(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&');
}

/** A metric as two instant queries; `n` null: nobody counts what its value rests on. */
export interface InstantQueries {
  readonly value: string;
  readonly n: string | null;
}

/** The same questions as one expression for the value and one for the samples, as an alerting rule needs them. */
export function instantQueries(asked: Asked, window: number): InstantQueries {
  switch (asked.kind) {
    case 'rate':
      return { value: ratio(asked), n: asked.of };
    case 'either': {
      const value = `(${asked.value})`;
      return { value: `${value} or on() (${ratio(asked)})`, n: `(${asked.of}) or on() (${value} * 0 + 1)` };
    }
    case 'value': {
      const { value, n, over } = asked;
      if (over === null) return { value, n };
      const values = `(${value})[${promDuration(Math.max(1, window))}:${promDuration(over.everyMs)}]`;
      return { value: `${over.take}_over_time(${values})`, n: n ?? `count_over_time(${values})` };
    }
  }
}

function ratio({ count, of }: { readonly count: string; readonly of: string }): string {
  return `(${count}) / on() (${of})`;
}
