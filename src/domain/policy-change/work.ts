import type { Approver, Notice } from '../lifecycle/state.js';
import { policyApprovers } from './gate.js';
import type { Proposal } from './proposal.js';

/** The external acts that a proposal wants now; `key` tells one from another. */
export type PolicyWork =
  | {
      readonly kind: 'confirm';
      readonly key: string;
      readonly team: string;
      readonly generation: number;
      readonly approvers: readonly Approver[];
    }
  | { readonly kind: 'notify'; readonly key: string; readonly notices: readonly Notice[] };

export function policyWork(state: Proposal): PolicyWork[] {
  const { gate, approval, status, generation, office, notices } = state;
  const asked = gate?.status === 'confirming' ? policyApprovers(gate) : null;
  const approvers = status === 'publishing' ? (approval?.approvers ?? []) : asked;
  const people = approvers?.map(({ person }) => person).join('+');
  const [first] = notices;
  return [
    ...(approvers
      ? [
          {
            kind: 'confirm' as const,
            key: `confirm/${generation}/${status}/${people}`,
            team: office.id,
            generation,
            approvers,
          },
        ]
      : []),
    ...(first ? [{ kind: 'notify' as const, key: `notify/${first.id}`, notices }] : []),
  ];
}
