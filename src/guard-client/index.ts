/**
 * A client of the decision-time guard for services in TypeScript that ask before they act. It needs nothing but Node.
 * What it cannot know is never a yes, unless the spec of the use case says so.
 */

export type { Action, Answer } from './answers.js';
export { GuardMisused, NotAllowed } from './errors.js';
export { createGuardClient, type GuardClient, type GuardClientSettings } from './guard-client.js';
export { pseudonymOf } from './pseudonym.js';
