import type { ProblemReason } from '../contracts/problem.js';

/**
 * What tells a client how to sign in again before it repeats a request, as RFC 9470 words it; nothing where no reason
 * asks for that. Values are of an operating model, whose form admits no quotes.
 */
export function stepUpChallenge(reasons: readonly ProblemReason[]): Readonly<Record<string, string>> {
  const demand = reasons.find(({ authentication }) => authentication !== undefined)?.authentication;
  if (demand === undefined) return {};
  const { maxAge, acr } = demand;
  const parts = [
    'error="insufficient_user_authentication"',
    'error_description="Sign in again as the gate asks"',
    ...(acr.length === 0 ? [] : [`acr_values="${acr.join(' ')}"`]),
    ...(maxAge === null ? [] : [`max_age="${maxAge}"`]),
  ];
  return { 'WWW-Authenticate': `Bearer ${parts.join(', ')}` };
}
