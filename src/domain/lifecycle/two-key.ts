import { digestOf } from '../digest.js';
import { answer } from '../gates/answer.js';
import { authorityName, rightsOf, speaksFor } from '../gates/authority.js';
import { openGate } from '../gates/open.js';
import type { TwoKeyAct } from '../gates/two-key-act.js';
import type { Json } from '../json.js';
import type { Authority, GateRule } from '../policy.js';
import { type Rejection, reject, rejectAll } from '../rejection.js';
import type { PersonId } from '../vocabulary.js';
import type { Actor } from './actor.js';
import type { Draft } from './draft.js';
import { findingReasons } from './frozen.js';
import { performAct } from './perform-act.js';
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
 * key is enough where the model names one. `excluded` turn none of them; `elapsed` milliseconds, by the clock on the
 * wall, are left for the second one.
 */
export function turnFirstKey(
  draft: Draft,
  actor: Actor,
  keys: readonly Authority[],
  act: TwoKeyAct,
  excluded: readonly PersonId[] = draft.state.model.editors,
  elapsed?: number,
): Rejection | undefined {
  const keyless = refuseKeyless(draft.state, actor, keys);
  if (keyless) return keyless;
  const frozen = rejectAll(findingReasons(draft.state));
  if (frozen) return frozen;
  if (keys.length < 2) {
    performAct(draft, act, [actor.person]);
    return undefined;
  }
  const digest = digestOf(act as unknown as Json);
  const same = Object.values(draft.state.gates).find(({ parts }) => parts.act === digest);
  if (same)
    return reject(
      'already-open',
      `the same act waits for its second key at gate ${same.id}; decide there`,
      same.id,
    );
  const id = `two-key-${draft.state.counters.acts + 1}`;
  const refused = openGate(draft, {
    id,
    name: 'two-key',
    rule: ruleOf(draft, keys),
    openedBy: actor.person,
    parts: { act: digest },
    excluded,
    act,
    ...(elapsed === undefined ? {} : { elapsed }),
  });
  if (refused) return refused;
  const gate = draft.state.gates[id];
  if (!gate) return undefined;
  const { generation, subject } = gate;
  const payload = { gate: id, generation, subject, decision: 'approve' as const };
  return answer(draft, { name: 'decide', id, actor, payload });
}
