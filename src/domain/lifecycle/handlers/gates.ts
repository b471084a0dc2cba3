import type { Command } from '../../commands/payloads.js';
import { answer, findGate } from '../../gates/answer.js';
import { type Rejection, reject, rejectAll } from '../../rejection.js';
import type { PersonId } from '../../vocabulary.js';
import type { Draft } from '../draft.js';
import { frozenReasons } from '../frozen.js';
import { rejectGate, returnGate } from '../gate-outcomes.js';
import type { State } from '../state.js';

/** Records the answer and does at once what an answer that is no approval means. */
export function decideAtGate(draft: Draft, command: Command<'decide'>): Rejection | undefined {
  const { gate: id, decision } = command.payload;
  if (draft.state.gates[id]?.name === 'conflict' && decision !== 'recuse' && decision !== 'abstain')
    return reject('not-permitted', `${id} is a conflict: say which side stands, by resolve-conflict`, 'gate');
  const refused = answer(draft, command);
  const gate = draft.state.gates[command.payload.gate];
  if (refused || !gate) return refused;
  switch (command.payload.decision) {
    case 'request-changes':
      returnGate(draft, gate, gate.act ? 'withdrawn' : 'returned', 'changes were requested');
      return undefined;
    case 'reject':
      rejectGate(draft, gate);
      return undefined;
    case 'approve':
    case 'approve-with-conditions':
    case 'abstain':
    case 'recuse':
      return undefined;
  }
}

export function retractDecision(
  draft: Draft,
  { actor, payload }: Command<'retract-decision'>,
): Rejection | undefined {
  const gate = findGate(draft.state, payload.gate);
  if ('rejected' in gate) return gate;
  if (!gate.decisions.some(({ person }) => person === actor.person)) {
    return reject('nothing-to-retract', `${actor.person} has not answered at ${gate.id}`, 'gate');
  }
  draft.emit({ type: 'DecisionRetracted', gate: gate.id, person: actor.person });
  if (gate.status === 'confirming')
    draft.emit({ type: 'GateReopened', gate: gate.id, why: 'a decision was retracted' });
  return undefined;
}

function ownersOf({ rights, team }: State): (PersonId | undefined)[] {
  return [rights.businessOwner, rights.technicalOwner, team.lead];
}

export function withdrawGate(
  draft: Draft,
  { actor, payload }: Command<'withdraw-gate'>,
): Rejection | undefined {
  const gate = findGate(draft.state, payload.gate);
  if ('rejected' in gate) return gate;
  if (gate.name === 'retrospective') {
    const message = `${gate.id} reviews broken glass and is never withdrawn; its seats decide it`;
    return reject('not-permitted', message, 'gate');
  }
  // The owners are mostly those whom it keeps from going on.
  const own = gate.name === 'conflict' ? [] : ownersOf(draft.state);
  if (gate.openedBy !== actor.person && !own.includes(actor.person)) {
    return reject(
      'not-permitted',
      `gate ${gate.id} is withdrawn by ${gate.openedBy}, who opened it${own.length > 0 ? ', or by an owner' : ''}`,
      'gate',
    );
  }
  // Taken back, a conflict lifts its hold: nothing is loosened while a finding is open.
  const frozen = gate.name === 'conflict' ? rejectAll(frozenReasons(draft.state, gate)) : undefined;
  if (frozen) return frozen;
  returnGate(draft, gate, 'withdrawn', 'withdrawn');
  return undefined;
}

export function fulfilCondition(
  draft: Draft,
  { actor, payload }: Command<'fulfil-condition'>,
): Rejection | undefined {
  const condition = draft.state.conditions.find(({ id }) => id === payload.condition);
  if (!condition) return reject('not-found', `no unmet condition ${payload.condition}`, 'condition');
  if (condition.owner !== actor.person) {
    return reject(
      'not-permitted',
      `condition ${condition.id} is met by its owner ${condition.owner}`,
      'condition',
    );
  }
  draft.emit({ type: 'ConditionFulfilled', condition: condition.id, by: actor.person });
  return undefined;
}
