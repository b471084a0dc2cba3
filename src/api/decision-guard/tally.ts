import type { Judgement } from '../../domain/guard/judge.js';
import type { GuardVerdict } from '../../domain/guard/rules.js';

/** Specs name their clauses alike (n1, p1, …); those beyond this many are counted together. */
const CLAUSES = 1_000;

/** How often what was answered. */
export interface Count {
  readonly verdict: GuardVerdict;
  readonly why: string;
  /** Empty: no clause decided. */
  readonly clause: string;
  count: number;
}

/** Counts verdicts by clause, of all lifecycles together: which there are is no secret of a metric. */
export class Tally {
  readonly #counts = new Map<string, Count>();

  add({ verdict, why, clause }: Judgement): void {
    const name = `${verdict} ${why} ${clause ?? ''}`;
    const known = this.#counts.get(name);
    if (known !== undefined) {
      known.count += 1;
      return;
    }
    if (this.#counts.size >= CLAUSES && clause !== null && clause !== 'other') {
      this.add({ verdict, why, clause: 'other', queue: null, incident: false });
      return;
    }
    this.#counts.set(name, { verdict, why, clause: clause ?? '', count: 1 });
  }

  get counts(): Iterable<Count> {
    return this.#counts.values();
  }
}
