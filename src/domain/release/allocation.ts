import type { Digest } from '../digest.js';

/**
 * Who serves a use case's traffic. What neither candidate nor serving release takes goes to the manual
 * fallback, so an allocation with both null is exposure zero.
 */
export type Allocation = {
  /** In a shadow, `percent` of the cases is copied to the candidate and its answers reach nobody. */
  readonly candidate: { readonly release: Digest; readonly percent: number; readonly shadow: boolean } | null;
  /** `percent` is 0 to 100, and together with an exposed candidate's at most 100. */
  readonly serving: { readonly release: Digest; readonly percent: number } | null;
  /** The people a pilot is limited to, as a list in the document store and their number. */
  readonly cohort: { readonly digest: Digest; readonly people: number } | null;
  /** `all`: every case is reviewed by a person. */
  readonly review: 'normal' | 'all';
};

/** What is asked of the target, and what it has shown. */
export interface ExposureState {
  /** Rises with every requested allocation; targets refuse lower ones. */
  readonly fence: number;
  readonly wanted: Allocation;
  /** `unknown` from request to read-back. */
  readonly applied: Allocation | 'unknown';
  /** A rollback asked for it and it has not been read back: another order joins that rollback. */
  readonly goingBack?: true;
}
