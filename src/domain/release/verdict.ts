/** What a metric source answered for one metric and one group of a window. */
export interface Sample {
  readonly metric: string;
  readonly group: string | null;
  /** Events counted, for a rate; null for a measured value. */
  readonly count: number | null;
  readonly value: number | null;
  readonly n: number;
}

/** The judgement of one clause (and group): the words a person reads are made from it elsewhere. */
export interface Verdict {
  readonly clause: string;
  readonly group: string | null;
  readonly result: 'passed' | 'failed' | 'inconclusive';
  readonly value: number | null;
  readonly limit: number;
  readonly n: number;
  readonly minimum: number;
  /** 95 % interval of a rate; null for other metrics. */
  readonly interval: readonly [number, number] | null;
  readonly why: 'within' | 'beyond' | 'no-data' | 'not-a-number' | 'few-samples';
}

/** Of a whole verification. `errored`: the source could not be asked. */
export type VerificationResult = 'passed' | 'failed' | 'errored' | 'inconclusive';
