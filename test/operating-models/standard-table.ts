/**
 * The standard operating model stated a second time, by hand and by the rows of its table, so that no rule
 * of the YAML can change unnoticed. Columns: pilot low and medium, pilot high, governed low, medium, high.
 */
import type { Authority, GateRule, LiftRule, QueueTerms, TierRules } from '../../src/domain/policy.js';

const MIN = 60_000;
const H = 60 * MIN;
const D = 24 * H;
const COLUMNS = ['pilot', 'pilotHigh', 'low', 'medium', 'high'] as const;
type Column = (typeof COLUMNS)[number];
type Row<T> = readonly [pilot: T, pilotHigh: T, low: T, medium: T, high: T];

const f = (
  name: 'product' | 'engineering' | 'governance' | 'risk' | 'operations' | 'business',
): Authority => ({
  function: name,
});
const [P, E, G, R, O, B] = [
  f('product'),
  f('engineering'),
  f('governance'),
  f('risk'),
  f('operations'),
  f('business'),
];
const owner: Authority = { right: 'technicalOwner' };
const approver: Authority = { right: 'changeApprover' };
const bd = (n: number) => ({ unit: 'bd' as const, n });
const bh = (n: number) => ({ unit: 'bh' as const, n });

type Chain = GateRule['escalation']['chain'];
const fullChain: Chain = ['delegate', 'lead', 'function-head', 'resolver'];
const lift = (...keys: Authority[]): LiftRule => ({ keys, rootCause: false });
const withRootCause = (rule: LiftRule): LiftRule => ({ ...rule, rootCause: true });
const evidence = (kind: string, before: string, maxAge: number | null, more: object = {}) => ({
  kind,
  before,
  maxAge,
  from: 'any',
  ...more,
});
const step = (
  kind: string,
  percent: number,
  window = 0,
  windows = window === 0 ? 0 : 1,
  accept = 'none',
) => ({
  kind,
  percent,
  window,
  windows,
  accept,
  advance: 'automatic',
});
const vendorReview = evidence('vendor-review', 'readiness', 365 * D, {
  when: { fact: 'supplier', op: '>=', value: 'pinned-vendor' },
});
const validation = evidence('independent-validation', 'readiness', null, {
  from: 'independent',
  when: {
    any: [
      { fact: 'activity', op: '=', value: 'credit' },
      {
        all: [
          { fact: 'technique', op: '=', value: 'quantitative' },
          {
            any: [
              { fact: 'where', op: 'includes', value: 'US-bank' },
              { fact: 'where', op: 'includes', value: 'India-RBI' },
            ],
          },
        ],
      },
    ],
  },
});
const oneDay: QueueTerms = { sla: '1bd', secondLine: null, default: 'manual' };
const fourHours: QueueTerms = { sla: '4bh', secondLine: { who: 'head', sla: '4bh' }, default: 'manual' };
const halfHours: QueueTerms = { sla: '30min', secondLine: { who: 'head', sla: '30min' }, default: 'deny' };

const gatesAndSeats: Row<Record<string, Authority[]>> = [
  { start: [P] },
  { start: [P, E] },
  { launch: [P, O] },
  { specification: [P, G], readiness: [P, G] },
  { scoping: [B, R], specification: [P, E, G, R, O], readiness: [P, E, G, R, O] },
];
const minorChangeApprovedBy: Row<Authority> = [owner, owner, approver, approver, approver];
const sla: Row<GateRule['sla']> = [bd(1), bd(1), bd(1), bh(8), bd(3)];
const reminders: Row<number[]> = [
  [50, 80],
  [50, 80],
  [50, 80],
  [50, 80],
  [50, 80],
];
const everyStep: Row<GateRule['sla']> = [bh(4), bh(4), bh(4), bh(4), bh(4)];
const chain: Row<Chain> = [['lead'], ['lead', 'governance-head'], ['lead'], fullChain, fullChain];
const timeout: Row<GateRule['timeout']> = ['return', 'return', 'return', 'hold', 'hold'];

const rows: { readonly [K in Exclude<keyof TierRules, 'gates' | 'change'>]: Row<unknown> } = {
  informed: [[], ['risk'], [], ['operations'], ['risk']],
  mayHold: [[], ['risk'], [], [], []],
  evidence: [
    [],
    [evidence('misuse-test', 'start', 30 * D)],
    [evidence('eval', 'launch', 180 * D)],
    [evidence('eval', 'readiness', 90 * D), vendorReview],
    [
      evidence('eval', 'readiness', 90 * D),
      vendorReview,
      evidence('red-team', 'readiness', 90 * D),
      evidence('privacy', 'readiness', 365 * D),
      evidence('shadow', 'canary', null),
      validation,
    ],
  ],
  rollout: [
    { start: 'automatic', recheck: H, steps: [step('cohort', 10)] },
    { start: 'automatic', recheck: 15 * MIN, steps: [step('cohort', 5)] },
    { start: 'automatic', recheck: H, steps: [step('ramp', 50, 4 * H), step('full', 100, 4 * H)] },
    {
      start: 'automatic',
      recheck: H,
      recover: 2,
      steps: [step('canary', 10, D), step('ramp', 50, D), step('full', 100, D, 1, 'after')],
    },
    {
      start: 'automatic',
      recheck: 15 * MIN,
      recover: 2,
      steps: [
        step('shadow', 100, 14 * D),
        step('canary', 25, 3 * D, 2),
        step('ramp', 50, 3 * D),
        step('full', 100, 0, 0, 'before'),
      ],
    },
  ],
  minSample: [
    { shadow: 0, exposed: 0 },
    { shadow: 0, exposed: 0 },
    { shadow: 1, exposed: 1 },
    { shadow: 1, exposed: 1 },
    { shadow: 10, exposed: 1 },
  ],
  approval: [
    { startBy: 14 * D, serveUntil: null },
    { startBy: 7 * D, serveUntil: null },
    { startBy: 60 * D, serveUntil: { months: 12, plus: null } },
    { startBy: 30 * D, serveUntil: { months: 6, plus: bd(10) } },
    { startBy: 15 * D, serveUntil: { months: 3, plus: bd(10) } },
  ],
  caps: [
    { people: 200, cases: 5_000, sharePercent: 10, box: 60 * D, moneyEur: null },
    { people: 200, cases: 1_000, sharePercent: 5, box: 30 * D, moneyEur: 5_000 },
    null,
    null,
    null,
  ],
  extension: [
    { times: 1, maxSharePercent: 50, keys: [P] },
    { times: 1, maxSharePercent: 50, keys: [P, R] },
    null,
    null,
    null,
  ],
  review: [
    { boxDays: [], atEnd: true },
    { boxDays: [15], atEnd: true },
    { everyMonths: 12 },
    { everyMonths: 6 },
    { everyMonths: 3 },
  ],
  silence: [
    { after: 24 * H, effect: 'review-all' },
    { after: 10 * MIN, effect: 'stopped' },
    { after: 24 * H, effect: 'warn' },
    { after: 60 * MIN, effect: 'review-all' },
    { after: 10 * MIN, effect: 'stopped' },
  ],
  criticalHold: ['stopped', 'stopped', 'review-all', 'review-all', 'stopped'],
  drills: [undefined, undefined, undefined, undefined, { every: 180 * D, within: MIN, overdue: 'forward' }],
  queue: [
    { ...oneDay, agents: null },
    { ...halfHours, agents: null },
    { ...oneDay, agents: null },
    { ...fourHours, agents: null },
    { ...fourHours, agents: halfHours },
  ],
  lift: [
    { ordinary: lift(owner), afterRollback: lift(owner), afterRollbackAtFull: lift(owner) },
    { ordinary: lift(E, R), afterRollback: lift(E, R), afterRollbackAtFull: lift(E, R) },
    { ordinary: lift(owner), afterRollback: lift(owner, O), afterRollbackAtFull: lift(owner, O) },
    { ordinary: lift(R), afterRollback: lift(owner, O), afterRollbackAtFull: lift(R, B) },
    {
      ordinary: lift(R),
      afterRollback: withRootCause(lift(R, B)),
      afterRollbackAtFull: withRootCause(lift(R, B)),
    },
  ],
};

function column(name: Column) {
  const at = COLUMNS.indexOf(name);
  const gate = (seats: Authority[]) => ({
    seats,
    sla: sla[at],
    reminders: reminders[at],
    escalation: { every: everyStep[at], chain: chain[at] },
    timeout: timeout[at],
  });
  const seated = Object.entries(gatesAndSeats[at] ?? {});
  return {
    gates: Object.fromEntries(seated.map(([gateName, seats]) => [gateName, gate(seats)])),
    change: gate([minorChangeApprovedBy[at] ?? approver]),
    ...Object.fromEntries(Object.entries(rows).map(([row, values]) => [row, values[at]])),
  };
}

const furtherGate = (seats: Authority[], days: number) => ({
  seats,
  sla: bd(days),
  reminders: [50, 80],
  escalation: { every: bh(4), chain: fullChain },
  timeout: 'return',
});

/** Everything in the compiled standard model but its assessment, its calendars and its digest. */
export const EXPECTED_RULES = {
  name: 'standard',
  version: 1,
  demo: false,
  timeScale: 1,
  editors: [],
  rules: {
    pilot: { low: column('pilot'), medium: column('pilot'), high: column('pilotHigh') },
    governed: { low: column('low'), medium: column('medium'), high: column('high') },
  },
  promotion: furtherGate([P, G, R, { right: 'operatingOwner' }], 3),
  retirement: furtherGate([B, O], 5),
  twoKey: {
    sla: bd(1),
    breakGlassExpires: 30 * MIN,
    lowerTier: [G, R],
    lowerMateriality: [G, R],
    correctProhibited: [G, R],
    loweredTierExpires: 90 * D,
  },
  delegation: { longest: 90 * D },
  handover: {
    sla: bd(5),
    reminders: [50, 80],
    escalation: { every: bd(1), chain: ['lead', 'governance-head', 'resolver'] },
  },
  policyChange: {
    gate: furtherGate([G, R], 3),
    publishBy: 30 * D,
    migrate: [owner, G],
    remediation: bd(20),
  },
  conflict: {
    ...furtherGate([{ right: 'conflictResolver' }], 1),
    timeout: 'hold',
  },
  breakGlass: {
    keys: [{ right: 'stopShipHolder' }, { right: 'operatingOwner' }],
    gates: ['specification', 'launch', 'readiness', 'change'],
    freezes: true,
    longest: 3 * D,
    retrospective: {
      ...furtherGate([G, R], 2),
      escalation: { every: bh(4), chain: [] },
      timeout: 'hold',
    },
  },
  exceptions: {
    keys: [G, R],
    longest: 30 * D,
    mayPass: ['evidence:vendor-review', 'evidence:privacy', 'queue-load'],
  },
  overdue: { condition: 'forward', exception: 'forward', retrospective: 'review-all' },
  freezes: [],
  reentry: {
    model: 'implementation',
    prompt: 'implementation',
    policy: 'implementation',
    data: 'implementation',
    code: 'implementation',
    vendor: 'implementation',
    spec: 'specification',
  },
  defaultCalendar: 'in-mumbai',
};
