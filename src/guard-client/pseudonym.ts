import { createHmac } from 'node:crypto';

/**
 * The pseudonym of somebody for `person` of an action: the same for the same secret, and nobody without that secret can tell
 * whom it is of. Keep the secret in the service; the guard only ever counts pseudonyms.
 */
export function pseudonymOf(secret: string, person: string): string {
  return createHmac('sha256', secret).update(person).digest('base64url').slice(0, 22);
}
