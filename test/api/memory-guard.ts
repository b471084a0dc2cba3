import { standingOf, tightened } from '../../src/domain/guard/standing.js';
import type { State } from '../../src/domain/lifecycle/state.js';
import type { HoldEffect } from '../../src/domain/vocabulary.js';
import type { GuardLeases, LeaseAnswer, LeaseRequest } from '../../src/ports/guard-leases.js';
import type { GuardSource } from '../../src/ports/guard-source.js';
import { LedgerUnavailable } from '../../src/ports/ledger.js';
import { ToldStops } from './told-stops.js';

/** Standings read from the states themselves, as if every event were projected at once. */
export class MemoryGuardSource implements GuardSource {
  /** While true, nothing can be read. */
  away = false;
  readonly #told = new ToldStops();
  readonly #states: () => readonly State[];
  readonly #held = new Map<string, HoldEffect>();

  constructor(states: () => readonly State[]) {
    this.#states = states;
  }

  /** A hold that another instance took. */
  hold(key: string, effect: HoldEffect): void {
    this.#held.set(key, effect);
  }

  changed: GuardSource['changed'] = async () => {
    if (this.away) throw new LedgerUnavailable('the database is away');
    const standings = this.#states().flatMap((state) => {
      const standing = standingOf(state);
      const effect = this.#held.get(state.key);
      const holds = effect === undefined ? [] : [{ id: 'h9', effect, scope: 'serving' as const }];
      return standing === null
        ? []
        : [{ key: state.key, seq: state.seq, standing: tightened(standing, holds) }];
    });
    return { standings, stops: this.#told.stops, mark: '1' };
  };

  tell: GuardSource['tell'] = async (stop) => {
    if (this.away) throw new LedgerUnavailable('the database is away');
    return this.#told.tell(stop);
  };
}

/** Slices by the same rules as in PostgreSQL, for one process. */
export class MemoryGuardLeases implements GuardLeases {
  away = false;
  readonly #tokens = new Map<string, string[]>();
  readonly #leases = new Map<string, { n: number; left: number }>();

  lease = async (request: LeaseRequest): Promise<LeaseAnswer | null> => {
    if (this.away) throw new LedgerUnavailable('the database is away');
    const { key, of, instance, n, cap, left, counted, want, after } = request;
    const place = `${key}/${of}`;
    const mine = `${place}/${instance}`;
    if ((this.#leases.get(mine)?.n ?? 0) >= n) return null;
    const known = this.#tokens.get(place) ?? [];
    for (const token of counted) if (!known.includes(token)) known.push(token);
    this.#tokens.set(place, known);
    const others = [...this.#leases].filter(([name]) => name.startsWith(`${place}/`) && name !== mine);
    const total = known.length + left + others.reduce((sum, [, lease]) => sum + lease.left, 0);
    const granted = Math.max(0, Math.min(want, cap - total));
    this.#leases.set(mine, { n, left: left + granted });
    const tokens = known.slice(after);
    return { granted, salt: 'salt', taken: total + granted, tokens, position: known.length };
  };
}
