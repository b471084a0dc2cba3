import type { Command } from '../../commands/payloads.js';
import { digestOf } from '../../digest.js';
import { openGate, withCheckpoints } from '../../gates/open.js';
import { specInForce } from '../../governance/evidence.js';
import { type Reason, type Rejection, reject, rejectAll } from '../../rejection.js';
import { candidateUnderWay, rollBackCandidate } from '../../release/rollback.js';
import { deliveryOf } from '../delivery.js';
import type { Draft } from '../draft.js';
import { end } from '../gate-closing.js';
import { gateRule, refuseWhileHeld, rulesOf } from '../rules.js';
import { rightReasons } from '../scoping.js';
import { staffingReasons } from '../staffing.js';
import type { PilotTerms, State } from '../state.js';
import { turnFirstKey } from '../two-key.js';

function pilotOf(state: State): PilotTerms | Rejection {
  return state.mode === 'pilot' && state.pilot
    ? state.pilot
    : reject('wrong-stage', 'this use case is not a pilot', 'mode');
}

/** What becomes of the use case is decided one way at a time. */
function refuseWhileDeciding({ gates }: State): Rejection | undefined {
  const open = gates.promotion ?? gates.retirement;
  return open && reject('already-open', `the ${open.name} is being decided`, open.name);
}

/** Asks to carry a pilot over: every right filled, and each thing the pilot rules let it skip dated. */
export function promoteToGoverned(
  draft: Draft,
  { actor, payload }: Command<'promote-to-governed'>,
): Rejection | undefined {
  const { state } = draft;
  const pilot = pilotOf(state);
  if ('rejected' in pilot) return pilot;
  const deciding = refuseWhileDeciding(state);
  if (deciding) return deciding;
  if (deliveryOf(state))
    return reject('delivery-open', 'a delivery is open; finish or withdraw it first', 'delivery');
  const rule = gateRule(state, 'promotion');
  if (!rule) return reject('prohibited', 'a prohibited use case is not promoted', 'tier');
  const incomplete: Reason[] = [
    ...rightReasons(state.rights),
    ...undated(state, payload.skipped),
    ...staffingReasons(rulesOf({ ...state, mode: 'governed' }), { ...state, editors: state.model.editors }),
  ];
  const refused = refuseWhileHeld(state) ?? rejectAll(incomplete);
  if (refused) return refused;
  const { skipped, reason } = payload;
  draft.emit({ type: 'PromotionProposed', skipped, reason });
  const parts = {
    act: digestOf({ skipped: skipped.map(({ item, due }) => ({ item, due })), reason }),
    facts: digestOf(state.facts),
  };
  const excluded = [actor.person, ...state.model.editors];
  return openGate(draft, {
    id: 'promotion',
    name: 'promotion',
    rule: withCheckpoints(rule, specInForce(state)?.checkpoints ?? [], 'promotion'),
    openedBy: actor.person,
    parts,
    excluded,
    act: null,
  });
}

/** What governed rules of the same tier ask that the pilot's do not: gates, evidence kinds, a queue's owner. */
function skippedByPilot(state: State): string[] {
  const pilot = rulesOf(state);
  const governed = rulesOf({ ...state, mode: 'governed' });
  if (!pilot || !governed) return [];
  const kinds = new Set(pilot.evidence.map(({ kind }) => kind));
  const gates = Object.keys(governed.gates).filter((name) => !(name in pilot.gates));
  const queues = specInForce(state)?.queues ?? [];
  return [
    ...(queues.length === 0 ? ['queue-owner'] : []),
    ...gates.map((name) => `gate:${name}`),
    ...governed.evidence.filter(({ kind }) => !kinds.has(kind)).map(({ kind }) => `evidence:${kind}`),
  ];
}

function undated(state: State, skipped: readonly { item: string }[]): Reason[] {
  const dated = new Set(skipped.map(({ item }) => item));
  return skippedByPilot(state)
    .filter((item) => !dated.has(item))
    .map((item) => ({
      code: 'incomplete',
      message: `${item} was skipped by the pilot rules; give it a date`,
      fact: item,
    }));
}

export function extendPilot(
  draft: Draft,
  { actor, payload }: Command<'extend-pilot'>,
): Rejection | undefined {
  const { state, now } = draft;
  const pilot = pilotOf(state);
  if ('rejected' in pilot) return pilot;
  const rules = rulesOf(state);
  if (!rules?.extension) return reject('prohibited', 'this tier knows no extension', 'tier');
  const { times, maxSharePercent, keys } = rules.extension;
  if (pilot.extensions >= times)
    return reject(
      'extension-spent',
      `the pilot was already extended ${times} time(s); promote or end it`,
      'endsAt',
    );
  const box = pilot.endsAt - state.openedAt;
  const latest = pilot.endsAt + Math.floor((box * maxSharePercent) / 100);
  if (payload.endsAt <= Math.max(pilot.endsAt, now) || payload.endsAt > latest) {
    return reject(
      'over-cap',
      `an extension ends after ${new Date(pilot.endsAt).toISOString()} and by ${new Date(latest).toISOString()}`,
      'endsAt',
    );
  }
  return turnFirstKey(draft, actor, keys, {
    type: 'extend-pilot',
    endsAt: payload.endsAt,
    reason: payload.reason,
  });
}

export function endPilot(draft: Draft, { payload }: Command<'end-pilot'>): Rejection | undefined {
  const pilot = pilotOf(draft.state);
  if ('rejected' in pilot) return pilot;
  const delivery = deliveryOf(draft.state);
  if (delivery && candidateUnderWay(draft.state)) {
    rollBackCandidate(draft, {
      source: 'rollback',
      reason: payload.reason,
      by: null,
      verified: true,
      why: 'the pilot ends',
    });
  }
  draft.emit({ type: 'PilotEnded', reason: payload.reason });
  end(draft, 'retired');
  return undefined;
}

/** Proposes to retire: dependants are listed, and the retirement gate decides. */
export function retire(draft: Draft, { actor, payload }: Command<'retire'>): Rejection | undefined {
  const { state } = draft;
  const deciding = refuseWhileDeciding(state);
  if (deciding) return deciding;
  if (deliveryOf(state))
    return reject('delivery-open', 'a delivery is open; finish or withdraw it first', 'delivery');
  const rule = gateRule(state, 'retirement');
  if (!rule) return reject('gate-not-listed', 'the operating model lists no retirement gate', 'retirement');
  draft.emit({ type: 'RetirementProposed', reason: payload.reason, dependants: payload.dependants });
  const parts = { act: digestOf({ reason: payload.reason, dependants: payload.dependants }) };
  const excluded = [actor.person, ...state.model.editors];
  return openGate(draft, {
    id: 'retirement',
    name: 'retirement',
    rule: withCheckpoints(rule, specInForce(state)?.checkpoints ?? [], 'retirement'),
    openedBy: actor.person,
    parts,
    excluded,
    act: null,
  });
}
