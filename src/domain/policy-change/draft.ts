import { beginDrafting, type Drafting } from '../drafting.js';
import type { Notice } from '../lifecycle/state.js';
import type { Instant } from '../vocabulary.js';
import type { PolicyEvent } from './events.js';
import { evolveProposal } from './evolve.js';
import type { Proposal } from './proposal.js';

/** A decision about a proposal in the making. */
export interface PolicyDraft extends Drafting<Proposal, PolicyEvent> {}

export function beginPolicyDraft(start: Proposal, now: Instant): PolicyDraft {
  return beginDrafting(start, now, evolveProposal);
}

/** Asks the notifier to tell people something; nobody to tell means nothing is raised. */
export function raisePolicyNotice(draft: PolicyDraft, notice: Omit<Notice, 'id' | 'gate'>): void {
  if (notice.to.length === 0) return;
  const id = `n${draft.state.noticed + 1}`;
  draft.emit({ type: 'PolicyNoticeRaised', notice: { id, gate: 'policy', ...notice } });
}
