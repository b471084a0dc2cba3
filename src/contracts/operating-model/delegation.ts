/** What the operating model says about deciding for others, and about rights whose holder is gone. */
import { z } from 'zod';
import type { DelegationRules, HandoverRule } from '../../domain/policy.js';
import { businessOf, elapsedOf, elapsedTime } from '../duration-text.js';
import { writtenGate } from './gates.js';

/** How long one person may decide for another. */
export const writtenDelegation = z.strictObject({ longest: elapsedTime });

/** The clock of a handover: as a gate's, but nothing passes when it runs out. */
export const writtenHandover = z.strictObject({
  sla: writtenGate.shape.sla,
  reminders: writtenGate.shape.reminders,
  escalation: writtenGate.shape.escalation,
});

export function compileDelegation({ longest }: z.output<typeof writtenDelegation>): DelegationRules {
  return { longest: elapsedOf(longest) };
}

export function compileHandover(written: z.output<typeof writtenHandover>): HandoverRule {
  const { sla, reminders, escalation } = written;
  const { every, chain } = escalation;
  return { sla: businessOf(sla), reminders, escalation: { every: businessOf(every), chain } };
}
