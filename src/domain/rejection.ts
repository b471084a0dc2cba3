/** Why something may not happen: values that every surface translates by one total map. */

export const REJECTION_CODES = [
  'not-permitted',
  'wrong-stage',
  'not-found',
  'gate-closed',
  'gate-held',
  'gate-frozen',
  'gate-not-listed',
  'stale-subject',
  'stale-generation',
  'excluded',
  'no-open-seat',
  'already-decided',
  'already-open',
  'nothing-to-retract',
  'held',
  'frozen',
  'right-vacant',
  'right-conflict',
  'incomplete',
  'unstaffed',
  'prohibited',
  'not-lower',
  'no-such-version',
  'no-such-answer',
  'evidence-stale',
  'evidence-about-another-release',
  'evidence-before-thresholds',
  'evidence-missing',
  'evidence-failed',
  'not-verified',
  'awaiting-acceptance',
  'nothing-to-roll-back',
  'cause-class-required',
  'root-cause-required',
  'two-keys-required',
  'over-cap',
  'box-ended',
  'extension-spent',
  'delivery-open',
  'parked',
  'closed',
  'beyond-calendar',
  'limit-reached',
  'not-passable',
  'unchanged',
  'action-differs',
  'already-used',
  'not-approved',
  'reauthentication-required',
] as const;
export type RejectionCode = (typeof REJECTION_CODES)[number];

export interface Reason {
  readonly code: RejectionCode;
  /** A sentence for a person: what is so, and what to do. */
  readonly message: string;
  /** What it is about: a field, a right, a gate, a clause. */
  readonly fact?: string;
  /** How the person has to sign in before it is repeated: within `maxAge` seconds, by one of these classes. */
  readonly authentication?: { readonly maxAge: number | null; readonly acr: readonly string[] };
}

export interface Rejection {
  readonly rejected: RejectionCode;
  readonly reasons: readonly Reason[];
}

/** A rejection with one reason. */
export function reject(code: RejectionCode, message: string, fact?: string): Rejection {
  return { rejected: code, reasons: [{ code, message, ...(fact === undefined ? {} : { fact }) }] };
}

/** A rejection that lists everything that stands against it; undefined when nothing does. */
export function rejectAll(reasons: readonly Reason[]): Rejection | undefined {
  const first = reasons[0];
  return first && { rejected: first.code, reasons };
}
