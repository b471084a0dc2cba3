import { canonicalForm } from '../../src/domain/digest.js';
import { chainOf, genesisOf, nextHash } from '../../src/ledger/chain.js';
import {
  CursorInvalid,
  type Ledger,
  LedgerConflict,
  type LedgerEntry,
  LedgerGap,
  LedgerUnavailable,
  type PlacedEntry,
} from '../../src/ports/ledger.js';

/** A ledger in memory: chained, placed and refusing as the one in PostgreSQL. */
export class MemoryLedger implements Ledger {
  /** Away: every call fails. */
  away = false;
  reads = 0;
  readonly #chains = new Map<string, PlacedEntry[]>();

  chain(lifecycle: string | null): readonly PlacedEntry[] {
    return this.#chains.get(chainOf({ lifecycle })) ?? [];
  }

  append: Ledger['append'] = async (entries) => {
    this.#present();
    const next = new Map([...this.#chains].map(([name, placed]) => [name, [...placed]]));
    for (const entry of entries) {
      const known = [...next.values()].flat().find(({ id }) => id === entry.id);
      if (known !== undefined) {
        if (bodyOf(known) === canonicalForm(entry)) continue;
        throw new LedgerConflict(entry.id);
      }
      const chain = next.get(chainOf(entry)) ?? [];
      const expected = chain.reduce((last, { seq }) => seq ?? last, 0) + 1;
      if (entry.seq !== null && entry.seq < expected) throw new LedgerConflict(entry.id);
      if (entry.seq !== null && entry.seq > expected) throw new LedgerGap(entry.id, expected);
      const last = chain.at(-1);
      const before = last ? Buffer.from(last.hash, 'hex') : genesisOf(chainOf(entry));
      const hash = nextHash(before, canonicalForm(entry)).toString('hex');
      next.set(chainOf(entry), [...chain, { ...entry, position: chain.length + 1, hash }]);
    }
    this.#chains.clear();
    for (const [name, placed] of next) this.#chains.set(name, placed);
  };

  read: Ledger['read'] = async (lifecycle, after, limit) => {
    this.reads += 1;
    this.#present();
    if (after !== null && !/^[1-9]\d{0,14}$/.test(after)) throw new CursorInvalid(after);
    const rest = this.chain(lifecycle).slice(Number(after ?? 0));
    const entries = rest.slice(0, limit);
    return { entries, next: rest.length > limit ? String(entries.at(-1)?.position) : null };
  };

  #present(): void {
    if (this.away) throw new LedgerUnavailable('it is away');
  }
}

function bodyOf({ position: _position, hash: _hash, ...entry }: PlacedEntry): string {
  return canonicalForm(entry satisfies LedgerEntry);
}
