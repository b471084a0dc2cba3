/** What people ask of a proposal, and what the outside reports to it. */
import type { Digest } from '../digest.js';
import type { Actor } from '../lifecycle/actor.js';
import type { DecisionKind, PersonId } from '../vocabulary.js';
import type { DryRun } from './proposal.js';

export interface PolicyPayloads {
  'dry-run': Omit<DryRun, 'by'>;
  decide: {
    /** There is one; named so that what is signed says where it was said. */
    gate: 'policy';
    generation: number;
    subject: Digest;
    seat?: string;
    decision: DecisionKind;
    comment?: Digest;
  };
  'retract-decision': Record<never, never>;
  withdraw: { reason: Digest };
  publish: Record<never, never>;
}
export type PolicyCommandName = keyof PolicyPayloads;

export const POLICY_COMMANDS = ['dry-run', 'decide', 'retract-decision', 'withdraw', 'publish'] as const;

export type PolicyCommand<N extends PolicyCommandName = PolicyCommandName> = {
  [K in N]: { readonly name: K; readonly actor: Actor; readonly payload: Readonly<PolicyPayloads[K]> };
}[N];

export type PolicyReport =
  | {
      readonly type: 'confirmed';
      /** Opening of the gate that was asked about. */
      readonly generation: number;
      readonly asked: readonly PersonId[];
      readonly ineligible: readonly PersonId[];
    }
  | { readonly type: 'notices-delivered'; readonly ids: readonly string[] }
  /** Nothing happened but time. */
  | { readonly type: 'tick' };
