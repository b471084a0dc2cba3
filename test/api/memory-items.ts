import {
  beginItem,
  evolveItem,
  type ItemEvent,
  type ItemState,
  isUndecided,
} from '../../src/domain/operations/item.js';
import { itemView } from '../../src/domain/operations/item-view.js';
import type { ItemModel } from '../../src/ports/item-model.js';
import type { MemoryLedger } from './memory-ledger.js';

/** Lists of items in memory: the domain's own fold of the entries of a ledger in memory. */
export class MemoryItems implements ItemModel {
  /** Keys of the lifecycles that have any. */
  readonly #keys: () => readonly string[];
  readonly #ledger: MemoryLedger;

  constructor(ledger: MemoryLedger, keys: () => readonly string[]) {
    this.#ledger = ledger;
    this.#keys = keys;
  }

  list: ItemModel['list'] = async ({ lifecycle, status, late, now, cursor, limit }) => {
    const from = Number(cursor ?? 0);
    const all = this.#of(lifecycle)
      .filter((state) => status === undefined || state.status === status)
      .filter((state) => late === undefined || (isUndecided(state) && state.due < now) === late)
      .sort((a, b) => b.openedAt - a.openedAt || (a.id < b.id ? 1 : -1));
    const items = all.slice(from, from + limit).map(itemView);
    return { items, nextCursor: from + limit < all.length ? String(from + limit) : null };
  };

  knows: ItemModel['knows'] = async (lifecycle, item) => this.#of(lifecycle).some(({ id }) => id === item);

  inbox: ItemModel['inbox'] = async (person, functions, teams, limit) =>
    this.#undecided(teams)
      .filter(
        ({ owner, function: name, status, secondLine }) =>
          owner === person || functions.includes(name) || (status === 'second-line' && secondLine === person),
      )
      .map((state) => ({
        key: state.lifecycle,
        title: state.lifecycle,
        stage: 'live' as const,
        tier: 'low' as const,
        team: state.team,
        kind: 'item' as const,
        who: `queue:${state.queue}`,
        people: [state.owner],
        what: `decide item ${state.id}`,
        gate: null,
        due: state.status === 'waiting' ? state.due : state.settles,
      }))
      .slice(0, limit);

  counts: ItemModel['counts'] = async (teams, now) => {
    const open = this.#undecided(teams);
    return { open: open.length, late: open.filter(({ due }) => due < now).length };
  };

  lateByQueue: ItemModel['lateByQueue'] = async (now) => {
    const late = this.#undecided(null).filter(({ due }) => due < now);
    return new Map(late.map(({ queue }) => [queue, late.filter((each) => each.queue === queue).length]));
  };

  #undecided(teams: readonly string[] | null): readonly ItemState[] {
    return this.#keys()
      .flatMap((key) => this.#of(key))
      .filter((state) => isUndecided(state) && (teams === null || teams.includes(state.team)));
  }

  #of(lifecycle: string): ItemState[] {
    const states = new Map<string, ItemState>();
    for (const { kind, type, at, by, data } of this.#ledger.chain(lifecycle)) {
      if (kind !== 'item') continue;
      const { item, n: _n, ...fields } = data as { item: string; n: number };
      const event = { type, ...fields } as ItemEvent;
      const known = states.get(item);
      if (known) states.set(item, evolveItem(known, event, at, by));
      else if (event.type === 'ItemOpened') states.set(item, beginItem(item, lifecycle, event, by ?? '', at));
    }
    return [...states.values()];
  }
}
