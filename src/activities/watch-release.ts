import { Context } from '@temporalio/activity';
import { ApplicationFailure, ApplicationFailureCategory } from '@temporalio/common';
import { type Counters, keyOf, NOTHING_COUNTED, type Seen, takeLook } from '../domain/live/counters.js';
import {
  type Answers,
  type AskedWindow,
  type Looked,
  lookAt,
  questionsOf,
  windowOf,
  windowsAt,
} from '../domain/live/look.js';
import type { Sample } from '../domain/release/verdict.js';
import type { Instant } from '../domain/vocabulary.js';
import type { Documents } from '../ports/documents.js';
import { type Measured, type MetricSource, MetricsUnavailable } from '../ports/metric-source.js';
import { recordQueries } from './record-queries.js';
import type { Activities } from './types.js';

/** How the failure of an attempt is called that saw no change. */
export const STILL_WATCHING = 'StillWatching';

/** A look that took long must not be followed by the next one at once. */
const LEAST_PAUSE_MS = 500;

type Watching = Parameters<Activities['watchRelease']>[0];

interface Asking {
  readonly source: MetricSource;
  readonly documents: Documents;
}
type Asked = ReadonlyMap<Instant, readonly Measured[]>;

/** Watches one release, look by look; its counters survive a lost worker in the heartbeat, and a fresh run judges again. */
export function createWatchRelease(
  source: MetricSource,
  documents: Documents,
): Pick<Activities, 'watchRelease'> {
  const deps = { source, documents };
  return {
    async watchRelease(watching): Promise<readonly Seen[]> {
      const { info } = Context.current();
      // The server's clock is ahead where time is skipped; it is behind where an attempt waited for a worker.
      const begun = Date.now();
      const at = Math.max(begun, info.currentAttemptScheduledTimestampMs);
      const { counters, seen } = await look(
        deps,
        watching,
        info.heartbeatDetails as Counters | undefined,
        at,
      );
      if (seen.length > 0) return seen;
      throw stillWatching(counters, watching.terms.poll - (Date.now() - begun));
    },
  };
}

/** Nothing changed: the attempt ends, and the next one finds the counters in the heartbeat. */
function stillWatching(counters: Counters, pause: number): ApplicationFailure {
  Context.current().heartbeat(counters);
  return ApplicationFailure.create({
    message: 'nothing changed; the next look is due later',
    type: STILL_WATCHING,
    nextRetryDelay: Math.max(LEAST_PAUSE_MS, pause),
    category: ApplicationFailureCategory.BENIGN,
  });
}

async function look(deps: Asking, watching: Watching, kept: Counters | undefined, at: Instant) {
  const { terms, since, open, silent } = watching;
  const known = { open, silent };
  const answers = await ask(deps, watching, windowsAt(terms, since, at), at);
  if (answers === 'errored') return takeLook(terms, known, kept ?? NOTHING_COUNTED, 'errored', at);
  const looked = lookAt(terms, since, at, answers);
  const counters = kept ?? (await judgedAgain(deps, watching, looked, at));
  const taken = takeLook(terms, known, counters, looked, at);
  if (taken.seen.length === 0) return taken;
  // What was asked is kept where it changed something, and not look by look.
  return takeLook(
    terms,
    known,
    counters,
    lookAt(terms, since, at, await recorded(deps, watching, answers)),
    at,
  );
}

async function recorded({ documents }: Asking, { lifecycle }: Watching, answers: Asked): Promise<Answers> {
  const all = [...answers].map(async ([from, measured]): Promise<[Instant, readonly Sample[]]> => {
    return [from, await recordQueries(documents, lifecycle, measured)];
  });
  return new Map(await Promise.all(all));
}

/**
 * Where nothing is kept, after a continue-as-new or a change, what fails now may have failed for long: the windows
 * before are judged again, as many as make a breach. Each is asked for once, whatever the number of its groups.
 */
async function judgedAgain(
  deps: Asking,
  watching: Watching,
  looked: readonly Looked[],
  at: Instant,
): Promise<Counters> {
  const failing: { [clauseAndGroup: string]: Instant } = {};
  const earlier = new Map<string, Promise<readonly Looked[]>>();
  const lookedAt: Earlier = (one, end) => {
    const name = `${one.check.id} ${end}`;
    const known = earlier.get(name) ?? lookBack(deps, watching, one, end);
    earlier.set(name, known);
    return known;
  };
  const failed = looked.filter(({ verdict }) => verdict.result === 'failed');
  await Promise.all(
    failed.map(async ({ verdict }) => {
      const first = await firstFailure(lookedAt, watching, verdict, at);
      if (first < at) failing[keyOf(verdict)] = first;
    }),
  );
  return { ...NOTHING_COUNTED, failing };
}

type Watched = Watching['terms']['checks'][number];

/** What a clause came to in the window that ended then; nothing where the source could not be asked. */
type Earlier = (one: Watched, end: Instant) => Promise<readonly Looked[]>;

async function lookBack(
  deps: Asking,
  watching: Watching,
  one: Watched,
  end: Instant,
): Promise<readonly Looked[]> {
  const { terms, since } = watching;
  const window = { from: windowOf(one, since, end), metrics: questionsOf(one) };
  const answers = await ask(deps, watching, [window], end);
  return answers === 'errored' ? [] : lookAt({ ...terms, checks: [one] }, since, end, answers);
}

/** The end of the first of the consecutive windows that failed up to now. */
async function firstFailure(
  lookedAt: Earlier,
  { since, terms }: Watching,
  { clause, group }: Looked['verdict'],
  at: Instant,
): Promise<Instant> {
  const one = terms.checks.find(({ check }) => check.id === clause);
  let first = at;
  for (let back = 1; one && back < one.check.failAfter; back++) {
    const end = at - back * one.stride;
    if (end <= since) break;
    const again = (await lookedAt(one, end)).find(({ verdict }) => verdict.group === group);
    if (again?.verdict.result !== 'failed') break;
    first = end;
  }
  return first;
}

/** The answers to windows that end together; `errored` where the source could not be asked. */
async function ask(
  { source }: Asking,
  { lifecycle, team, release, label, step, since }: Watching,
  windows: readonly AskedWindow[],
  to: Instant,
): Promise<Asked | 'errored'> {
  const { cancellationSignal } = Context.current();
  try {
    const answered = windows.map(async ({ from, metrics }): Promise<[Instant, readonly Measured[]]> => {
      const query = { lifecycle, team, release, label, step, since, from, to, metrics };
      return [from, await source.query(query, cancellationSignal)];
    });
    return new Map(await Promise.all(answered));
  } catch (error) {
    if (error instanceof MetricsUnavailable) return 'errored';
    throw error;
  }
}
