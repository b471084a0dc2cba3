/**
 * The decider of a proposal. As with a lifecycle, what is due fires first, then the command is judged on what that
 * left. Pure.
 */
import { openSeats } from '../gates/seats.js';
import type { PolicyChangeRules } from '../policy.js';
import { type Rejection, reject } from '../rejection.js';
import type { Instant } from '../vocabulary.js';
import { answerProposal, openGateOf } from './answer.js';
import type { PolicyCommand, PolicyCommandName, PolicyReport } from './commands.js';
import { policyDeadlines } from './deadlines.js';
import { beginPolicyDraft, type PolicyDraft } from './draft.js';
import type { PolicyEvent } from './events.js';
import { initialProposal } from './evolve.js';
import { closeAs, openPolicyGate, policyApprovers, refuseUnstaffed, voidApproval } from './gate.js';
import { isOver, type Proposal, type ProposalInput } from './proposal.js';

export type PolicyOutcome = { readonly events: readonly PolicyEvent[]; readonly state: Proposal } | Rejection;

type Handler<N extends PolicyCommandName> = (
  draft: PolicyDraft,
  command: PolicyCommand<N>,
) => Rejection | undefined;

const HANDLERS: { readonly [N in PolicyCommandName]: Handler<N> } = {
  'dry-run': (draft, { actor, payload }) => {
    const { gate, status, digest } = draft.state;
    if (status !== 'proposed' && status !== 'deciding') {
      return reject(
        'wrong-stage',
        `the version is ${status}; what was approved is not dry-run again`,
        'version',
      );
    }
    if (gate?.parts.model === digest && gate.parts.effects === payload.effects) {
      return reject('unchanged', 'it would do what the last dry run said', 'effects');
    }
    return openPolicyGate(draft, { ...payload, by: actor.person });
  },
  decide: answerProposal,
  'retract-decision': (draft, { actor: { person } }) => {
    const gate = openGateOf(draft);
    if ('rejected' in gate) return gate;
    if (!gate.decisions.some((decision) => decision.person === person)) {
      return reject('nothing-to-retract', `${person} has not answered`, 'person');
    }
    draft.emit({ type: 'PolicyDecisionRetracted', person });
    if (gate.status === 'confirming')
      draft.emit({ type: 'PolicyGateReopened', why: 'a decision was retracted' });
    return undefined;
  },
  withdraw: (draft, { payload: { reason } }) => {
    if (draft.state.gate) closeAs(draft, 'withdrawn', 'it was withdrawn', reason);
    else draft.emit({ type: 'PolicyGateClosed', outcome: 'withdrawn', by: [], reason });
    return undefined;
  },
  publish: (draft) => {
    const { status } = draft.state;
    if (status === 'publishing') return reject('already-open', 'it is being published', 'version');
    if (status !== 'approved')
      return reject('gate-closed', `it is published once its gate has passed; now it is ${status}`, 'gate');
    draft.emit({ type: 'PolicyPublishing' });
    return undefined;
  },
};

function settle(
  state: Proposal,
  now: Instant,
  act: (draft: PolicyDraft) => Rejection | undefined,
): PolicyOutcome {
  const draft = beginPolicyDraft(state, now);
  for (
    let [next] = policyDeadlines(draft.state);
    next && next.at <= now;
    [next] = policyDeadlines(draft.state)
  )
    next.fire(draft);
  const rejection = act(draft);
  if (rejection) return rejection;
  const { gate } = draft.state;
  if (gate?.status === 'open' && openSeats(gate).length === 0) draft.emit({ type: 'PolicyGateConfirming' });
  return { events: draft.events, state: draft.state };
}

/** Judges what a person asks for. */
export function decidePolicy<N extends PolicyCommandName>(
  command: PolicyCommand<N>,
  state: Proposal,
  now: Instant,
): PolicyOutcome {
  const handler = HANDLERS[command.name] as Handler<N>;
  return settle(state, now, (draft) => {
    const { status, name, version } = draft.state;
    if (isOver(draft.state))
      return reject('closed', `${name} ${version} is ${status}; propose another version`);
    return handler(draft, command);
  });
}

/** Takes in the outcome of work, or the passing of time. */
export function reactPolicy(report: PolicyReport, state: Proposal, now: Instant): PolicyOutcome {
  return settle(state, now, (draft) => {
    switch (report.type) {
      case 'confirmed':
        return confirmed(draft, report);
      case 'notices-delivered':
        draft.emit({ type: 'PolicyNoticesDelivered', ids: report.ids });
        return undefined;
      case 'tick':
        return undefined;
    }
  });
}

function confirmed(
  draft: PolicyDraft,
  { generation, asked, ineligible }: Extract<PolicyReport, { type: 'confirmed' }>,
): Rejection | undefined {
  const { gate, status, approval, dryRun } = draft.state;
  const approvers = gate ? policyApprovers(gate) : (approval?.approvers ?? []);
  const people = approvers.map(({ person }) => person).sort();
  const awaited = gate?.status === 'confirming' || status === 'publishing';
  if (!awaited || generation !== draft.state.generation || people.join() !== [...asked].sort().join())
    return reject('unchanged', 'this confirmation is no longer what is waited for');
  const why = `no longer eligible: ${ineligible.join(', ')}`;
  if (ineligible.length > 0 && gate) {
    for (const person of ineligible) voidApproval(draft, person, why);
    draft.emit({ type: 'PolicyGateReopened', why });
  } else if (ineligible.length > 0) {
    // An approval that does not hold any more publishes nothing: everybody is asked again.
    const refused = dryRun && openPolicyGate(draft, dryRun);
    // Left publishing, it would ask the directory the same without end.
    const unasked = refused?.reasons.map(({ message }) => message) ?? [];
    if (refused) draft.emit({ type: 'PolicyLapsed', why: [why, ...unasked].join('; ') });
  } else if (gate) pass(draft);
  else publish(draft);
  return undefined;
}

function pass(draft: PolicyDraft): void {
  const { gate, rules } = draft.state;
  if (!gate) return;
  const approvers = policyApprovers(gate);
  const by = gate.decisions.map(({ person, decision }) => ({ person, decision }));
  draft.emit({ type: 'PolicyGateClosed', outcome: 'passed', by, reason: null });
  const { subject } = gate;
  const publishBy = draft.now + rules.publishBy;
  draft.emit({ type: 'PolicyApproved', approval: { subject, approvers, at: draft.now, publishBy } });
}

function publish(draft: PolicyDraft): void {
  const { name, version, digest, replaces, editors, approval, dryRun } = draft.state;
  if (!approval || !dryRun) return;
  const { approvers, subject } = approval;
  draft.emit({
    type: 'OperatingModelPublished',
    name,
    version,
    digest,
    document: digest,
    replaces,
    editors,
    approvers,
    subject,
    effects: dryRun.effects,
  });
}

/** The first event of a proposal; or why its gate could never pass. */
export function propose(input: ProposalInput, now: Instant): PolicyOutcome {
  const refused = refuseUnstaffed(input) ?? refuseLax(input.rules);
  if (refused) return refused;
  const draft = beginPolicyDraft(initialProposal(input, now), now);
  const { name, version, digest, replaces, editors, reason, proposer } = input;
  const proposed = { name, version, replaces, editors, reason, document: digest, proposer };
  draft.emit({ type: 'OperatingModelProposed', ...proposed });
  return { events: draft.events, state: draft.state };
}

/** Whatever a model says of its own gate: governance and risk decide, and silence never publishes. */
function refuseLax({ gate }: PolicyChangeRules): Rejection | undefined {
  const seated = (name: string) => gate.seats.some((seat) => 'function' in seat && seat.function === name);
  if (seated('governance') && seated('risk') && gate.timeout === 'return') return undefined;
  return reject(
    'incomplete',
    'the gate of a version seats governance and risk, and returns it when time is up',
  );
}
