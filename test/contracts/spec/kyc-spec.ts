import type { Spec } from '../../../src/contracts/spec.js';

/** The spec of the KYC use case as it is finally submitted. */
export const KYC_SPEC: Spec = {
  spec: 'kyc-onboarding',
  purpose: 'Open broker accounts sooner; a person decides every doubtful case.',
  value: { metric: 'hours-to-open-p50', baseline: 26, target: 4, by: '2027-06-30' },
  casesPerDay: 4_000,
  steps: [
    { id: 's1', who: 'ai', does: 'extract fields, match face to document' },
    { id: 's2', who: 'ai', does: 'clear the case or send it to a person' },
    { id: 's3', who: 'person', does: 'decide what was sent' },
  ],
  may: [
    { id: 'y1', action: 'extract' },
    { id: 'y2', action: 'match' },
    { id: 'y3', action: 'clear' },
  ],
  mustNot: [{ id: 'n1', action: 'reject', onAttempt: 'block-and-incident' }],
  checks: [
    { id: 'c1', metric: 'f1', op: '>=', value: 0.98, at: ['evidence'] },
    {
      id: 'c2',
      metric: 'false-accept-rate',
      op: '<=',
      value: 0.0005,
      at: ['evidence', 'shadow', 'canary', 'live'],
      window: '3d',
      failAfter: 2,
      minSample: 'auto',
      onBreach: 'roll-back',
    },
    {
      id: 'c3',
      metric: 'review-rate',
      op: '<=',
      value: 0.15,
      at: ['shadow', 'canary', 'live'],
      window: '1d',
      onBreach: 'warn',
    },
    {
      id: 'c4',
      metric: 'liveness-gap-pp',
      op: '<=',
      value: 2,
      by: ['skin-tone', 'age-60+'],
      at: ['evidence'],
      minSample: 500,
    },
  ],
  toPerson: [
    { id: 'p1', when: { metric: 'match-score', op: '<', value: 0.92 }, queue: 'doubtful' },
    { id: 'p2', when: { flag: 'document-unreadable' }, queue: 'doubtful' },
  ],
  queues: [
    {
      id: 'doubtful',
      owner: 'meera',
      sla: '4bh',
      calendar: 'in-mumbai',
      secondLine: 'operations-head',
      default: 'manual',
      minutesPerItem: 6,
      hoursPerDay: 64,
    },
  ],
  evidence: [
    { id: 'e1', kind: 'eval', before: 'readiness', maxAge: '90d', proves: ['c1', 'c2', 'c4'] },
    { id: 'e2', kind: 'red-team', before: 'readiness', maxAge: '90d', from: 'independent', proves: ['n1'] },
    { id: 'e3', kind: 'privacy', before: 'specification', maxAge: '365d' },
    { id: 'e4', kind: 'shadow', before: 'canary', proves: ['c2', 'c3'] },
  ],
  binds: {
    'model.face': ['c2', 'c4'],
    'prompt.extract': ['y1', 'c1'],
    'policy.cutoffs': ['c2', 'c3', 'p1'],
  },
  retrain: [{ check: 'c2', over: 0.0004, for: '14d', opens: 'model' }],
  fallback: { manual: 'branch desk keys the case', runbook: 'RB-17', standsFor: '5d' },
  dependsOn: ['vendor:ocr-api', 'use-case:customer-master'],
  success: {
    product: ['value'],
    engineering: ['c1'],
    governance: ['n1', 'e2'],
    risk: ['c2', 'c4'],
    operations: ['c3', 'doubtful'],
  },
};

/** The light form: what a pilot is started with. */
export const LIGHT_SPEC: Spec = {
  spec: 'kyc-onboarding',
  purpose: 'Learn whether the match holds up in two branches.',
  may: [{ id: 'y1', action: 'match' }],
  mustNot: [{ id: 'n1', action: 'reject', onAttempt: 'block' }],
  cohort: 'Staff of the two branches in Pune.',
  fallback: { manual: 'the desk keys the case', runbook: 'RB-17', standsFor: '5d' },
};
