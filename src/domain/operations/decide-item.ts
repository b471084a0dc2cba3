/**
 * The decider of exception items. What is due fires first, then the command is judged on what that left; so an approval
 * that comes late never beats the default outcome, and one that was not used in time allows nothing. Pure.
 */
import { type Rejection, reject } from '../rejection.js';
import type { Instant, PersonId } from '../vocabulary.js';
import { beginItem, evolveItem, type ItemEvent, type ItemState, isUndecided } from './item.js';
import type { ItemCommand } from './item-commands.js';

/** How long an approval can be used. */
export const USABLE_MS = 15 * 60_000;
/** Tries with another action that are recorded; those beyond are refused all the same. */
const MOST_DIFFERED = 20;

/** An event and who caused it; null: time did. */
interface Caused {
  readonly event: ItemEvent;
  readonly by: PersonId | null;
}

/**
 * What happens and the state that it leads to. With `refused`, the events are the record of a try that was blocked:
 * they are kept, and the caller is refused.
 */
export interface ItemOutcome {
  readonly events: readonly Caused[];
  readonly state: ItemState;
  readonly refused?: Rejection;
}

interface ItemDeadline {
  readonly at: Instant;
  /** What fires, in words, for the timer's summary. */
  readonly what: string;
  readonly event: ItemEvent;
}

/** The one instant at which time alone changes it next; null: it waits for no time any more. */
export function itemDeadline(state: ItemState): ItemDeadline | null {
  const { status, queue, secondLine, due, settles, until } = state;
  if (status === 'approved' && until !== null)
    return { at: until, what: 'the approval lapses unused', event: { type: 'ItemLapsed' } };
  if (status === 'waiting' && secondLine !== null) {
    const event = { type: 'ItemPassedOn', to: secondLine, settles } as const;
    return { at: due, what: `queue ${queue} is late: pass it to the second line`, event };
  }
  if (!isUndecided(state)) return null;
  const event = { type: 'ItemDefaulted', outcome: state.default } as const;
  return { at: settles, what: `nobody decided: ${state.default}`, event };
}

/** Opens an item. Its own `settles` never lies before its `due`. */
export function openItem({ actor, payload }: ItemCommand<'open-item'>, now: Instant): ItemOutcome {
  const { item, action, clause, case: reference, terms } = payload;
  const { lifecycle, ...under } = terms;
  const event = { type: 'ItemOpened', action, clause, case: reference, ...under } as const;
  return {
    events: [{ event, by: actor.person }],
    state: beginItem(item, lifecycle, event, actor.person, now),
  };
}

/** Lets everything happen that is due. */
export function settleItem(state: ItemState, now: Instant): ItemOutcome {
  let [settled, events]: [ItemState, readonly Caused[]] = [state, []];
  for (;;) {
    const next = itemDeadline(settled);
    if (next === null || next.at > now) return { events, state: settled };
    settled = evolveItem(settled, next.event, now, null);
    events = [...events, { event: next.event, by: null }];
  }
}

/** Judges a command of a person or a machine, after everything that is due. */
export function decideItem(
  command: ItemCommand<'decide-item' | 'use-item'>,
  before: ItemState,
  now: Instant,
): ItemOutcome | Rejection {
  // A proven command is of one item, and must not do its work at another.
  if (command.payload.item !== before.id)
    return reject('not-found', `this is item ${before.id}, not ${command.payload.item}`, 'item');
  const due = settleItem(before, now);
  const judged = command.name === 'decide-item' ? answer(command, due.state, now) : use(command, due.state);
  if ('rejected' in judged) return judged;
  const by = command.actor.person;
  return {
    events: [...due.events, { event: judged.event, by }],
    state: evolveItem(due.state, judged.event, now, by),
    ...(judged.refused && { refused: judged.refused }),
  };
}

type Judged = { readonly event: ItemEvent; readonly refused?: Rejection } | Rejection;

function answer({ actor, payload }: ItemCommand<'decide-item'>, state: ItemState, now: Instant): Judged {
  const { action, decision, reason } = payload;
  if (!isUndecided(state)) return reject('already-decided', `the item is ${state.status} already`, 'item');
  if (actor.roles.includes('machine'))
    return reject('not-permitted', 'a person decides items, no machine does', 'person');
  if (!mayDecide(state, actor)) {
    const who = `${state.owner}, ${state.function} of ${state.team}${state.status === 'second-line' ? ` or ${state.secondLine}` : ''}`;
    return reject('not-permitted', `queue ${state.queue} is decided by ${who}`, 'person');
  }
  if (action !== state.action)
    return reject('stale-subject', 'the item is about another action; look at it again', 'action');
  if (decision === 'deny') return { event: { type: 'ItemDenied', reason } };
  if (actor.person === state.openedBy)
    return reject('excluded', 'whoever asked for the review does not approve it', 'person');
  return { event: { type: 'ItemApproved', action, reason, until: now + USABLE_MS } };
}

function mayDecide(state: ItemState, { person, functions, teams }: ItemCommand['actor']): boolean {
  return (
    person === state.owner ||
    (state.status === 'second-line' && person === state.secondLine) ||
    (functions.includes(state.function) && teams.includes(state.team))
  );
}

function use({ payload: { action } }: ItemCommand<'use-item'>, state: ItemState): Judged {
  if (state.status === 'used')
    return reject('already-used', 'the approval was used; open an item for the next action', 'item');
  if (state.status !== 'approved')
    return reject('not-approved', `nothing is allowed: the item is ${state.status}`, 'item');
  if (action === state.action) return { event: { type: 'ItemUsed', action } };
  const refused = reject('action-differs', 'another action was approved; this one is blocked', 'action');
  return state.differed < MOST_DIFFERED
    ? { event: { type: 'ItemActionDiffered', action }, refused }
    : refused;
}
