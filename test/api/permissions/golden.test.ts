/** What a risk officer would check first, written down by hand: it does not follow from the tables, they follow it. */
import { expect, it } from 'vitest';
import { type Permission, rowOf } from '../../../src/contracts/actions.js';
import type { Stage } from '../../../src/domain/vocabulary.js';
import { askingApi, verdictOf } from './asking.js';
import type { Verdict } from './expectation.js';
import { roleOf } from './roles.js';
import { keyOf } from './staged-lifecycles.js';

type Line = readonly [role: string, wants: Permission, stage: Stage | null, gets: Verdict];

const EXCERPT: readonly Line[] = [
  // A machine brings evidence and reports; it never decides, opens, lifts or stops, whatever it was given.
  ['machine', 'add-evidence', 'implementation', 'passes'],
  ['machine', 'register-release', 'implementation', 'passes'],
  ['machine', 'decide', 'review', 'denied'],
  ['machine-in-charge', 'decide', 'review', 'denied'],
  ['machine-in-charge', 'lift-hold', 'live', 'denied'],
  ['machine-in-charge', 'stop-ship', 'live', 'denied'],
  ['machine-in-charge', 'ledger-export', null, 'denied'],
  ['machine-in-charge', 'ratify-finding', 'live', 'denied'],
  ['machine', 'start', null, 'denied'],
  // A system asks before it acts, and nobody asks in its place.
  ['machine', 'check', 'live', 'passes'],
  ['business-owner', 'check', 'live', 'denied'],
  ['foreign-machine', 'check', 'live', 'unseen'],
  // Only the roster stops by authority; whoever operates may still hold.
  ['stop-ship-holder', 'stop-ship', 'live', 'passes'],
  ['business-owner', 'stop-ship', 'live', 'denied'],
  ['risk-member', 'hold', 'release', 'passes'],
  ['operations-member', 'hold', 'live', 'passes'],
  // Nobody answers for operations but its owner, and nobody for risk but risk and governance.
  ['operating-owner', 'accept-exposure', 'release', 'passes'],
  ['technical-owner', 'accept-exposure', 'release', 'denied'],
  ['risk-member', 'override-tier', 'review', 'passes'],
  ['business-owner', 'override-tier', 'review', 'denied'],
  ['lead', 'override-tier', 'review', 'denied'],
  // A use case is cancelled before it is live, by those who own it.
  ['business-owner', 'cancel', 'release', 'passes'],
  ['engineering-member', 'cancel', 'release', 'denied'],
  ['business-owner', 'cancel', 'live', 'wrong-stage'],
  ['business-owner', 'retire', 'live', 'passes'],
  ['business-owner', 'retire', 'retired', 'closed'],
  // Who audits sees everything and moves nothing, but for findings and legal holds.
  ['auditor', 'show', 'review', 'passes'],
  ['auditor', 'timeline', 'retired', 'passes'],
  ['auditor', 'decide', 'review', 'denied'],
  ['auditor', 'ratify-finding', 'live', 'passes'],
  ['auditor', 'set-legal-hold', 'live', 'passes'],
  ['auditor', 'ledger-export', null, 'passes'],
  ['auditor', 'erase', null, 'passes'],
  ['business-owner', 'erase', null, 'denied'],
  ['lead', 'ledger-export', null, 'denied'],
  ['governance-member', 'ledger-verify', null, 'denied'],
  // Others do not learn that there is such a lifecycle, by whatever way they ask.
  ['outsider', 'show', 'live', 'unseen'],
  ['outsider', 'events', 'live', 'unseen'],
  ['outsider', 'document', 'live', 'unseen'],
  ['outsider', 'evidence', 'review', 'unseen'],
  ['outsider', 'alerting-rules', 'live', 'unseen'],
  // Monitoring fetches its rules by itself.
  ['machine', 'alerting-rules', 'live', 'passes'],
  ['outsider', 'decide', 'review', 'unseen'],
  ['outsider', 'stop-ship', 'retired', 'unseen'],
  ['policy-editor', 'show', 'live', 'unseen'],
  ['administrator', 'show', 'live', 'unseen'],
  ['foreign-machine', 'add-evidence', 'implementation', 'unseen'],
  ['outsider', 'start', null, 'denied'],
  // What a new policy would do to every lifecycle is for those who decide on policies.
  ['policy-risk-officer', 'dry-run-policy', null, 'passes'],
  ['outsider', 'dry-run-policy', null, 'denied'],
  ['risk-member', 'publish-policy', null, 'denied'],
  // Whoever left, and whoever never signed in, gets nothing but what is public.
  ['gone', 'show', 'live', 'unauthenticated'],
  ['unauthenticated', 'list', null, 'unauthenticated'],
  ['unauthenticated', 'events', 'live', 'unauthenticated'],
  ['unauthenticated', 'ledger-export', null, 'unauthenticated'],
  ['unauthenticated', 'healthz', null, 'passes'],
  ['unauthenticated', 'openapi', null, 'passes'],
];

it('the lines that are written down hold', { timeout: 60_000 }, async () => {
  const { ask } = await askingApi();
  const found: Line[] = [];
  for (const [index, [role, wants, stage]] of EXCERPT.entries()) {
    const row = rowOf(wants);
    const answer = await ask(row, roleOf(role), keyOf(stage ?? 'live'), `line-${index}`);
    found.push([role, wants, stage, verdictOf(row, answer)]);
  }
  expect(found).toEqual(EXCERPT);
});
