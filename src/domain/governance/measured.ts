/** What results come to by one clause of the spec. */
export interface EvidenceVerdict {
  readonly clause: string;
  readonly met: boolean;
  /** Absent in what was judged before engine 3. */
  readonly measured?: Measured;
}

/** One result beside what the spec asks of it. */
export interface Measured {
  /** Its name in the evidence: a metric, `metric/group`, or `<clause>.failed`. */
  readonly result: string;
  /** null: the evidence does not have it. */
  readonly value: number | null;
  /** Samples behind it; null: not stated. */
  readonly n: number | null;
  readonly op: '<=' | '>=';
  readonly limit: number;
  /** Samples it needs. */
  readonly minimum: number;
}
