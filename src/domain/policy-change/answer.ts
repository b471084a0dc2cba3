import { speaksFor } from '../gates/authority.js';
import type { Decision } from '../gates/gate.js';
import { refuseStaleSignIn } from '../gates/reauthenticate.js';
import { filledSeats, isApproval } from '../gates/seats.js';
import { type Rejection, reject } from '../rejection.js';
import type { PolicyCommand } from './commands.js';
import type { PolicyDraft } from './draft.js';
import { closeAs } from './gate.js';
import type { PolicyGate } from './proposal.js';

/** The gate of the proposal, or that it is not open. */
export function openGateOf({ state: { gate, status } }: PolicyDraft): PolicyGate | Rejection {
  if (gate) return gate;
  return status === 'proposed'
    ? reject(
        'gate-closed',
        'nothing is up for decision yet; dry-run it against the open lifecycles first',
        'gate',
      )
    : reject('gate-closed', `its gate is closed; the version is ${status}`, 'gate');
}

function refuseStale(gate: PolicyGate, { generation, subject }: { generation: number; subject: string }) {
  const now = `what is decided now is ${gate.subject}: model ${gate.parts.model}, effects ${gate.parts.effects}`;
  if (generation !== gate.generation) {
    const message = `you cite opening ${generation}, open is ${gate.generation}, and ${now}`;
    return reject('stale-generation', message, 'generation');
  }
  return subject === gate.subject
    ? undefined
    : reject('stale-subject', `you cite ${subject}, but ${now}`, 'subject');
}

function refusePerson(gate: PolicyGate, { actor }: PolicyCommand<'decide'>): Rejection | undefined {
  const { person, functions, roles } = actor;
  if (gate.excluded.includes(person) || roles.includes('policy-editor')) {
    const message = `${person} proposes or edits operating models, so somebody else decides on them`;
    return reject('excluded', message, 'person');
  }
  if (gate.seats.some(({ authority }) => speaksFor(authority, { functions, rights: [] }))) return undefined;
  const seats = gate.seats.map(({ id }) => id).join(', ');
  return reject('not-permitted', `${person} speaks for none of the seats ${seats}`, 'person');
}

function refuseApproval(gate: PolicyGate, decision: Decision): Rejection | undefined {
  if (decision.decision === 'approve-with-conditions') {
    const message = 'a version is approved as it is; request changes, and it is proposed anew with them';
    return reject('incomplete', message, 'decision');
  }
  const before = filledSeats(gate);
  if (filledSeats(gate, [...gate.decisions, decision]).size > before.size) return undefined;
  const taken = [...before].map(([seat, person]) => `${seat} by ${person}`).join(', ');
  return reject(
    'no-open-seat',
    `no seat that ${decision.person} can fill is left; taken are ${taken}`,
    'seat',
  );
}

function refuseAnswer(
  { state, now }: PolicyDraft,
  gate: PolicyGate,
  command: PolicyCommand<'decide'>,
  decision: Decision,
) {
  const { actor, payload } = command;
  const refused = refuseStale(gate, payload) ?? refusePerson(gate, command);
  if (refused) return refused;
  const given = gate.decisions.find(({ person }) => person === actor.person);
  if (given && !(isApproval(given) && !isApproval(decision))) {
    return reject('already-decided', `${actor.person} has already answered; retract it first`, 'person');
  }
  if (isApproval(decision)) {
    const asked = { id: 'policy', rule: state.rules.gate };
    return refuseStaleSignIn(asked, actor, now) ?? refuseApproval(gate, decision);
  }
  const silent =
    (decision.decision === 'request-changes' || decision.decision === 'reject') && !decision.comment;
  return silent ? reject('incomplete', 'say in a comment what to change, or why not', 'comment') : undefined;
}

/** Records an answer; one that is no approval ends the proposal at once, or leaves its seat to somebody else. */
export function answerProposal(draft: PolicyDraft, command: PolicyCommand<'decide'>): Rejection | undefined {
  const gate = openGateOf(draft);
  if ('rejected' in gate) return gate;
  const { actor, payload } = command;
  const { now } = draft;
  const decision: Decision = {
    person: actor.person,
    functions: actor.functions,
    rights: [],
    seat: payload.seat ?? null,
    decision: payload.decision,
    at: now,
    late: now > gate.clock.due,
    verified: actor.verified,
    comment: payload.comment ?? null,
    clauses: [],
  };
  const refused = refuseAnswer(draft, gate, command, decision);
  if (refused) return refused;
  const retaken =
    gate.status === 'confirming' && gate.decisions.some(({ person }) => person === actor.person);
  draft.emit({ type: 'PolicyDecisionRecorded', decision });
  if (retaken) draft.emit({ type: 'PolicyGateReopened', why: 'an approval was taken back' });
  switch (decision.decision) {
    case 'request-changes':
      closeAs(draft, 'returned', 'changes were requested', decision.comment);
      return undefined;
    case 'reject':
      closeAs(draft, 'rejected', 'it was rejected', decision.comment);
      return undefined;
    case 'approve':
    case 'approve-with-conditions':
    case 'abstain':
    case 'recuse':
      return undefined;
  }
}
