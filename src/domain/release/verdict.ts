import type { Digest } from '../digest.js';
import type { Instant } from '../vocabulary.js';

/**
 * Why an answer is no number that anything can be judged by. `several-series`: it is several numbers;
 * `no-single-number`: it is something else, such as a text; `bad-query`: the source refuses the question;
 * `incomplete`: the source warns that something is missing; `unavailable`: this source had no answer, others had.
 */
export type Doubt =
  | 'not-a-number'
  | 'several-series'
  | 'no-single-number'
  | 'bad-query'
  | 'incomplete'
  | 'unavailable';

/** What a metric source answered for one metric and one group of a window. */
export interface Sample {
  readonly metric: string;
  readonly group: string | null;
  /** Events counted, for a rate; null for a measured value. */
  readonly count: number | null;
  readonly value: number | null;
  readonly n: number;
  /** Where its window begins; absent: of the one window that was asked for. */
  readonly from?: Instant;
  /** Then the numbers mean nothing. */
  readonly doubt?: Doubt;
  /** Digest of what was asked, as a document. */
  readonly query?: Digest;
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
  readonly why: 'within' | 'beyond' | 'no-data' | 'few-samples' | Doubt;
  /** What was looked at, from the first instant after `from` to `to`; absent in records of older engines. */
  readonly window?: { readonly from: Instant; readonly to: Instant };
  /** Digest of what was asked, as a document; absent where the source does not say. */
  readonly query?: Digest;
}

/** Of a whole verification. `errored`: the source could not be asked. */
export type VerificationResult = 'passed' | 'failed' | 'errored' | 'inconclusive';
