/** Deadlines of what was promised or permitted for a time: conditions, exceptions, broken glass. */
import type { Deadline } from './deadline.js';
import { currentDelivery } from './delivery.js';
import type { Draft } from './draft.js';
import { expireException } from './exceptions.js';
import { liftHold, machineHold } from './holds.js';
import { raiseNotice } from './notices.js';
import type { Condition, State } from './state.js';

/** Before engine 3 a due date was only shown. */
function ofConditions({ conditions, engine }: State): Deadline[] {
  if (engine < 3) return [];
  return conditions
    .filter(({ missed }) => !missed)
    .map((condition) => ({
      at: condition.due,
      id: `condition/${condition.id}`,
      what: `condition ${condition.id} is due`,
      ...(condition.statutory ? { kind: 'statutory' } : {}),
      fire: (draft: Draft) => missCondition(draft, condition),
    }));
}

/** Unmet in time it holds what it was attached to, until its owner meets it or what it came with is gone. */
function missCondition(draft: Draft, { id, owner, due, delivery }: Condition): void {
  draft.emit({ type: 'ConditionMissed', condition: id, owner, due });
  const effect = draft.state.model.overdue?.condition ?? 'forward';
  const open = delivery === null ? draft.state.stage !== 'live' : currentDelivery(draft.state) === delivery;
  machineHold(draft, { effect, scope: open ? 'candidate' : 'serving', source: 'condition', about: id });
  raiseNotice(draft, { kind: 'hold', to: [owner], gate: null, due });
}

/** Holds go with the condition that they are about, however that went. */
export function liftMoot(draft: Draft): void {
  const { conditions, holds } = draft.state;
  const moot = holds.filter(
    ({ source, about }) => source === 'condition' && !conditions.some(({ id }) => id === about),
  );
  for (const hold of moot) liftHold(draft, { hold, by: [], causeClass: null, rootCause: null });
}

function ofGlass({ glass }: State): Deadline[] {
  return glass
    .filter(({ expired }) => !expired)
    .map(({ id, until, what }) => ({
      at: until,
      id: `glass/${id}`,
      what: `broken glass passes ${what} no longer`,
      fire: (draft: Draft) => draft.emit({ type: 'GlassExpired', glass: id }),
    }));
}

function ofExceptions({ exceptions }: State): Deadline[] {
  return exceptions.map((exception) => ({
    at: exception.until,
    id: `exception/${exception.id}`,
    what: `${exception.id} for ${exception.control} expires`,
    fire: (draft: Draft) => expireException(draft, exception),
  }));
}

/** All of them, in no order. */
export function overdue(state: State): Deadline[] {
  return [...ofConditions(state), ...ofExceptions(state), ...ofGlass(state)];
}
