/** The contract with Temporal about proposed operating models, for the API and the workflow alike. */
import type { UpdateDefinition } from '@temporalio/common';
import { defineQuery, defineUpdate } from '@temporalio/workflow';
import type { PolicyEnvelope } from '../../contracts/policy-envelope.js';
import type { Actor } from '../../domain/lifecycle/actor.js';
import { POLICY_COMMANDS, type PolicyCommandName } from '../../domain/policy-change/commands.js';
import type { Proposal, ProposalInput } from '../../domain/policy-change/proposal.js';
import type { ProposalView } from '../../domain/policy-change/view.js';
import type { LifecycleInput } from '../messages.js';

/** Type of the workflow that carries one version on its way to being published. */
export const POLICY_WORKFLOW = 'policyChange';

/** Workflow id of a proposal, and what the ids of its ledger entries begin with. */
export function policyId(name: string, version: number): string {
  return `policy/${name}/${version}`;
}

/** What a proposal starts with. */
export interface PolicyInput {
  readonly proposal: ProposalInput;
  readonly actor: Actor;
  readonly trust: LifecycleInput['trust'];
}

/** What one run hands to the next. */
export interface PolicyCarry {
  readonly carry: {
    readonly state: Proposal;
    readonly trust: LifecycleInput['trust'];
    /** Ids of the commands that were done. */
    readonly done: readonly string[];
  };
}

/** What an accepted command answers. */
export interface PolicyResult {
  /** Ledger ids of what it caused, `policy/{name}/{version}/{n}`. */
  readonly events: readonly string[];
  readonly proposal: ProposalView;
}

/** The update of every command. */
export const policyUpdates = Object.fromEntries(
  POLICY_COMMANDS.map((name) => [name, defineUpdate(name)]),
) as unknown as {
  readonly [N in PolicyCommandName]: UpdateDefinition<PolicyResult, [PolicyEnvelope<N>]>;
};

export const proposalQuery = defineQuery<ProposalView, [], 'proposal'>('proposal');
