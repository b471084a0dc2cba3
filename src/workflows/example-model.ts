/** The smallest operating model that a message can carry: for the example that the Temporal UI's forms start from. */
import type { GateRule, LiftRule, OperatingModel, TierRules } from '../domain/policy.js';
import type { RuledTier } from '../domain/vocabulary.js';

const DAY = { unit: 'bd', n: 1 } as const;
const GATE: GateRule = {
  seats: [{ function: 'governance' }, { function: 'risk' }],
  sla: DAY,
  reminders: [],
  escalation: { every: DAY, chain: ['lead'] },
  timeout: 'return',
};
const LIFT: LiftRule = { keys: [{ function: 'risk' }], rootCause: false };
const TERMS = { sla: '1bd', secondLine: null, default: 'manual' } as const;
const COLUMN: TierRules = {
  gates: { readiness: GATE },
  change: GATE,
  informed: [],
  mayHold: [],
  evidence: [],
  rollout: {
    start: 'automatic',
    recheck: 3_600_000,
    steps: [{ kind: 'full', percent: 100, window: 0, windows: 0, accept: 'none', advance: 'automatic' }],
  },
  minSample: { shadow: 0, exposed: 0 },
  approval: { startBy: 86_400_000, serveUntil: { months: 6, plus: null } },
  caps: null,
  extension: null,
  review: { everyMonths: 6 },
  silence: { after: 3_600_000, effect: 'warn' },
  criticalHold: 'review-all',
  queue: { ...TERMS, agents: null },
  lift: { ordinary: LIFT, afterRollback: LIFT, afterRollbackAtFull: LIFT },
};
const COLUMNS: { readonly [T in RuledTier]: TierRules } = { low: COLUMN, medium: COLUMN, high: COLUMN };
const KEYS = GATE.seats;

export const EXAMPLE_MODEL: OperatingModel = {
  name: 'standard',
  version: 8,
  digest: `sha256:${'8e'.repeat(32)}`,
  demo: false,
  timeScale: 1,
  facts: [{ id: 'data', question: 'What does it read?', type: 'scale', answers: ['none', 'personal'] }],
  tierRules: [{ id: 'M1', when: { fact: 'data', op: '>=', value: 'personal' }, tier: 'medium' }],
  tierOtherwise: 'low',
  specConditions: {
    peopleJudged: { fact: 'data', op: '=', value: 'personal' },
    ownModel: { fact: 'data', op: '=', value: 'personal' },
  },
  calendars: {
    always: {
      id: 'always',
      version: '2026.1',
      zone: 'UTC',
      tzdata: '2026a',
      offsets: [[1_767_225_600_000, 0]],
      week: Array.from({ length: 7 }, () => [[0, 1_440] as const]),
      holidays: [],
      validFrom: 1_767_225_600_000,
      validThrough: 1_861_920_000_000,
    },
  },
  defaultCalendar: 'always',
  rules: { pilot: COLUMNS, governed: COLUMNS },
  promotion: GATE,
  retirement: GATE,
  twoKey: {
    sla: DAY,
    breakGlassExpires: 1_800_000,
    lowerTier: KEYS,
    lowerMateriality: KEYS,
    correctProhibited: KEYS,
    loweredTierExpires: 86_400_000,
  },
  policyChange: { gate: GATE, publishBy: 2_592_000_000, migrate: KEYS, remediation: DAY },
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
  editors: [],
};
