import type { Instant, PersonId } from '../vocabulary.js';
import type { DefaultOutcome, ItemState, ItemStatus, ItemSubject } from './item.js';

/** An item as lists and answers show it. */
export interface ItemView extends ItemSubject {
  readonly item: string;
  readonly queue: string;
  readonly status: ItemStatus;
  readonly owner: PersonId;
  readonly secondLine: PersonId | null;
  readonly default: DefaultOutcome;
  readonly due: Instant;
  readonly settles: Instant;
  readonly openedAt: Instant;
  readonly openedBy: PersonId;
  readonly decidedAt: Instant | null;
  readonly decidedBy: PersonId | null;
  readonly until: Instant | null;
  readonly differed: number;
}

export function itemView(state: ItemState): ItemView {
  const { id, queue, status, action, clause, case: reference, owner, secondLine, due, settles } = state;
  const { openedAt, openedBy, decidedAt, decidedBy, until, differed } = state;
  return {
    item: id,
    queue,
    status,
    action,
    clause,
    case: reference,
    owner,
    secondLine,
    default: state.default,
    due,
    settles,
    openedAt,
    openedBy,
    decidedAt,
    decidedBy,
    until,
    differed,
  };
}
