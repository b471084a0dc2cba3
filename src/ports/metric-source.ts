import type { Digest } from '../domain/digest.js';
import type { Sample } from '../domain/release/verdict.js';

export interface MetricQuery {
  readonly lifecycle: string;
  /** Whose lifecycle it is; absent: the source cannot be chosen by team. */
  readonly team?: string;
  readonly release: Digest;
  /** How people call the release, such as r1. */
  readonly label: string;
  /** Name of the rollout step, such as `shadow`, `canary-25`, `ramp-50`; `live` behind the rollout. */
  readonly step: string;
  /** `by`: the group to judge a metric for, as a check's `by` names it, or null for all cases together. */
  readonly metrics: readonly { readonly metric: string; readonly by: string | null }[];
  /** When the step began. This and the window's ends are milliseconds since 1970-01-01T00:00:00Z. */
  readonly since: number;
  /** The window: later than `from`, not later than `to`. */
  readonly from: number;
  readonly to: number;
}

export type { Sample };

/** What a sample is an answer to, for whoever wants to ask the same again: the source, and its queries by name. */
export type AskedQuery = {
  readonly source: string;
  readonly queries: { readonly [name: string]: string };
};

/** A sample, and where the source can say it, what it is an answer to. */
export interface Measured extends Omit<Sample, 'query'> {
  readonly asked?: AskedQuery;
}

export interface MetricSource {
  /**
   * What was measured in the window: one sample per metric asked for, its `group` the `by` of the question.
   * A metric that the source knows nothing of has none; a value that is no finite number is null, and where the source
   * can tell why an answer is no number, the sample says so as its doubt.
   * Throws `MetricsUnavailable`; the signal's reason when aborted.
   */
  query(query: MetricQuery, signal?: AbortSignal): Promise<readonly Measured[]>;
}

/** No answer, or none that can be understood. Says nothing about the release: never a pass, never a breach. */
export class MetricsUnavailable extends Error {
  override readonly name = 'MetricsUnavailable';
  readonly code = 'metrics-unavailable';
}
