import { openGate } from '../gates/open.js';
import { digestOf } from '../digest.js';
import type { Json } from '../json.js';
import type { TwoKeyAct } from '../gates/two-key-act.js';
import { answer } from '../gates/answer.js';
import { speaksFor, rightsOf, authorityName } from '../gates/authority.js';
import type { Authority, GateRule } from '../policy.js';
import { type Rejection, reject } from '../rejection.js';
import type { PersonId } from '../vocabulary.js';
import type { Actor } from './actor.js';
import { assess } from './assessment.js';
import { deliveryOf } from './delivery.js';
import type { Draft } from './draft.js';
import { liftHold } from './holds.js';
import type { State } from './state.js';

function ruleOf(draft: Draft, keys: readonly Authority[]): GateRule {
  const { sla } = draft.state.model.twoKey;
  return { seats: keys, sla, reminders: [], escalation: { every: sla, chain: [] }, timeout: 'return' };
}

/** Refuses somebody who holds none of the keys, naming them. */
export function refuseKeyless(state: State, actor: Actor, keys: readonly Authority[]): Rejection | undefined {
  const who = { functions: actor.functions, rights: rightsOf(state.rights, actor.person) };
  if (keys.some((key) => speaksFor(key, who))) return undefined;
  const names = keys.map(authorityName);
  const message = `this takes ${names.join(' and ')}${names.length > 1 ? ', as two keys of different people' : ''}; ${actor.person} is none of them`;
  return reject(names.length > 1 ? 'two-keys-required' : 'not-permitted', message, names.join(','));
}

/**
 * The first key: opens a two-key gate on the digest of the act, with the caller's own answer given. One
 * key is enough where the model names one.
 */
export function turnFirstKey(draft: Draft, actor: Actor, keys: readonly Authority[], act: TwoKeyAct): Rejection | undefined {
  const keyless = refuseKeyless(draft.state, actor, keys);
  if (keyless) return keyless;
  if (keys.length < 2) return performAct(draft, act, [actor.person]);
  const digest = digestOf(act as Json);
  const same = Object.values(draft.state.gates).find(({ parts }) => parts.act === digest);
  if (same) return reject('already-open', `the same act waits for its second key at gate ${same.id}; decide there`, same.id);
  const id = `two-key-${draft.state.counters.acts + 1}`;
  const refused = openGate(draft, { id, name: 'two-key', rule: ruleOf(draft, keys), openedBy: actor.person, parts: { act: digest }, excluded: [], act });
  if (refused) return refused;
  const gate = draft.state.gates[id];
  if (!gate) return undefined;
  const { generation, subject } = gate;
  const payload = { gate: id, generation, subject, decision: 'approve' as const };
  return answer(draft, { name: 'decide', id, actor, payload });
}

/** Does what the keys have been turned for. */
export function performAct(draft: Draft, act: TwoKeyAct, by: readonly PersonId[]): undefined {
  const { state, now } = draft;
  switch (act.type) {
    case 'lift-hold': {
      const hold = state.holds.find(({ id }) => id === act.hold);
      if (hold) liftHold(draft, { hold, by, causeClass: act.causeClass, rootCause: act.rootCause });
      return;
    }
    case 'lower-tier': {
      const until = now + state.model.twoKey.loweredTierExpires;
      draft.emit({ type: 'TierLowered', tier: { ...state.tier, lowered: { tier: act.tier, until } } });
      return;
    }
    case 'correct-facts':
      assess(draft, act.facts);
      return;
    case 'lower-materiality': {
      const change = deliveryOf(state)?.change;
      if (change) draft.emit({ type: 'MaterialityChanged', change: change.id, materiality: 'minor' });
      return;
    }
    case 'extend-pilot':
      draft.emit({ type: 'PilotExtended', endsAt: act.endsAt, reason: act.reason });
      for (const hold of state.holds.filter(({ source }) => source === 'box')) {
        liftHold(draft, { hold, by, causeClass: null, rootCause: null });
      }
      return;
  }
}
