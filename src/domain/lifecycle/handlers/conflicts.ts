import type { Command } from '../../commands/payloads.js';
import { digestOf } from '../../digest.js';
import { answer, findGate } from '../../gates/answer.js';
import { openGate } from '../../gates/open.js';
import { MAX_CONFLICTS } from '../../governance/conflict.js';
import { type Rejection, reject } from '../../rejection.js';
import type { Draft } from '../draft.js';
import { rejectGate } from '../gate-outcomes.js';
import { placeHold } from '../holds.js';
import { gateRule } from '../rules.js';
import type { State } from '../state.js';

/** A conflict is about a gate that lets something through, or about everything that moves forward. */
function refuseAbout(state: State, about: string | null): Rejection | undefined {
  const same = state.conflicts.find(({ gate }) => gate === about);
  if (same) {
    const message = `conflict ${same.id} is about the same and waits for its resolver; say there what you have to say`;
    return reject('already-open', message, same.id);
  }
  if (state.conflicts.length >= MAX_CONFLICTS) {
    const message = `${MAX_CONFLICTS} conflicts are open; have one of them resolved first`;
    return reject('limit-reached', message, 'conflict');
  }
  if (about === null) return undefined;
  const gate = findGate(state, about);
  if ('rejected' in gate) return gate;
  const settles = gate.act !== null || gate.name === 'conflict' || gate.name === 'retrospective';
  const message = `gate ${about} lets nothing through by itself; raise the conflict about what it is for`;
  return settles ? reject('not-passable', message, 'gate') : undefined;
}

/** Anybody with a decision right stops what goes too fast; the resolver says which side stands. */
export function raiseConflict(
  draft: Draft,
  { actor, payload }: Command<'raise-conflict'>,
): Rejection | undefined {
  const { state, now } = draft;
  const { gate: about = null, reason } = payload;
  const rule = gateRule(state, 'conflict');
  if (!rule)
    return reject('gate-not-listed', 'the pinned operating model knows no conflicts; use hold', 'conflict');
  const refused = refuseAbout(state, about);
  if (refused) return refused;
  const id = `conflict-${(state.generations.conflict ?? 0) + 1}`;
  const unopened = openGate(draft, {
    id,
    name: 'conflict',
    rule,
    openedBy: actor.person,
    parts: { act: digestOf({ about, reason }) },
    excluded: [...new Set([actor.person, ...state.model.editors])],
    act: null,
  });
  if (unopened) return unopened;
  const { person: by, verified } = actor;
  const scope = state.stage === 'live' ? 'serving' : 'candidate';
  const lift = { keys: rule.seats, rootCause: false };
  placeHold(draft, { effect: 'forward', scope, source: 'conflict', reason, by, verified, gate: id, lift });
  const hold = `h${draft.state.counters.holds}`;
  draft.emit({ type: 'ConflictRaised', conflict: { id, gate: about, hold, by, reason, at: now } });
  return undefined;
}

/** The resolver's answer at the gate of the conflict, under the rules of every answer. */
export function resolveConflict(draft: Draft, command: Command<'resolve-conflict'>): Rejection | undefined {
  const { conflict: id, side, reason } = command.payload;
  if (!draft.state.conflicts.some((open) => open.id === id)) {
    const open = draft.state.conflicts.map((each) => each.id).join(', ') || 'none';
    return reject('not-found', `no conflict ${id} is open; open are: ${open}`, 'conflict');
  }
  const gate = findGate(draft.state, id);
  if ('rejected' in gate) return gate;
  const { generation, subject } = gate;
  const decision = side === 'forward' ? 'approve' : 'reject';
  const payload = { gate: id, generation, subject, decision, comment: reason } as const;
  const refused = answer(draft, { name: 'decide', id: command.id, actor: command.actor, payload });
  const answered = draft.state.gates[id];
  if (!refused && decision === 'reject' && answered) rejectGate(draft, answered);
  return refused;
}
