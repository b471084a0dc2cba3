import type { Instant } from '../vocabulary.js';
import { type PolicyDraft, raisePolicyNotice } from './draft.js';
import { closeAs, escalationTo, seatPeople } from './gate.js';
import { isOver, type Proposal } from './proposal.js';

export interface PolicyDeadline {
  readonly at: Instant;
  /** What fires, in words, for the timer's summary. */
  readonly what: string;
  readonly fire: (draft: PolicyDraft) => void;
}

/** Everything that time alone does to a proposal, soonest first. */
export function policyDeadlines(state: Proposal): PolicyDeadline[] {
  if (isOver(state)) return [];
  const { gate, approval, rules, proposedAt } = state;
  if (gate) return ofGate(state).sort((a, b) => a.at - b.at);
  const at = approval?.publishBy ?? proposedAt + rules.publishBy;
  const why = approval ? 'it was not published in time' : 'nobody put it up for decision';
  return [{ at, what: why, fire: (draft) => draft.emit({ type: 'PolicyLapsed', why }) }];
}

function ofGate({ gate, rules }: Proposal): PolicyDeadline[] {
  if (!gate) return [];
  const { reminders, steps, timeout, due } = gate.clock;
  const all = rules.gate.reminders;
  const [reminder] = reminders;
  const [step] = steps;
  const share = all[all.length - reminders.length] ?? 0;
  return [
    ...(reminder === undefined ? [] : [{ at: reminder, what: 'remind', fire: remind(share) }]),
    ...(step === undefined ? [] : [{ at: step.at, what: `escalate to ${step.step}`, fire: escalate }]),
    {
      at: timeout,
      what: `nobody decided by ${new Date(due).toISOString()}`,
      fire: (draft: PolicyDraft) => closeAs(draft, 'expired', 'nobody decided in time'),
    },
  ];
}

function remind(share: number): PolicyDeadline['fire'] {
  return (draft) => {
    const due = draft.state.gate?.clock.due ?? draft.now;
    draft.emit({ type: 'PolicyReminderSent', share, due });
    raisePolicyNotice(draft, { kind: 'reminder', to: seatPeople(draft.state), due });
  };
}

function escalate(draft: PolicyDraft): void {
  const clock = draft.state.gate?.clock;
  const [next] = clock?.steps ?? [];
  if (!clock || !next) return;
  const to = escalationTo(draft.state, next.step);
  draft.emit({ type: 'PolicyEscalated', step: next.step, to, due: clock.due });
  raisePolicyNotice(draft, { kind: 'escalation', to, due: clock.due });
}
