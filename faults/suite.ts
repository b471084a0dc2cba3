/** One figure of the report: what a suite put the system through, and what came of it. */
export interface Report {
  readonly name: string;
  /** Lifecycles, or appends, that ran through it. */
  readonly n: number;
  /** Faults that took place; a suite in which fewer did than planned is not ok. */
  readonly fired: number;
  /** Acknowledged and not there afterwards. */
  readonly lost: number;
  /** There more than once, or there without ever having been sent. */
  readonly duplicated: number;
  /** From the end of a fault until the next append went through, at worst. */
  readonly slowestRecoveryMs: number;
  readonly seed: number;
  readonly ok: boolean;
}

export interface Run {
  readonly seed: number;
  readonly say: (line: string) => void;
}

/** A fault suite. Stops everything it started, whatever happens. */
export interface Suite {
  readonly name: string;
  run(run: Run): Promise<Report>;
}
