import type { GateRule, LiftRule } from '../../domain/policy.js';
import { businessOf } from '../duration-text.js';
import type { WrittenGate, WrittenLift } from './gates.js';
import { authorityOf } from './words.js';

/** A written gate as the decider reads it. */
export function compileGate({ seats, sla, reminders, escalation, timeout }: WrittenGate): GateRule {
  return {
    seats: seats.map(authorityOf),
    sla: businessOf(sla),
    reminders,
    escalation: { every: businessOf(escalation.every), chain: escalation.chain },
    timeout,
  };
}

/** A written lift rule as the decider reads it; no root cause is asked unless it says so. */
export function compileLift({ keys, rootCause }: WrittenLift): LiftRule {
  return { keys: keys.map(authorityOf), rootCause: rootCause ?? false };
}
