import { z } from 'zod';
import { CHAIN_STEPS } from '../../domain/policy.js';
import { businessTime, elapsedTime } from '../duration-text.js';
import { authority } from './words.js';

const reauthentication = z
  .strictObject({
    maxAge: z.exactOptional(elapsedTime),
    acr: z.exactOptional(
      z
        .array(z.string().regex(/^[\x21\x23-\x5b\x5d-\x7e]{1,120}$/))
        .min(1)
        .max(8),
    ),
  })
  .refine(({ maxAge, acr }) => maxAge !== undefined || acr !== undefined, {
    error: 'say maxAge, acr or both; without either nothing is asked',
  })
  .meta({ description: 'How recently (maxAge) and how strongly (acr) an approver must have signed in.' });

/** A gate: who must approve, by when, and what happens when nobody does. It never passes by itself. */
export const writtenGate = z.strictObject({
  seats: z
    .array(authority)
    .min(1)
    .max(12)
    .meta({ description: 'One entry per approval; twice means two people.' }),
  sla: businessTime,
  reminders: z
    .array(z.int().min(1).max(99))
    .max(5)
    .refine(ascends, { error: 'list the shares in rising order' }),
  escalation: z.strictObject({ every: businessTime, chain: z.array(z.enum(CHAIN_STEPS)).max(6) }),
  timeout: z.enum(['hold', 'return']),
  reauthenticate: z.exactOptional(reauthentication),
});
export type WrittenGate = z.output<typeof writtenGate>;

/** Who lifts a hold: every key is another person. */
export const writtenLift = z.strictObject({
  keys: z.array(authority).min(1).max(3),
  rootCause: z.exactOptional(z.boolean()),
});
export type WrittenLift = z.output<typeof writtenLift>;

/** Acts that take two people. */
export const writtenTwoKey = z.strictObject({
  sla: businessTime,
  breakGlassExpires: elapsedTime,
  lowerTier: z.array(authority).length(2),
  lowerMateriality: z.array(authority).length(2),
  correctProhibited: z.array(authority).length(2),
  loweredTierExpires: elapsedTime,
});

function ascends(shares: readonly number[]): boolean {
  return shares.every((share, index) => index === 0 || share > (shares[index - 1] ?? 0));
}
