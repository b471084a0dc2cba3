import type { Command } from '../../commands/payloads.js';
import { digestOf } from '../../digest.js';
import { findGate } from '../../gates/answer.js';
import { holdersOf } from '../../gates/authority.js';
import { moveClock } from '../../gates/clock.js';
import { answerProblems } from '../../governance/answers.js';
import { type Rejection, reject, rejectAll } from '../../rejection.js';
import { servingEnd } from '../../release/serving-term.js';
import { type PersonId, type Right, TIERS } from '../../vocabulary.js';
import { assess, assessment } from '../assessment.js';
import type { Draft } from '../draft.js';
import { closeGate, end } from '../gate-closing.js';
import { moveHandovers, settleHandovers } from '../handovers.js';
import { owners } from '../holds.js';
import { raiseNotice } from '../notices.js';
import { reopenScoping } from '../reopen.js';
import { openScopingGate } from '../review.js';
import { calendarOf, effectiveTier, scopingGateName } from '../rules.js';
import { refuseAfterScoping, scopingComplete } from '../scoping.js';
import type { State } from '../state.js';
import { turnFirstKey } from '../two-key.js';

export function updateBrief(
  draft: Draft,
  { actor, payload }: Command<'update-brief'>,
): Rejection | undefined {
  const { brief, missing } = payload;
  const closed = refuseAfterScoping(draft.state);
  if (closed) return closed;
  if (brief === draft.state.brief.digest)
    return reject('unchanged', 'this is the brief already on record', 'brief');
  draft.emit({ type: 'BriefUpdated', brief: { digest: brief, missing, author: actor.person } });
  return reopenScoping(draft, actor.person);
}

/** Nobody approves the changes they own, or decides under a policy that they edit. */
function refuseConflict({ rights, model }: State, right: Right, person: PersonId): Rejection | undefined {
  if (right !== 'stopShipHolder' && model.editors.includes(person)) {
    return reject('excluded', `${person} edits the operating model and decides nothing under it`, 'person');
  }
  const other = { technicalOwner: rights.changeApprover, changeApprover: rights.technicalOwner };
  if ((right !== 'technicalOwner' && right !== 'changeApprover') || other[right] !== person) return undefined;
  return reject('right-conflict', `${person} cannot be both technical owner and change approver`, right);
}

/** Who owns nothing here names a receiver only for what nobody holds any more, and somebody else than themselves. */
function refuseOutsider(state: State, by: PersonId, right: Right, person: PersonId): Rejection | undefined {
  if (owners(state).includes(by)) return undefined;
  const vacant = state.handovers.some((open) => open.right === right);
  if (vacant && person !== by) return undefined;
  const message = `${by} is neither an owner nor the lead, and so assigns only a right whose holder is gone, to somebody else`;
  return reject('not-permitted', message, 'person');
}

/** A right is offered and accepted; the stop-ship roster only grows, and whoever assigns themselves accepts. */
export function assignRight(
  draft: Draft,
  { actor, payload }: Command<'assign-right'>,
): Rejection | undefined {
  const { right, person } = payload;
  const { state } = draft;
  const outsider = refuseOutsider(state, actor.person, right, person);
  if (outsider) return outsider;
  if (!state.team.members.some((member) => member.person === person)) {
    return reject('not-found', `${person} is not a member of team ${state.team.id}`, 'person');
  }
  if (holdersOf(state.rights, right).includes(person))
    return reject('unchanged', `${person} already holds ${right}`, right);
  const conflict = refuseConflict(state, right, person);
  if (conflict) return conflict;
  if (right === 'stopShipHolder' || person === actor.person) {
    draft.emit({ type: 'RightAssigned', right, person });
    settleHandovers(draft);
    return undefined;
  }
  draft.emit({ type: 'RightOffered', right, person });
  raiseNotice(draft, { kind: 'handover', to: [person], gate: null, due: null });
  return undefined;
}

export function acceptHandover(
  draft: Draft,
  { actor, payload }: Command<'accept-handover'>,
): Rejection | undefined {
  const { right } = payload;
  if (draft.state.offers[right] !== actor.person) {
    return reject(
      'not-found',
      `${right} was not offered to ${actor.person}; ask an owner to assign it`,
      right,
    );
  }
  const conflict = refuseConflict(draft.state, right, actor.person);
  if (conflict) return conflict;
  draft.emit({ type: 'RightAssigned', right, person: actor.person });
  settleHandovers(draft);
  return undefined;
}

export function assessRisk(draft: Draft, { actor, payload }: Command<'assess-risk'>): Rejection | undefined {
  const { state } = draft;
  const facts = { ...state.facts, ...payload.facts };
  if (digestOf(facts) === digestOf(state.facts)) {
    return reject('unchanged', 'these are the answers already on record', 'facts');
  }
  const wrong = answerProblems(facts, state.model.facts);
  if (wrong.length > 0) {
    return rejectAll(wrong.map(({ fact, message }) => ({ code: 'no-such-answer', message, fact })));
  }
  const next = assessment(state, facts);
  if (state.tier.computed === 'prohibited' && next.computed !== 'prohibited') {
    return turnFirstKey(draft, actor, state.model.twoKey.correctProhibited, { type: 'correct-facts', facts });
  }
  assess(draft, facts);
  return undefined;
}

export function overrideTier(
  draft: Draft,
  { actor, payload }: Command<'override-tier'>,
): Rejection | undefined {
  const { state } = draft;
  const computed = effectiveTier(state.tier);
  if (computed === 'prohibited')
    return reject(
      'prohibited',
      'a prohibited use case is not lowered; correct the fact that led there',
      'tier',
    );
  if (TIERS.indexOf(payload.tier) >= TIERS.indexOf(computed)) {
    return reject(
      'not-lower',
      `the tier is ${computed}; a higher one comes from its facts, by assess-risk`,
      'tier',
    );
  }
  return turnFirstKey(draft, actor, state.model.twoKey.lowerTier, {
    type: 'lower-tier',
    tier: payload.tier,
    reason: payload.reason,
  });
}

export function openGateByCommand(
  draft: Draft,
  { actor, payload }: Command<'open-gate'>,
): Rejection | undefined {
  const { state } = draft;
  if (state.parked) return reject('parked', 'the use case is parked; resume it first', 'stage');
  if (state.gates[payload.gate])
    return reject('already-open', `gate ${payload.gate} is already open`, 'gate');
  const closed = refuseAfterScoping(state);
  if (closed) return closed;
  if (payload.gate !== scopingGateName(state)) {
    return reject(
      'gate-not-listed',
      `a ${state.mode} use case leaves scoping by its ${scopingGateName(state)} gate`,
      'gate',
    );
  }
  return rejectAll(scopingComplete(state)) ?? openScopingGate(draft, actor.person);
}

/** Changes were asked for there: what the other seats have to say is collected until it is submitted again. */
export function awaitsResubmission({ closed, gates }: State, id: string): boolean {
  return Object.values(closed).some((ended) => ended.id === id && ended.outcome === 'returned') && !gates[id];
}

export function comment(draft: Draft, { payload }: Command<'comment'>): Rejection | undefined {
  const gate = findGate(draft.state, payload.gate);
  if ('rejected' in gate && !awaitsResubmission(draft.state, payload.gate)) return gate;
  draft.emit({ type: 'CommentAdded', gate: payload.gate, comment: payload.comment });
  return undefined;
}

export function park(draft: Draft, { payload }: Command<'park'>): Rejection | undefined {
  if (draft.state.parked) return reject('unchanged', 'the use case is already parked');
  for (const gate of Object.values(draft.state.gates)) {
    // A conflict stays with its resolver, or nobody could end its hold.
    if (gate.name !== 'conflict') closeGate(draft, gate, 'withdrawn');
  }
  draft.emit({ type: 'Parked', reason: payload.reason });
  return undefined;
}

export function resume(draft: Draft): Rejection | undefined {
  if (!draft.state.parked) return reject('unchanged', 'the use case is not parked');
  draft.emit({ type: 'Resumed' });
  return undefined;
}

export function cancel(draft: Draft, { payload }: Command<'cancel'>): Rejection | undefined {
  draft.emit({ type: 'Cancelled', reason: payload.reason });
  end(draft, 'cancelled');
  return undefined;
}

/** A changed calendar moves what is still ahead, visibly; what has passed stays as it was. */
export function updateCalendar(draft: Draft, { payload }: Command<'update-calendar'>): Rejection | undefined {
  const { state, now } = draft;
  const { calendar } = payload;
  const before = state.model.calendars[calendar.id];
  if (!before) return reject('not-found', `the operating model knows no calendar ${calendar.id}`, 'calendar');
  if (before.version === calendar.version)
    return reject(
      'unchanged',
      `calendar ${calendar.id} is already at version ${calendar.version}`,
      'calendar',
    );
  draft.emit({ type: 'CalendarUpdated', calendar });
  if (calendarOf(state).id !== calendar.id) return undefined;
  for (const gate of Object.values(state.gates)) {
    const clock = moveClock(
      gate.clock,
      before,
      calendar,
      gate.clock.pausedAt ?? now,
      gate.clock.pausedAt ?? now,
    );
    draft.emit({ type: 'GateClockMoved', gate: gate.id, clock, why: 'calendar' });
  }
  moveHandovers(draft, before, calendar);
  moveServingTerm(draft);
  return undefined;
}

function moveServingTerm(draft: Draft): void {
  const { serving } = draft.state;
  const before = serving?.approval.serveUntil ?? null;
  if (!serving || before === null || before <= draft.now) return;
  const { termFrom: from } = serving;
  const serveUntil = servingEnd(draft.state, from);
  if (serveUntil === null || serveUntil === before) return;
  draft.emit({ type: 'ServingTermMoved', from, serveUntil, why: 'calendar' });
}
