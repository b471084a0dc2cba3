/**
 * A right whose holder is gone: nothing goes forward until somebody has accepted it. Its handover has a time of its
 * own, with reminders and escalation as a gate has; no time passes it by itself.
 */

import type { CompiledCalendar } from '../calendar/calendar.js';
import { rightsOf } from '../gates/authority.js';
import { chainFor, chainTargets } from '../gates/chain.js';
import { isClock, moveClock, startClock } from '../gates/clock.js';
import type { GateClock, Seat } from '../gates/gate.js';
import type { PersonId, Right } from '../vocabulary.js';
import type { Deadline } from './deadline.js';
import { endDelegation } from './delegations.js';
import type { Draft } from './draft.js';
import { liftHold, machineHold, owners } from './holds.js';
import { raiseNotice } from './notices.js';
import { calendarOf } from './rules.js';
import type { Handover, State, VacancyCause } from './state.js';

const seatOf = (right: Right): Seat => ({ id: right, authority: { right } });

function clockFor(draft: Draft, right: Right): GateClock | null {
  const { state, now } = draft;
  const rule = state.model.handover;
  if (!rule) return null;
  const clock = startClock(calendarOf(state), rule, chainFor(state, null, [seatOf(right)], rule), now);
  return isClock(clock) ? clock : null;
}

/** Whom a handover waits for: its receiver, or those who can name one. */
export function handoverAwaits(state: State, { right }: Pick<Handover, 'right'>): PersonId[] {
  const receiver = state.offers[right];
  return receiver === undefined ? owners(state) : [receiver];
}

/** The directory's answer about holders: what those who are gone held is vacant, they speak for nobody and owe nothing. */
export function confirmHolders(
  draft: Draft,
  asked: readonly PersonId[],
  gone: readonly { person: PersonId; why: VacancyCause }[],
): void {
  draft.emit({ type: 'HoldersConfirmed', asked, gone });
  for (const { person, why } of gone) {
    silence(draft, person);
    for (const right of rightsOf(draft.state.rights, person)) vacate(draft, right, person, why);
  }
  passConditions(
    draft,
    gone.map(({ person }) => person),
  );
}

/** What somebody who is gone was to meet, others meet: only its owner can, and overdue it would hold for good. */
function passConditions(draft: Draft, gone: readonly PersonId[]): void {
  const { rights, team, conditions } = draft.state;
  const to = [rights.operatingOwner, team.lead, ...owners(draft.state)].find(
    (person) => person !== undefined && !gone.includes(person),
  );
  if (to === undefined) return;
  for (const { id, owner, due, missed } of conditions.filter((condition) => gone.includes(condition.owner))) {
    draft.emit({ type: 'ConditionPassed', condition: id, from: owner, to });
    raiseNotice(draft, { kind: missed ? 'hold' : 'request', to: [to], gate: null, due });
  }
}

function vacate(draft: Draft, right: Right, person: PersonId, why: VacancyCause): void {
  draft.emit({ type: 'RightVacated', right, person, why, clock: clockFor(draft, right) });
  const { state } = draft;
  const handover = state.handovers.find((open) => open.right === right);
  // Of a roster, others are left.
  if (!handover) return;
  const due = handover.clock?.due ?? null;
  raiseNotice(draft, { kind: 'handover', to: handoverAwaits(state, handover), gate: null, due });
  if (state.holds.some(({ source }) => source === 'vacancy')) return;
  machineHold(draft, { effect: 'forward', scope: 'serving', source: 'vacancy' });
}

/** Nobody speaks for somebody who is gone, nor through them; where others are named, the next one speaks. */
function silence(draft: Draft, person: PersonId): void {
  for (const delegation of draft.state.delegations) {
    const { id, from, to } = delegation;
    const left = to.filter((each) => each !== person);
    if (from === person || (left.length === 0 && to.length > 0)) endDelegation(draft, id, 'gone');
    else if (left.length < to.length)
      draft.emit({ type: 'DelegationSet', delegation: { ...delegation, to: left } });
  }
}

/** With the last right accepted, what was held for want of it goes on. */
export function settleHandovers(draft: Draft): void {
  const hold = draft.state.holds.find(({ source }) => source === 'vacancy');
  if (!hold || draft.state.handovers.length > 0) return;
  liftHold(draft, { hold, by: [], causeClass: null, rootCause: null });
}

/** Reminders, then the steps of the chain. */
export function ofHandovers({ handovers, model }: State): Deadline[] {
  return handovers.flatMap(({ right, clock }) => {
    if (!clock) return [];
    const [reminder] = clock.reminders;
    const [step] = clock.steps;
    const shares = model.handover?.reminders ?? [];
    const share = String(shares[shares.length - clock.reminders.length] ?? 0);
    const id = `handover/${right}`;
    return [
      ...(reminder === undefined
        ? []
        : [
            {
              at: reminder,
              id: `${id}/1-reminder`,
              what: `remind of the handover of ${right}`,
              kind: 'business' as const,
              fire: (draft: Draft) => remind(draft, right, share),
            },
          ]),
      ...(step === undefined
        ? []
        : [
            {
              at: step.at,
              id: `${id}/2-${step.step}`,
              what: `escalate the handover of ${right} to ${step.step}`,
              kind: 'business' as const,
              fire: (draft: Draft) => escalate(draft, right),
            },
          ]),
    ];
  });
}

function clockOf({ state }: Draft, right: Right): GateClock | undefined {
  return state.handovers.find((open) => open.right === right)?.clock ?? undefined;
}

function remind(draft: Draft, right: Right, share: string): void {
  const clock = clockOf(draft, right);
  if (!clock) return;
  const to = handoverAwaits(draft.state, { right });
  const moved = { ...clock, reminders: clock.reminders.slice(1) };
  draft.emit({ type: 'HandoverMoved', right, what: 'reminded', step: share, to, clock: moved });
  raiseNotice(draft, { kind: 'reminder', to, gate: null, due: clock.due });
}

function escalate(draft: Draft, right: Right): void {
  const clock = clockOf(draft, right);
  const [next, ...steps] = clock?.steps ?? [];
  if (!clock || !next) return;
  const asked = chainTargets(draft.state, null, [seatOf(right)], next.step);
  const to = asked.length > 0 ? asked : [draft.state.team.lead];
  const moved = { ...clock, steps };
  draft.emit({ type: 'HandoverMoved', right, what: 'escalated', step: next.step, to, clock: moved });
  raiseNotice(draft, { kind: 'escalation', to, gate: null, due: clock.due });
}

/** A changed calendar moves what is ahead of a handover, as it does at gates. */
export function moveHandovers(draft: Draft, before: CompiledCalendar, after: CompiledCalendar): void {
  for (const { right, clock: running } of draft.state.handovers) {
    if (!running) continue;
    const clock = moveClock(running, before, after, draft.now, draft.now);
    draft.emit({ type: 'HandoverMoved', right, what: 'calendar', step: '', to: [], clock });
  }
}
