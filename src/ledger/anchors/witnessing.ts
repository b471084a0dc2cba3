import type pg from 'pg';
import type { Witness } from '../../ports/witness.js';
import { keepWitnessed, notWitnessed } from './checkpoints.js';

/** What one call hands over at most: a witness that was away for long is caught up with by several. */
const BATCH = 100;

/** Witnesses by name, such as `file`; the name is kept with what each has taken, so it stays the same. */
export type Witnesses = Readonly<Record<string, Witness>>;

export interface Witnessing {
  readonly names: readonly string[];
  /**
   * Hands a witness, oldest first, what it has not taken yet, and answers how many that were. What was taken is kept
   * at once, so that a call that fails half-way is continued by the next. `taken` is called after each.
   * Throws what the witness throws, and what the database throws.
   */
  publish(name: string, signal: AbortSignal, taken: (number: number) => void): Promise<number>;
}

export function createWitnessing(pool: pg.Pool, witnesses: Witnesses): Witnessing {
  return {
    names: Object.keys(witnesses),
    async publish(name, signal, taken) {
      const witness = witnesses[name];
      if (witness === undefined) throw new Error(`this worker knows no witness "${name}"`);
      const waiting = await notWitnessed(pool, name, BATCH);
      for (const signed of waiting) {
        const { number } = signed.checkpoint;
        await witness.publish(signed, signal);
        await keepWitnessed(pool, name, number);
        taken(number);
      }
      return waiting.length;
    },
  };
}
