import type { LifecycleRow } from '../../ports/read-model.js';

/** Columns of projection.lifecycle that are read; times in milliseconds since 1970-01-01T00:00:00Z. */
interface LifecycleTable {
  readonly key: string;
  readonly seq: number;
  readonly updated_at: number;
  readonly opened_at: number;
  readonly stage: LifecycleRow['stage'];
  readonly mode: LifecycleRow['mode'];
  readonly tier: LifecycleRow['tier'];
  readonly team: string;
  readonly title: string;
  readonly search: string;
  readonly release: string | null;
  readonly held: boolean;
  readonly exposure: number | null;
  /** Infinity: never. */
  readonly due: number;
  readonly waiting_on: readonly string[];
  readonly functions: readonly string[];
  readonly people: readonly string[];
  readonly holders: readonly string[];
  readonly owners: LifecycleRow['owners'];
}

/** What lists are read from. */
export interface Tables {
  readonly 'projection.lifecycle': LifecycleTable;
}
