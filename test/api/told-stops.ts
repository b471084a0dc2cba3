import type { GuardSource, ToldStop } from '../../src/ports/guard-source.js';
import { LedgerUnavailable } from '../../src/ports/ledger.js';

/** What instances told one another of stops, as the database keeps it. */
export class ToldStops {
  away = false;
  hangs = false;
  readonly #told = new Map<string, { readonly stop: ToldStop; readonly until: number }>();

  tell: GuardSource['tell'] = async (stop) => {
    if (this.hangs) await new Promise(() => undefined);
    if (this.away) throw new LedgerUnavailable('away');
    const name = `${stop.key} ${stop.command}`;
    const seq = this.#told.get(name)?.stop.seq ?? stop.seq;
    this.#told.set(name, { stop: { ...stop, seq }, until: Date.now() + stop.ms });
    return seq;
  };

  get stops(): readonly ToldStop[] {
    return [...this.#told.values()].map(({ stop, until }) => ({
      ...stop,
      ms: Math.max(0, until - Date.now()),
    }));
  }
}
