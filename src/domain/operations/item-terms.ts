/**
 * What a lifecycle says about exception items, as a reading of its state: the terms of a queue, and whether anything
 * may be done about items now. Asked by query, so that no item adds to the lifecycle's history.
 */
import { addBusinessTime } from '../calendar/business-time.js';
import type { CalendarInstant, CompiledCalendar } from '../calendar/calendar.js';
import { parseDuration } from '../calendar/duration.js';
import { isWho } from '../commands/permits.js';
import type { Actor } from '../lifecycle/actor.js';
import { deliveryOf } from '../lifecycle/delivery.js';
import { calendarOf, rulesOf } from '../lifecycle/rules.js';
import type { State } from '../lifecycle/state.js';
import type { QueueTerms } from '../policy.js';
import { type Rejection, reject, rejectAll } from '../rejection.js';
import type { CompiledSpec, Queue } from '../spec/spec.js';
import { BUSINESS_FUNCTIONS, type BusinessFunction, type Instant, type PersonId } from '../vocabulary.js';
import type { ItemTerms } from './item.js';
import { ITEM_COMMANDS } from './item-commands.js';

/** What is asked about an item that is to be opened. */
export interface ItemQuestion {
  /** null: the only one there is. */
  readonly queue: string | null;
  readonly clause: string | null;
  /** Whether an agent waits for the answer, for which the operating model may have terms of its own. */
  readonly agent: boolean;
}

/** The queue of a use case whose spec names none. */
const DEFAULT_QUEUE = 'default';
/** Queues are work of operations: theirs is the second pair of eyes, and their head the second line. */
const FUNCTION: BusinessFunction = 'operations';

/** The terms of an item that this person opens now, or why it cannot be opened. */
export function itemTerms(
  state: State,
  actor: Actor,
  asked: ItemQuestion,
  now: Instant,
): ItemTerms | Rejection {
  const refusal = refuseAsking(state, actor, 'open-item');
  if (refusal) return refusal;
  const rules = rulesOf(state)?.queue;
  if (!rules)
    return reject('prohibited', 'the use case is prohibited; no case of it can be approved', 'tier');
  const spec = servedSpec(state);
  if (asked.clause !== null && spec && !(asked.clause in spec.clauses))
    return reject('not-found', `what serves has no clause ${asked.clause}; take one of its spec`, 'clause');
  const queue = queueFor(state, spec, asked.queue);
  if ('rejected' in queue) return queue;
  const terms = asked.agent ? (rules.agents ?? rules) : rules;
  return withTimes(state, queue, terms, now);
}

/** Why this person cannot open items here, or use an approval, now; undefined where they can. */
export function refuseAsking(
  state: State,
  actor: Actor,
  command: 'open-item' | 'use-item',
): Rejection | undefined {
  const { who, stages } = ITEM_COMMANDS[command];
  if (state.stage === 'retired')
    return reject('closed', 'the use case is retired; nothing acts for it', 'stage');
  if (!who.some((each) => isWho(state, actor, each)))
    return reject(
      'not-permitted',
      `${command} is for ${who.join(', ')}; ${actor.person} is none of them`,
      'person',
    );
  if (!(stages as readonly string[]).includes(state.stage) || !isExposed(state))
    return reject('wrong-stage', 'nothing is exposed yet, so there are no cases', 'stage');
  if (command === 'open-item') return undefined;
  return rejectAll(
    state.holds
      .filter(({ effect, scope }) => effect === 'stopped' && scope === 'serving')
      .map(({ id }) => ({ code: 'held', message: `hold ${id} stops everything that serves`, fact: id })),
  );
}

/** Cases exist from the first exposure on, be it in shadow. */
function isExposed({ serving, exposure }: State): boolean {
  return serving !== null || exposure.applied === 'unknown' || exposure.applied.candidate !== null;
}

function servedSpec(state: State): CompiledSpec | null {
  const delivery = deliveryOf(state);
  const candidate = delivery?.step === 'release' ? delivery.spec.spec : null;
  return state.serving?.spec.spec ?? candidate ?? state.pilot?.spec.spec ?? null;
}

function queueFor(state: State, spec: CompiledSpec | null, asked: string | null): Queue | Rejection {
  const { team, rights } = state;
  const queues: readonly Queue[] =
    spec && spec.queues.length > 0
      ? spec.queues
      : [{ id: DEFAULT_QUEUE, owner: rights.operatingOwner ?? rights.technicalOwner ?? team.lead }];
  const [only, ...others] = queues;
  if (asked === null && only && others.length === 0) return only;
  const names = queues.map(({ id }) => id).join(', ');
  return (
    queues.find(({ id }) => id === asked) ??
    reject('not-found', `name one of the queues there are: ${names}`, 'queue')
  );
}

/** Both instants are fixed when the item is opened: neither moves when a calendar does. */
function withTimes(state: State, queue: Queue, terms: QueueTerms, now: Instant): ItemTerms | Rejection {
  const calendar = state.model.calendars[queue.calendar ?? ''] ?? calendarOf(state);
  const first = queue.sla ?? terms.sla;
  // What a spec states in elapsed time a demonstration shortens, as it does everywhere.
  const factor = queue.sla === undefined ? 1 : state.model.timeScale;
  const due = after(calendar, now, first, factor);
  const secondLine =
    namedBy(state, queue.secondLine) ?? (terms.secondLine ? headFor(state, queue.owner) : null);
  const [second, scale] = terms.secondLine ? [terms.secondLine.sla, 1] : [first, factor];
  const settles = secondLine !== null && due.ok ? after(calendar, due.at, second, scale) : due;
  if (!due.ok || !settles.ok)
    return reject(
      'beyond-calendar',
      `calendar ${calendar.id} does not reach to the end of the SLA`,
      calendar.id,
    );
  return {
    lifecycle: state.key,
    team: state.team.id,
    queue: queue.id,
    owner: queue.owner,
    function: FUNCTION,
    secondLine,
    due: due.at,
    settles: settles.at,
    default: queue.default ?? terms.default,
    release: state.serving?.release.digest ?? null,
  };
}

/** A spec may name a person, or the head of a function such as operations-head. */
function namedBy({ team }: State, written: string | undefined): PersonId | undefined {
  const head = BUSINESS_FUNCTIONS.find((name) => written === `${name}-head`);
  return (head && team.heads[head]) ?? written;
}

/** Somebody else than the first line. */
function headFor({ team }: State, owner: PersonId): PersonId | null {
  return [team.heads[FUNCTION], team.lead].find((person) => person !== undefined && person !== owner) ?? null;
}

function after(calendar: CompiledCalendar, from: Instant, written: string, factor: number): CalendarInstant {
  const duration = parseDuration(written);
  switch (duration?.kind) {
    case 'business':
      return addBusinessTime(calendar, from, duration);
    case 'elapsed':
      return { ok: true, at: from + Math.round(duration.ms * factor) };
    case 'calendar-months':
    case undefined:
      throw new RangeError(`"${written}" is no time for a person; the form of the policy refuses it`);
  }
}
