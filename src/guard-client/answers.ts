import type { GuardAnswer, GuardCheck } from '../contracts/guard.js';

/** One action that a service is about to take. */
export type Action = Omit<GuardCheck, 'item'>;

/** What the guard answers; `unreachable`: nobody did, and this is the default. */
export type Answer = Omit<GuardAnswer, 'why'> & { readonly why: GuardAnswer['why'] | 'unreachable' };

/** What an action is answered with where the guard cannot be asked. A person cannot be asked then either. */
export function unreachable(verdict: 'allow' | 'block', whenUnknown: Answer['whenUnknown']): Answer {
  const says = `the guard cannot be asked; the default is ${verdict}`;
  return { verdict, clause: null, why: 'unreachable', says, action: null, item: null, whenUnknown };
}
