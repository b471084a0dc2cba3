/** A gate can ask that whoever approves there has proven a short while ago, or strongly, who they are. */
import type { Actor } from '../lifecycle/actor.js';
import type { Reauthentication } from '../policy.js';
import type { Rejection } from '../rejection.js';
import type { Instant } from '../vocabulary.js';

const MINUTE = 60_000;

/** Whether a sign-in is recent and strong enough; whoever has none to show is not. */
function suffices({ maxAge, acr }: Reauthentication, authenticated: Actor['authenticated'], now: Instant) {
  if (authenticated === undefined) return false;
  const recent = maxAge === null || now - authenticated.at <= maxAge;
  const strong = acr.length === 0 || (authenticated.acr !== null && acr.includes(authenticated.acr));
  return recent && strong;
}

/**
 * Refuses an approval until its person has signed in again as the gate asks, and says how. Under trust `dev` nobody
 * proves who they are, so that there is nothing to ask for; under `signed` nothing unverified comes this far.
 */
export function refuseStaleSignIn(
  gate: { readonly id: string; readonly rule: { readonly reauthenticate?: Reauthentication } },
  { person, verified, authenticated }: Actor,
  now: Instant,
): Rejection | undefined {
  const { reauthenticate } = gate.rule;
  if (reauthenticate === undefined || !verified || suffices(reauthenticate, authenticated, now))
    return undefined;
  const { maxAge, acr } = reauthenticate;
  const asked = [
    ...(maxAge === null ? [] : [`not longer than ${maxAge / MINUTE} minutes ago`]),
    ...(acr.length === 0 ? [] : [`with ${acr.join(' or ')}`]),
  ];
  const message = `gate ${gate.id} asks that ${person} has signed in ${asked.join(' and ')}; sign in again and repeat it`;
  const demand = { maxAge: maxAge === null ? null : Math.floor(maxAge / 1_000), acr };
  const code = 'reauthentication-required';
  return { rejected: code, reasons: [{ code, message, fact: 'authentication', authentication: demand }] };
}
