/** The gate that a version of an operating model passes: the same seats, matching, clock and chain as any other. */
import { digestOf } from '../digest.js';
import { chainFor, chainTargets } from '../gates/chain.js';
import { isClock, startClock } from '../gates/clock.js';
import { peopleFor, unstaffedSeats } from '../gates/eligible.js';
import { filledSeats, isApproval, openSeats, seatsFor } from '../gates/seats.js';
import type { Approver } from '../lifecycle/state.js';
import type { ChainStep } from '../policy.js';
import { type Rejection, reject } from '../rejection.js';
import type { GateOutcome, PersonId } from '../vocabulary.js';
import { type PolicyDraft, raisePolicyNotice } from './draft.js';
import type { DryRun, PolicyGate, Proposal, ProposalInput } from './proposal.js';

/** Nobody speaks for anybody else here: who decides on the rules does so in person. */
function office({ office: team, rights }: Pick<ProposalInput, 'office' | 'rights'>) {
  return { team, rights, delegations: [] };
}

/** Whoever wrote it, proposed it, or wrote what it replaces. */
function excludedFrom({ proposer, editors }: Pick<ProposalInput, 'proposer' | 'editors'>): PersonId[] {
  return [...new Set([proposer, ...editors])];
}

/** Why nobody could pass the gate of a proposal: the seat without an eligible person. */
export function refuseUnstaffed(input: ProposalInput): Rejection | undefined {
  const excluded = excludedFrom(input);
  const missing = unstaffedSeats(seatsFor(input.rules.gate.seats), input.office, input.rights, excluded);
  if (missing.length === 0) return undefined;
  const seats = missing.map(({ id }) => id).join(', ');
  const message = `nobody in ${input.office.id} besides ${excluded.join(', ')}, who wrote it, could fill the seat ${seats} of its gate; add an eligible person`;
  return reject('unstaffed', message, seats);
}

/** Opens the gate on a dry run; what had been decided on another one is void, and asked for again. */
export function openPolicyGate(draft: PolicyDraft, dryRun: DryRun): Rejection | undefined {
  const { state, now } = draft;
  const refused = refuseUnstaffed(state);
  if (refused) return refused;
  const rule = state.rules.gate;
  const seats = seatsFor(rule.seats);
  const clock = startClock(state.calendar, rule, chainFor(office(state), null, seats, rule), now);
  if (!isClock(clock)) {
    const until = new Date(clock.validThrough).toISOString();
    return reject(
      'beyond-calendar',
      `calendar ${clock.calendar} is only known until ${until}`,
      clock.calendar,
    );
  }
  const reaffirm = (state.gate?.decisions ?? []).filter(isApproval).map(({ person }) => person);
  closeAs(draft, 'superseded', 'it was dry-run anew, with other effects');
  draft.emit({ type: 'PolicyDryRunAttached', dryRun });
  const parts = { model: state.digest, effects: dryRun.effects };
  const gate: PolicyGate = {
    generation: state.generation + 1,
    subject: digestOf(parts),
    parts,
    seats,
    clock,
    decisions: [],
    excluded: excludedFrom(state),
    status: 'open',
  };
  draft.emit({ type: 'PolicyGateOpened', gate, reaffirm });
  const asked = seatPeople(draft.state).filter((person) => !reaffirm.includes(person));
  raisePolicyNotice(draft, { kind: 'request', to: asked, due: clock.due });
  raisePolicyNotice(draft, { kind: 'reaffirm', to: reaffirm, due: clock.due });
  return undefined;
}

/** Who could fill what is still open. */
export function seatPeople({ gate, office: team, rights }: Proposal): PersonId[] {
  if (!gate) return [];
  const known = openSeats(gate).flatMap(({ authority }) => peopleFor(team, rights, authority));
  const answered = gate.decisions.map(({ person }) => person);
  return [...new Set(known)].filter(
    (person) => !gate.excluded.includes(person) && !answered.includes(person),
  );
}

export function escalationTo(state: Proposal, step: ChainStep): PersonId[] {
  return state.gate ? chainTargets(office(state), null, openSeats(state.gate), step) : [];
}

/** Closes the gate, if it is open; an outcome that does not pass voids what was approved. */
export function closeAs(
  draft: PolicyDraft,
  outcome: Exclude<GateOutcome, 'passed'>,
  why: string,
  reason: string | null = null,
): void {
  const { gate } = draft.state;
  if (!gate) return;
  const by = gate.decisions.map(({ person, decision }) => ({ person, decision }));
  for (const { person } of gate.decisions.filter(isApproval)) voidApproval(draft, person, why);
  draft.emit({ type: 'PolicyGateClosed', outcome, by, reason });
}

export function voidApproval(draft: PolicyDraft, person: PersonId, why: string): void {
  const given = draft.state.gate?.decisions.find((each) => each.person === person);
  if (!given) return;
  const { generation } = draft.state;
  draft.emit({ type: 'PolicyDecisionVoided', person, decision: given.decision, generation, why });
}

/** Who fills the seats, each with what they speak for. */
export function policyApprovers(gate: PolicyGate): Approver[] {
  const filled = filledSeats(gate);
  return gate.seats.flatMap(({ id, authority }) => {
    const person = filled.get(id);
    return person === undefined ? [] : [{ person, authority }];
  });
}
