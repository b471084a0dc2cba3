/** Acts of two people that pass what would stand in the way: broken glass and policy exceptions. */
import type { Command } from '../../commands/payloads.js';
import { findGate } from '../../gates/answer.js';
import { openSeats } from '../../gates/seats.js';
import { MAX_EXCEPTIONS } from '../../governance/exception.js';
import { type Rejection, reject, rejectAll } from '../../rejection.js';
import type { Instant } from '../../vocabulary.js';
import { excludedFrom, neverPassed, type Passes, prepareReview, standsInTheWay } from '../break-glass.js';
import { authorsOf, deliveryOf } from '../delivery.js';
import type { Draft } from '../draft.js';
import { passableControls, placeAhead } from '../exceptions.js';
import type { State } from '../state.js';
import { refuseKeyless, turnFirstKey } from '../two-key.js';

function refuseUntil(until: Instant, now: Instant, longest: number): Rejection | undefined {
  if (until > now && until <= now + longest) return undefined;
  const latest = new Date(now + longest).toISOString();
  return reject('over-cap', `it ends in the future and by ${latest} at the latest`, 'until');
}

/** What glass is broken for, as the command names it and as the model lets it be passed. */
function whatPasses(state: State, { payload }: Command<'break-glass'>): Passes | Rejection {
  const rules = state.model.breakGlass;
  const { gate: id, subject, freeze } = payload;
  if (freeze !== undefined) {
    return rules?.freezes
      ? { freeze }
      : reject('not-passable', 'the pinned operating model lets nobody pass a freeze', 'freeze');
  }
  const gate = findGate(state, id ?? '');
  if ('rejected' in gate) return gate;
  if (!rules?.gates.includes(gate.name)) {
    const may = rules?.gates.join(', ') || 'none';
    const message = `a missing approval at ${gate.id} is never passed; the operating model lets pass: ${may}`;
    return reject('not-passable', message, 'gate');
  }
  if (openSeats(gate).length === 0)
    return reject('unchanged', `every seat of ${gate.id} is filled; no approval is missing`, 'gate');
  const now = `what is decided at ${gate.id} now is ${gate.subject}, generation ${gate.generation}`;
  return gate.subject === subject
    ? { gate: gate.id, generation: gate.generation, subject }
    : reject('stale-subject', `you cite ${subject ?? 'nothing'}, but ${now}`, 'subject');
}

/** The first of the two keys; the second is turned by `decide`, within minutes. */
export function breakGlassByCommand(draft: Draft, command: Command<'break-glass'>): Rejection | undefined {
  const { state, now } = draft;
  const { actor, payload } = command;
  const rules = state.model.breakGlass;
  if (!rules)
    return reject('gate-not-listed', 'the pinned operating model lets nobody break glass', 'breakGlass');
  const refused = refuseKeyless(state, actor, rules.keys) ?? refuseUntil(payload.until, now, rules.longest);
  if (refused) return refused;
  const passes = whatPasses(state, command);
  if ('rejected' in passes) return passes;
  if (standsInTheWay(state, passes, now) === null)
    return reject('not-found', `no freeze ${payload.freeze ?? ''} stands in the way now`, 'freeze');
  const never = rejectAll(neverPassed(state, passes, now));
  if (never) return never;
  const act = { type: 'break-glass', passes, until: payload.until, reason: payload.reason } as const;
  const review = prepareReview(state, act, [actor.person], now);
  if ('rejected' in review) return review;
  const expires = state.model.twoKey.breakGlassExpires;
  return turnFirstKey(draft, actor, rules.keys, act, excludedFrom(state, passes), expires);
}

/** Asks for an unmet control to be passed for a time; what may be, is data of the operating model. */
export function grantException(
  draft: Draft,
  { actor, payload }: Command<'grant-exception'>,
): Rejection | undefined {
  const { state, now } = draft;
  const rules = state.model.exceptions;
  if (!rules)
    return reject('gate-not-listed', 'the pinned operating model grants no exceptions', 'exceptions');
  const refused = refuseKeyless(state, actor, rules.keys) ?? refuseUntil(payload.until, now, rules.longest);
  if (refused) return refused;
  const control = rules.mayPass.find((each) => each === payload.control);
  if (!control) {
    const may = rules.mayPass.join(', ') || 'nothing';
    const message = `${payload.control} is never passed; the operating model lets pass: ${may}`;
    return reject('not-passable', message, 'control');
  }
  const delivery = deliveryOf(state);
  const place = delivery && placeAhead(state, delivery);
  if (!delivery || !place)
    return reject('wrong-stage', 'an exception is granted to an open delivery; none is', 'stage');
  if (!passableControls(state, now).includes(control))
    return reject('unchanged', `${control} is not unmet at ${place}; nothing has to be passed`, 'control');
  if (state.exceptions.length >= MAX_EXCEPTIONS)
    return reject(
      'limit-reached',
      `${MAX_EXCEPTIONS} exceptions are in force; meet a control instead`,
      'control',
    );
  const { until, reason } = payload;
  const act = { type: 'grant-exception', control, place, delivery: delivery.n, until, reason } as const;
  const excluded = [...new Set([...authorsOf(state), ...state.model.editors])];
  return turnFirstKey(draft, actor, rules.keys, act, excluded);
}
