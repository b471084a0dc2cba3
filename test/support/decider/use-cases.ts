/** What lifecycles are started with: the two example use cases, a low one, and a pilot. */
import { compileOperatingModel } from '../../../src/contracts/compile-operating-model.js';
import { compileSpec } from '../../../src/contracts/compile-spec.js';
import type { WrittenOperatingModel } from '../../../src/contracts/operating-model/model-form.js';
import type { Spec } from '../../../src/contracts/spec.js';
import type { Facts } from '../../../src/domain/governance/facts.js';
import { CURRENT_ENGINE } from '../../../src/domain/lifecycle/engine.js';
import type { StartInput, Starting } from '../../../src/domain/lifecycle/start-input.js';
import type { OperatingModel } from '../../../src/domain/policy.js';
import type { CompiledSpec } from '../../../src/domain/spec/spec.js';
import { KYC_SPEC, LIGHT_SPEC } from '../../contracts/spec/kyc-spec.js';
import { shipped } from '../../operating-models/shipped-models.js';
import { recordedStart } from '../recorded-start.js';
import { actor, ONBOARDING_TEAM, TAX_TEAM } from './people.js';
import { text } from './story.js';
import { DAY } from './time.js';

const { model: standard, written } = shipped('standard');

export const STANDARD: OperatingModel = standard;

/** The standard model, written anew with changes and compiled. */
export function modelWith(change: (model: Mutable<WrittenOperatingModel>) => void): OperatingModel {
  const copy = structuredClone(written) as Mutable<WrittenOperatingModel>;
  change(copy);
  return compileOperatingModel(copy);
}
type Mutable<T> = T extends readonly (infer E)[]
  ? Mutable<E>[]
  : T extends object
    ? { -readonly [K in keyof T]: Mutable<T[K]> }
    : T;

/** The standard model with Monday 23 November 2026 a holiday in Mumbai. */
export const WITH_HOLIDAY = modelWith(({ calendars }) => {
  const mumbai = calendars['in-mumbai'];
  if (mumbai) mumbai.holidays = [...mumbai.holidays, '2026-11-23'];
});

/** Its rollouts move by command only, it freezes the second week of September, and lata edits it. */
export const BY_COMMAND = modelWith((model) => {
  for (const rules of Object.values(model.rules.governed)) {
    rules.rollout.start = 'by-command';
    for (const step of rules.rollout.steps) step.advance = 'by-command';
  }
  model.freezes = [{ name: 'audit', from: '2026-09-07T00:00:00+05:30', until: '2026-09-14T00:00:00+05:30' }];
  model.editors = ['lata'];
});

/** The mildest answer to every question, and those given on top. */
export function facts(stated: Facts): Facts {
  const mildest = STANDARD.facts.map(({ id, type, answers }) => [
    id,
    type === 'several' ? [] : (answers[0] ?? ''),
  ]);
  return { ...Object.fromEntries(mildest), ...stated };
}

const KYC_FACTS = facts({
  where: ['India-SEBI'],
  effect: 'recommends',
  autonomy: 'acts-undoable',
  data: 'identity-special',
  activity: 'kyc-aml',
  technique: 'quantitative',
  reliance: '1-to-5-percent',
  reach: 'more',
  supplier: 'vendor-can-change',
});

export const TAX_FACTS = facts({
  where: ['India-RBI'],
  effect: 'informs',
  autonomy: 'after-approval',
  data: 'personal',
  technique: 'generative',
  reach: 'more',
  supplier: 'vendor-can-change',
});

export const LOW_FACTS = facts({});

/** Version 2 of the KYC spec, as it was approved. */
export const KYC: CompiledSpec = compileSpec(KYC_SPEC);

/** A rate that the tax spec limits; what a breach of it does is each spec's. */
export const FALSE_COMMITMENT = {
  id: 'c1',
  metric: 'false-commitment',
  op: '<=',
  value: 0.001,
  at: ['evidence', 'canary', 'live'],
  window: '24h',
  minSample: 1_000,
} satisfies NonNullable<Spec['checks']>[number];

const TAX_SPEC: Spec = {
  spec: 'tax-payments',
  purpose: 'Fewer late payments; a person sends every proposal.',
  value: { metric: 'late-payment-share', baseline: 0.18, target: 0.09, by: '2027-09-30' },
  casesPerDay: 1_500,
  steps: [
    { id: 's1', who: 'ai', does: 'propose a date' },
    { id: 's2', who: 'person', does: 'send it' },
  ],
  may: [
    { id: 'y1', action: 'remind' },
    { id: 'y2', action: 'propose a date' },
  ],
  mustNot: [{ id: 'n1', action: 'promise a waiver', onAttempt: 'block-and-incident' }],
  checks: [
    { ...FALSE_COMMITMENT, onBreach: 'roll-back' },
    {
      id: 'c2',
      metric: 'tone',
      op: '>=',
      value: 0.95,
      at: ['evidence', 'canary', 'live'],
      window: '24h',
      onBreach: 'roll-back',
    },
  ],
  toPerson: [{ id: 'p1', when: { flag: 'asks-for-a-waiver' }, queue: 'desk' }],
  queues: [
    { id: 'desk', owner: 'omkar', sla: '4bh', default: 'manual', minutesPerItem: 1.5, hoursPerDay: 40 },
  ],
  evidence: [{ id: 'e1', kind: 'eval', before: 'readiness', maxAge: '90d', proves: ['c1', 'c2'] }],
  binds: { 'prompt.reminders': ['y1', 'c1'], 'prompt.tone': ['c2'], 'prompt.waivers': ['n1', 'c1'] },
  fallback: { manual: 'the desk writes the reminders', runbook: 'RB-31', standsFor: '10d' },
  dependsOn: ['vendor:chat-model'],
  success: { product: ['value'], governance: ['n1', 'c1'], operations: ['desk'] },
};

/** The written KYC and tax specs with changes, compiled. */
export const kycSpec = (changes: Partial<Spec> = {}): CompiledSpec =>
  compileSpec({ ...KYC_SPEC, ...changes });
export const taxSpec = (changes: Partial<Spec> = {}): CompiledSpec =>
  compileSpec({ ...TAX_SPEC, ...changes });

/** The KYC spec as first submitted: false accepts up to 0.0010. */
export const KYC_FIRST = kycSpec({
  checks: (KYC_SPEC.checks ?? []).map((check) => (check.id === 'c2' ? { ...check, value: 0.001 } : check)),
});

const brief = { digest: text('brief'), missing: [] };

/** Broker KYC onboarding: governed, high, without an operating owner; started by the lead. */
export function kyc(changes: Partial<Starting> = {}): StartInput {
  return recordedStart({
    engine: CURRENT_ENGINE,
    key: 'kyc-onboarding',
    title: 'Broker KYC onboarding',
    mode: 'governed',
    actor: actor('nikhil', ONBOARDING_TEAM),
    team: ONBOARDING_TEAM,
    model: STANDARD,
    rights: {
      businessOwner: 'asha',
      technicalOwner: 'ravi',
      changeApprover: 'suresh',
      conflictResolver: 'anand',
      stopShipHolder: ['kavya', 'meera'],
    },
    facts: KYC_FACTS,
    brief,
    pilot: null,
    ...changes,
  });
}

/** The same with every right filled. */
export function kycComplete(changes: Partial<Starting> = {}): StartInput {
  const { rights, ...start } = kyc();
  return recordedStart({ ...start, rights: { ...rights, operatingOwner: 'meera' }, ...changes });
}

/** The tax-filing payment assistant: governed, medium, every right filled. */
export function tax(changes: Partial<Starting> = {}): StartInput {
  return recordedStart({
    ...kyc(),
    key: 'tax-payments',
    title: 'Tax-filing payment assistant',
    actor: actor('divya', TAX_TEAM),
    team: TAX_TEAM,
    rights: {
      businessOwner: 'bela',
      technicalOwner: 'hari',
      operatingOwner: 'omkar',
      changeApprover: 'chitra',
      conflictResolver: 'anand',
      stopShipHolder: ['tara', 'omkar'],
    },
    facts: TAX_FACTS,
    ...changes,
  });
}

/** The same use case with mild facts: governed, low. */
export function low(changes: Partial<Starting> = {}): StartInput {
  return tax({ key: 'shift-notes', title: 'Shift notes', facts: LOW_FACTS, ...changes });
}

/** A pilot of hari's with leena as partner, for 40 days from `now`. */
export function pilot(now: number, changes: Partial<Starting> = {}): StartInput {
  return tax({
    key: 'meeting-notes',
    title: 'Meeting notes',
    mode: 'pilot',
    actor: actor('hari', TAX_TEAM),
    rights: { changeApprover: 'chitra', conflictResolver: 'anand', stopShipHolder: ['tara', 'omkar'] },
    facts: LOW_FACTS,
    pilot: {
      spec: compileSpec(LIGHT_SPEC),
      cohort: { digest: text('cohort'), people: 40 },
      endsAt: now + 40 * DAY,
      partner: 'leena',
      release: text('pilot release'),
    },
    ...changes,
  });
}
