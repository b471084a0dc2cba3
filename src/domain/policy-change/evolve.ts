import type { GateOutcome, Instant } from '../vocabulary.js';
import type { PolicyEvent, PolicyEventOf, PolicyEventType } from './events.js';
import type { PolicyGate, Proposal, ProposalEnd, ProposalInput } from './proposal.js';

type Evolution<T extends PolicyEventType> = (state: Proposal, event: PolicyEventOf<T>) => Proposal;

function atGate(state: Proposal, change: (gate: PolicyGate) => PolicyGate): Proposal {
  return state.gate ? { ...state, gate: change(state.gate) } : state;
}

function withoutDecision(state: Proposal, person: string): Proposal {
  return atGate(state, (gate) => ({
    ...gate,
    decisions: gate.decisions.filter((decision) => decision.person !== person),
  }));
}

/** Superseded, the gate opens again at once; passed, its approval follows. Every other way ends the proposal. */
function ended(outcome: GateOutcome): ProposalEnd | null {
  switch (outcome) {
    case 'passed':
    case 'superseded':
    case 'bypassed':
      return null;
    case 'expired':
    case 'returned':
      return 'returned';
    case 'rejected':
    case 'withdrawn':
      return outcome;
  }
}

const EVOLUTIONS: { readonly [T in PolicyEventType]: Evolution<T> } = {
  OperatingModelProposed: (state) => state,
  PolicyDryRunAttached: (state, { dryRun }) => ({ ...state, dryRun }),
  PolicyGateOpened: (state, { gate, reaffirm }) => ({
    ...state,
    status: 'deciding',
    gate,
    generation: gate.generation,
    reaffirm,
    approval: null,
  }),
  PolicyDecisionRecorded: (state, { decision }) =>
    atGate(withoutDecision(state, decision.person), (gate) => ({
      ...gate,
      decisions: [...gate.decisions, decision],
    })),
  PolicyDecisionRetracted: (state, { person }) => withoutDecision(state, person),
  PolicyDecisionVoided: (state, { person }) => withoutDecision(state, person),
  PolicyReminderSent: (state) =>
    atGate(state, (gate) => ({
      ...gate,
      clock: { ...gate.clock, reminders: gate.clock.reminders.slice(1) },
    })),
  PolicyEscalated: (state, { step }) =>
    atGate(state, (gate) =>
      gate.clock.steps[0]?.step === step
        ? { ...gate, clock: { ...gate.clock, steps: gate.clock.steps.slice(1) } }
        : gate,
    ),
  PolicyGateConfirming: (state) => atGate(state, (gate) => ({ ...gate, status: 'confirming' })),
  PolicyGateReopened: (state) => atGate(state, (gate) => ({ ...gate, status: 'open' })),
  PolicyGateClosed: (state, { outcome }) => ({
    ...state,
    gate: null,
    status: ended(outcome) ?? state.status,
  }),
  PolicyApproved: (state, { approval }) => ({ ...state, status: 'approved', approval }),
  PolicyPublishing: (state) => ({ ...state, status: 'publishing' }),
  OperatingModelPublished: (state) => ({ ...state, status: 'published' }),
  PolicyLapsed: (state) => ({ ...state, status: 'lapsed', gate: null }),
  PolicyNoticeRaised: (state, { notice }) => ({
    ...state,
    notices: [...state.notices, notice].slice(-50),
    noticed: state.noticed + 1,
  }),
  PolicyNoticesDelivered: (state, { ids }) => ({
    ...state,
    notices: state.notices.filter(({ id }) => !ids.includes(id)),
  }),
};

/** The next state. Pure and total. */
export function evolveProposal<T extends PolicyEventType>(
  state: Proposal,
  event: PolicyEventOf<T> | PolicyEvent,
): Proposal {
  const evolution = EVOLUTIONS[event.type] as Evolution<T>;
  return { ...evolution(state, event as PolicyEventOf<T>), seq: state.seq + 1 };
}

/** The state before the first event. */
export function initialProposal(input: ProposalInput, at: Instant): Proposal {
  const nothing = { dryRun: null, gate: null, approval: null, reaffirm: [], notices: [] };
  return { ...input, ...nothing, proposedAt: at, status: 'proposed', generation: 0, seq: 0, noticed: 0 };
}
