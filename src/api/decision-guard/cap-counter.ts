import { createHash } from 'node:crypto';
import type { Capped, GuardLeases } from '../../ports/guard-leases.js';

/** Part of what is left that an instance holds at a time, at most and at least. */
const SLICE = { share: 1 / 20, most: 50, least: 1 } as const;
/** When a cap that was reached is asked for again: others may give back what they hold. */
const AGAIN_MS = 5_000;

/** `unknown`: there may be more, and it is not here. */
export type Room = 'counted' | 'room' | 'reached' | 'unknown';

/** Counts the people or the cases of one pilot within the slice that this instance leases. */
export class CapCounter {
  readonly #of: { readonly key: string; readonly of: Capped; readonly instance: string };
  readonly #leases: GuardLeases;
  readonly #known = new Set<string>();
  #pending: string[] = [];
  #salt: string | null = null;
  #left = 0;
  #taken = 0;
  #cap = 0;
  #n = 0;
  #after = 0;
  #askedAt = Number.NEGATIVE_INFINITY;

  constructor(of: { key: string; of: Capped; instance: string }, leases: GuardLeases) {
    this.#of = of;
    this.#leases = leases;
  }

  /** Whether there is room for it; `counted`: it is counted already. */
  room(reference: string): Room {
    const token = this.#token(reference);
    if (token === null) return 'unknown';
    if (this.#known.has(token)) return 'counted';
    if (this.#left > 0) return 'room';
    return this.#taken >= this.#cap ? 'reached' : 'unknown';
  }

  /** Counts it, where there was room. */
  count(reference: string): void {
    const token = this.#token(reference);
    if (token === null || this.#known.has(token) || this.#left <= 0) return;
    this.#left -= 1;
    this.#known.add(token);
    this.#pending.push(token);
  }

  /** Whether there is anything to tell or to ask for. */
  due(cap: number, now: number): boolean {
    if (this.#salt === null || cap !== this.#cap || this.#pending.length > 0) return true;
    return this.#left < this.#slice() && (this.#taken < cap || now - this.#askedAt >= AGAIN_MS);
  }

  /** Tells what was counted and asks for more. Throws `LedgerUnavailable`; nothing is lost then. */
  async sync(cap: number, now: number): Promise<void> {
    this.#cap = cap;
    this.#clamp();
    this.#askedAt = now;
    const slice = this.#salt === null ? this.#slice() : Math.max(0, this.#slice() - this.#left);
    await this.#lease(slice);
  }

  /** Gives back what is left. */
  async giveBack(): Promise<void> {
    if (this.#salt === null) return;
    this.#left = 0;
    await this.#lease(0);
  }

  async #lease(want: number): Promise<void> {
    const told = this.#pending.length;
    const left = this.#left;
    this.#n += 1;
    const answer = await this.#leases.lease({
      ...this.#of,
      n: this.#n,
      cap: this.#cap,
      left,
      counted: this.#pending,
      want,
      after: this.#after,
    });
    if (answer === null) return;
    // What was counted meanwhile came out of the same slice.
    this.#pending = this.#pending.slice(told);
    this.#left += answer.granted;
    this.#salt = answer.salt;
    this.#taken = answer.taken;
    this.#after = answer.position;
    for (const token of answer.tokens) this.#known.add(token);
    this.#clamp();
  }

  /** A cap that was lowered leaves less than was leased under it. */
  #clamp(): void {
    const elsewhere = this.#taken - this.#left;
    this.#left = Math.max(0, Math.min(this.#left, this.#cap - elsewhere));
  }

  #slice(): number {
    const share = Math.ceil((this.#cap - this.#taken + this.#left) * SLICE.share);
    return Math.max(SLICE.least, Math.min(SLICE.most, share));
  }

  #token(reference: string): string | null {
    if (this.#salt === null) return null;
    return createHash('sha256').update(`${this.#salt}\n${reference}`).digest('base64url').slice(0, 22);
  }
}
