import type { Logger } from 'pino';
import { compileGuard } from '../../contracts/compile-guard.js';
import { parseForm } from '../../contracts/form.js';
import { type Spec, specForm } from '../../contracts/spec.js';
import type { Digest } from '../../domain/digest.js';
import type { GuardRules } from '../../domain/guard/rules.js';
import { type Standing, tightened } from '../../domain/guard/standing.js';
import type { Hold } from '../../domain/lifecycle/state.js';
import type { Documents } from '../../ports/documents.js';
import type { GuardSource, RecordedStanding, ToldStop } from '../../ports/guard-source.js';
import { within } from '../within.js';
import { type HandedOver, standingStill, withStop } from './handed-over.js';
import { createTelling } from './telling.js';

/** How often the projection is asked what changed. */
const POLL_MS = 250;
/** A round waits for an answer this long, and a later round takes it: the first one may be all there is. */
const PATIENCE_MS = 800;
/** From this age on a question counts as lost, as on a connection that died silently, and is asked anew. */
const LOST_MS = 30_000;
/** From this age on the book cannot know what holds now: what stops everything would have to be in it by then. */
const OUT_OF_DATE_MS = 1_000;
/** A hold that was handed over and not heard of since stands for this long, however often other news come. */
const HANDED_OVER_MS = 10_000;
/** After so many rounds what could not be read is tried again. */
const ROUNDS_UNREAD = 40;
/** Specs compiled between two looks at whatever else waits. */
const COMPILED_AT_ONCE = 50;

type Stops = readonly Pick<Hold, 'id' | 'effect' | 'scope'>[];

/** What this instance heard of a lifecycle before the projection showed it. */
interface Noted {
  readonly holds: Stops;
  /** Number of the event from which on the projection shows it. */
  readonly from: number;
}

interface Entry {
  recorded: RecordedStanding;
  noted: Noted | null;
  /** On a list of their own: what is noted of other commands must not take them away. */
  handedOver: readonly HandedOver[];
  /** All of it together. */
  standing: Standing;
}

/** What is exposed, under which rules, in memory: all that a check is judged by. */
export interface GuardBook {
  standing(key: string): Standing | undefined;
  /** undefined: the spec cannot be had yet. */
  rules(spec: Digest): GuardRules | undefined;
  /** Whether it knows what holds now. */
  readonly current: boolean;
  readonly size: number;
  /** Standings with caps, for whoever counts. */
  capped(): Iterable<readonly [key: string, standing: Standing]>;
  /** The holds of a lifecycle as a command left them that was answered here, with the number of its first event. */
  note(key: string, holds: Stops, from: number): void;
  /**
   * A hold that was handed over to the engine, which has not answered. Resolves once all other instances are told, or
   * could not be yet; they are told again.
   */
  noteHandedOver(key: string, command: string, hold: Pick<Hold, 'effect' | 'scope'>): Promise<void>;
  /** Tells all other instances of a hold that was answered here, with the number of its first event. */
  tell(key: string, command: string, hold: Pick<Hold, 'effect' | 'scope'>, from: number): void;
  /** Asks what changed; called by the timer, and by whoever cannot wait for it. Never throws. */
  refresh(): Promise<void>;
  close(): void;
}

export function createGuardBook(
  source: GuardSource,
  documents: Pick<Documents, 'get'>,
  log: Pick<Logger, 'warn' | 'info'>,
): GuardBook {
  const entries = new Map<string, Entry>();
  const compiled = new Map<Digest, GuardRules>();
  /** Specs of what is exposed that are not compiled. */
  const missing = new Set<Digest>();
  /** Those that could not be read; tried again now and then. */
  const unreadable = new Set<Digest>();
  /** Stops of what is not known to be exposed yet. */
  const early = new Map<string, readonly HandedOver[]>();
  let mark: string | null = null;
  let asOf = Number.NEGATIVE_INFINITY;
  let closed = false;

  const put = (recorded: RecordedStanding): void => {
    const known = entries.get(recorded.key);
    if (known !== undefined && known.recorded.seq > recorded.seq) return;
    const noted = known?.noted ?? null;
    const shown = noted !== null && recorded.seq >= noted.from;
    const { standing } = recorded;
    const handedOver = known?.handedOver ?? early.get(recorded.key) ?? [];
    early.delete(recorded.key);
    const entry = { recorded, noted: shown ? null : noted, handedOver, standing };
    settle(entry);
    entries.set(recorded.key, entry);
    for (const { spec } of recorded.standing.releases) if (!compiled.has(spec)) missing.add(spec);
  };

  const take = (stop: ToldStop): void => {
    const { key } = stop;
    const entry = entries.get(key);
    if (entry === undefined) {
      early.set(key, withStop(early.get(key) ?? [], stop, Date.now()));
      return;
    }
    entry.handedOver = withStop(entry.handedOver, stop, Date.now());
    settle(entry);
  };

  const telling = createTelling(source, log, take);

  const compile = async (): Promise<void> => {
    let done = 0;
    for (const digest of missing) {
      const document = await documents.get(digest);
      const parsed = document === undefined ? undefined : parseForm<Spec>(specForm, document);
      missing.delete(digest);
      if (parsed?.ok === true) compiled.set(digest, compileGuard(parsed.value));
      else {
        unreadable.add(digest);
        log.warn(
          { spec: digest },
          'a spec that is exposed cannot be read: the guard blocks what acts under it',
        );
      }
      done += 1;
      if (done % COMPILED_AT_ONCE === 0) await new Promise((resolve) => setImmediate(resolve));
    }
  };
  const forget = (): void => {
    if (compiled.size <= 2 * entries.size + COMPILED_AT_ONCE) return;
    const used = new Set<Digest>();
    for (const { recorded } of entries.values())
      for (const { spec } of recorded.standing.releases) used.add(spec);
    for (const digest of compiled.keys()) if (!used.has(digest)) compiled.delete(digest);
  };

  let compiling: Promise<void> | undefined;
  const compileAll = (): Promise<void> => {
    compiling ??= compile()
      .catch((error: unknown) => log.warn({ err: error }, 'the specs of what is exposed cannot be read'))
      .finally(() => {
        compiling = undefined;
      });
    return compiling;
  };

  let refreshing: Promise<void> | undefined;
  let hearing: { readonly begun: number; readonly heard: Promise<void> } | undefined;
  const hear = async (begun: number): Promise<void> => {
    const answer = await source.changed(mark);
    for (const recorded of answer.standings) put(recorded);
    for (const stop of answer.stops) take(stop);
    mark = answer.mark;
    // What holds is known from here on; rules that are still missing are a question of their own.
    asOf = Math.max(asOf, begun);
  };
  const ask = async (): Promise<void> => {
    const begun = Date.now();
    if (hearing === undefined || begun - hearing.begun >= LOST_MS) {
      const heard = hear(begun).finally(() => {
        if (hearing?.heard === heard) hearing = undefined;
      });
      hearing = { begun, heard };
    }
    telling.again();
    await within(PATIENCE_MS, hearing.heard);
    if (missing.size > 0) await within(PATIENCE_MS, compileAll());
    forget();
  };

  let timer: NodeJS.Timeout;
  let rounds = 0;
  const later = (): void => {
    if (closed) return;
    timer = setTimeout(() => {
      rounds += 1;
      if (rounds % ROUNDS_UNREAD === 0) {
        for (const digest of unreadable) missing.add(digest);
        unreadable.clear();
      }
      void book.refresh().finally(later);
    }, POLL_MS);
    timer.unref();
  };

  const book: GuardBook = {
    standing(key) {
      const entry = entries.get(key);
      if (entry !== undefined && entry.handedOver.length > 0) settle(entry);
      return entry?.standing;
    },
    rules: (spec) => compiled.get(spec),
    get current() {
      return Date.now() - asOf <= OUT_OF_DATE_MS;
    },
    get size() {
      return entries.size;
    },
    *capped() {
      for (const [key, { standing }] of entries) if (standing.caps !== null) yield [key, standing];
    },
    note(key, holds, from) {
      const entry = entries.get(key);
      if (entry === undefined || entry.recorded.seq >= from) return;
      // An answer that comes late does not know of the holds that a later command took.
      if (entry.noted !== null && entry.noted.from > from) return;
      entry.noted = { holds, from };
      entry.standing = effective(entry);
    },
    noteHandedOver(key, command, { effect, scope }) {
      const entry = entries.get(key);
      const seq = Math.max(entry?.recorded.seq ?? 0, entry?.noted?.from ?? 0) + 1;
      const stop = { key, command, effect, scope, seq, ms: HANDED_OVER_MS };
      take(stop);
      return telling.tell(stop);
    },
    tell(key, command, { effect, scope }, from) {
      void telling.tell({ key, command, effect, scope, seq: from, ms: 0 });
    },
    refresh() {
      refreshing ??= ask().finally(() => {
        refreshing = undefined;
      });
      return refreshing;
    },
    close() {
      closed = true;
      clearTimeout(timer);
    },
  };
  void book.refresh().finally(later);
  return book;
}

function effective({ recorded, noted, handedOver }: Entry): Standing {
  if (noted === null && handedOver.length === 0) return recorded.standing;
  return tightened(recorded.standing, [...(noted?.holds ?? []), ...handedOver.map(({ hold }) => hold)]);
}

function settle(entry: Entry): void {
  entry.handedOver = standingStill(entry.handedOver, entry.recorded.seq, Date.now());
  entry.standing = effective(entry);
}
