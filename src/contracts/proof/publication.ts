/** Whether a published model was approved by whom the ledger says: from the kept proofs, believing root keys alone. */
import { z } from 'zod';
import { type Digest, digestOf } from '../../domain/digest.js';
import { matchSeats, seatsFor } from '../../domain/gates/seats.js';
import type { Instant } from '../../domain/vocabulary.js';
import { doubtOfProven, type Proven } from './proof.js';

/** What stands behind a publication in the ledger. */
export interface ClaimedPublication {
  /** Workflow id of the proposal. */
  readonly proposal: string;
  readonly digest: Digest;
  readonly effects: Digest;
  readonly decisions: readonly { readonly at: Instant; readonly proof: unknown }[];
}

const approval = z.looseObject({
  lifecycle: z.string(),
  command: z.literal('decide'),
  actor: z.looseObject({ person: z.string(), functions: z.array(z.string()), roles: z.array(z.string()) }),
  answer: z.looseObject({ subject: z.string(), decision: z.literal('approve') }),
});

/** Whatever the model says of its gate, these two have to have approved it. */
const SEATS = seatsFor([{ function: 'governance' }, { function: 'risk' }]);

/** True where two people, one of governance and one of risk, approved this model with these effects. */
export function isApproved(
  { proposal, digest, effects, decisions }: ClaimedPublication,
  roots: readonly string[],
): boolean {
  const subject = digestOf({ model: digest, effects });
  const voices = new Map<string, readonly string[]>();
  for (const { at, proof } of decisions) {
    const said = approval.safeParse((proof as Partial<Proven> | undefined)?.statement?.predicate);
    if (!said.success || said.data.lifecycle !== proposal || said.data.answer.subject !== subject) continue;
    const { person, functions, roles } = said.data.actor;
    if (roles.includes('policy-editor') || doubtOfProven(proof as Proven, roots, at) !== undefined) continue;
    voices.set(person, functions);
  }
  const functions = [...voices.values()];
  const filled = matchSeats(
    SEATS,
    functions.length,
    (index, { id }) => functions[index]?.includes(id) ?? false,
  );
  return filled.size === SEATS.length;
}
