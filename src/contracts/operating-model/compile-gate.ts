import type { GateRule, LiftRule } from '../../domain/policy.js';
import { businessOf, elapsedOf } from '../duration-text.js';
import type { WrittenGate, WrittenLift } from './gates.js';
import { authorityOf } from './words.js';

/** A written gate as the decider reads it. */
export function compileGate(written: WrittenGate): GateRule {
  const { seats, sla, reminders, escalation, timeout, reauthenticate } = written;
  return {
    seats: seats.map(authorityOf),
    sla: businessOf(sla),
    reminders,
    escalation: { every: businessOf(escalation.every), chain: escalation.chain },
    timeout,
    ...(reauthenticate && { reauthenticate: compileReauthentication(reauthenticate) }),
  };
}

type Written = NonNullable<WrittenGate['reauthenticate']>;

function compileReauthentication({ maxAge, acr }: Written): NonNullable<GateRule['reauthenticate']> {
  return { maxAge: maxAge === undefined ? null : elapsedOf(maxAge), acr: acr ?? [] };
}

/** A written lift rule as the decider reads it; no root cause is asked unless it says so. */
export function compileLift({ keys, rootCause }: WrittenLift): LiftRule {
  return { keys: keys.map(authorityOf), rootCause: rootCause ?? false };
}
