import type { Notice } from '../lifecycle/state.js';
import type { Instant } from '../vocabulary.js';
import type { PolicyEvent } from './events.js';
import { evolveProposal } from './evolve.js';
import type { Proposal } from './proposal.js';

/** One decision in the making: each event is folded as soon as it is emitted. */
export interface PolicyDraft {
  readonly now: Instant;
  readonly state: Proposal;
  readonly events: readonly PolicyEvent[];
  emit(event: PolicyEvent): void;
}

export function beginPolicyDraft(start: Proposal, now: Instant): PolicyDraft {
  let state = start;
  const events: PolicyEvent[] = [];
  return {
    now,
    get state() {
      return state;
    },
    events,
    emit(event) {
      events.push(event);
      state = evolveProposal(state, event);
    },
  };
}

/** Asks the notifier to tell people something; nobody to tell means nothing is raised. */
export function raisePolicyNotice(draft: PolicyDraft, notice: Omit<Notice, 'id' | 'gate'>): void {
  if (notice.to.length === 0) return;
  const id = `n${draft.state.noticed + 1}`;
  draft.emit({ type: 'PolicyNoticeRaised', notice: { id, gate: 'policy', ...notice } });
}
