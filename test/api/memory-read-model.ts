import type { Waiting } from '../../src/domain/lifecycle/view.js';
import { CursorInvalid, LedgerUnavailable } from '../../src/ports/ledger.js';
import type {
  InboxItem,
  LifecycleRow,
  ListQuery,
  ListSort,
  ReadModel,
  StaleView,
} from '../../src/ports/read-model.js';
import type { MemoryLedger } from './memory-ledger.js';

interface Known {
  readonly row: LifecycleRow;
  readonly waiting: readonly Waiting[];
  readonly view: StaleView | undefined;
}

const LATE = Number.POSITIVE_INFINITY;

const ORDER: { readonly [S in ListSort]: (a: LifecycleRow, b: LifecycleRow) => number } = {
  due: (a, b) => (a.nextDue ?? LATE) - (b.nextDue ?? LATE) || a.key.localeCompare(b.key),
  key: (a, b) => a.key.localeCompare(b.key),
  updated: (a, b) => b.updatedAt - a.updatedAt,
  opened: (a, b) => b.openedAt - a.openedAt,
};

/** A read model in memory, of rows that a test gives it and of the entries of a ledger in memory. */
export class MemoryReadModel implements ReadModel {
  /** Away: every call fails. Slow: every call takes so many milliseconds. */
  away = false;
  slowMs = 0;
  readonly #known = new Map<string, Known>();
  readonly #ledger: MemoryLedger | undefined;

  constructor(ledger?: MemoryLedger) {
    this.#ledger = ledger;
  }

  add(row: LifecycleRow, waiting: readonly Waiting[] = [], view?: StaleView): void {
    this.#known.set(row.key, { row, waiting, view });
  }

  lifecycles: ReadModel['lifecycles'] = async (query) => {
    await this.#present();
    const from = Number(query.cursor ?? 0);
    if (!Number.isInteger(from)) throw new CursorInvalid(query.cursor ?? '');
    const rows = [...this.#known.values()].filter((known) => matches(known, query)).map(({ row }) => row);
    const sorted = rows.sort(ORDER[query.sort]);
    const until = from + query.limit;
    return { items: sorted.slice(from, until), nextCursor: until < sorted.length ? String(until) : null };
  };

  inbox: ReadModel['inbox'] = async (person, teams, limit) => {
    await this.#present();
    const items: InboxItem[] = [...this.#known.values()]
      .filter(({ row }) => teams.includes(row.team))
      .flatMap(({ row: { key, title, stage, tier, team }, waiting }) =>
        waiting
          .filter(({ people }) => people.includes(person))
          .map((each) => ({ ...each, key, title, stage, tier, team })),
      );
    return items.sort((a, b) => (a.due ?? LATE) - (b.due ?? LATE)).slice(0, limit);
  };

  portfolio: ReadModel['portfolio'] = async (teams, now) => {
    await this.#present();
    const open = [...this.#known.values()]
      .map(({ row }) => row)
      .filter(({ team, stage }) => stage !== 'retired' && (teams === null || teams.includes(team)));
    const by = <K extends 'stage' | 'tier' | 'mode' | 'team'>(name: K) =>
      [...new Set(open.map((row) => row[name]))].map((value) => {
        const own = open.filter((row) => row[name] === value);
        const oldest = Math.min(...own.map(({ openedAt }) => openedAt));
        return { value, count: own.length, oldest };
      });
    return {
      open: open.length,
      held: open.filter(({ held }) => held).length,
      overdue: open.filter(({ nextDue }) => nextDue !== null && nextDue < now).length,
      byStage: by('stage').map(({ value, count, oldest }) => ({ stage: value, count, oldest })),
      byTier: by('tier').map(({ value, count }) => ({ tier: value, count })),
      byMode: by('mode').map(({ value, count }) => ({ mode: value, count })),
      byTeam: by('team').map(({ value, count }) => ({ team: value, count })),
    };
  };

  view: ReadModel['view'] = async (key) => {
    await this.#present();
    return this.#known.get(key)?.view;
  };

  team: ReadModel['team'] = async (key) => {
    await this.#present();
    return this.#known.get(key)?.row.team;
  };

  entriesOfType: ReadModel['entriesOfType'] = async (key, types, after, limit) => {
    await this.#present();
    const named: readonly string[] = types;
    const entries = this.#ledger?.chain(key) ?? [];
    return entries
      .filter(({ kind, type, position }) => kind === 'event' && named.includes(type) && position > after)
      .slice(0, limit);
  };

  recorded: ReadModel['recorded'] = async (keys) => {
    await this.#present();
    const last = keys.flatMap((key): [string, number][] => {
      const seq = this.#ledger?.chain(key).findLast((entry) => entry.seq !== null)?.seq;
      return seq === undefined || seq === null ? [] : [[key, seq]];
    });
    return new Map(last);
  };

  behind: ReadModel['behind'] = async () => {
    await this.#present();
    return 0;
  };

  async #present(): Promise<void> {
    if (this.slowMs > 0) await new Promise((resolve) => setTimeout(resolve, this.slowMs));
    if (this.away) throw new LedgerUnavailable('it is away');
  }
}

function matches({ row, waiting }: Known, query: ListQuery): boolean {
  const { teams, stage, mode, tier, team, owner, waitingOn, held, q } = query;
  const holders = Object.values(row.owners).flat();
  const asked = waiting.flatMap(({ people }) => people);
  const seats = row.waitingOn.flatMap((who) => [who, who.split(':').at(-1)]);
  return (
    (teams === null || teams.includes(row.team)) &&
    (stage === undefined || row.stage === stage) &&
    (mode === undefined || row.mode === mode) &&
    (tier === undefined || row.tier === tier) &&
    (team === undefined || row.team === team) &&
    (owner === undefined || holders.includes(owner)) &&
    (waitingOn === undefined || [...seats, ...asked].includes(waitingOn)) &&
    (held === undefined || row.held === held) &&
    (q === undefined || `${row.key} ${row.title}`.toLowerCase().includes(q.toLowerCase()))
  );
}

/** A row of the shipped onboarding team, with what differs. */
export function rowOf(key: string, differs: Partial<LifecycleRow> = {}): LifecycleRow {
  return {
    key,
    title: `Title of ${key}`,
    stage: 'review',
    mode: 'governed',
    tier: 'high',
    team: 'broker-onboarding',
    release: null,
    waitingOn: ['readiness:risk'],
    nextDue: null,
    held: false,
    exposure: 0,
    owners: { businessOwner: 'asha', stopShipHolder: ['kavya', 'meera'] },
    openedAt: 1_000,
    updatedAt: 2_000,
    version: 5,
    ...differs,
  };
}

/** One thing that is waited for, with what differs. */
export function waitingFor(people: readonly string[], differs: Partial<Waiting> = {}): Waiting {
  const what = 'decision of risk at readiness';
  return { kind: 'seat', who: 'readiness:risk', people, what, gate: 'readiness', due: null, ...differs };
}
