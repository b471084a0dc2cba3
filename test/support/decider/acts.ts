/** What the tests do over and over: decide at gates, bring evidence, carry a delivery to where it is tested. */
import { expect } from 'vitest';
import type { Payloads } from '../../../src/domain/commands/payloads.js';
import type { Gate } from '../../../src/domain/gates/gate.js';
import { deliveryOf } from '../../../src/domain/lifecycle/delivery.js';
import type { ReleaseDelivery } from '../../../src/domain/lifecycle/state.js';
import type { Verify } from '../../../src/domain/lifecycle/work.js';
import type { Sample } from '../../../src/domain/release/verdict.js';
import type { CompiledSpec } from '../../../src/domain/spec/spec.js';
import type { DecisionKind } from '../../../src/domain/vocabulary.js';
import { type Story, text } from './story.js';
import { KYC, taxSpec } from './use-cases.js';

export function gate(story: Story, id: string): Gate {
  const open = story.state.gates[id];
  if (!open)
    throw new Error(`no gate ${id}; open are ${Object.keys(story.state.gates).join(', ') || 'none'}`);
  return open;
}

/** A decision on what is up for decision now. */
export function answers(
  story: Story,
  id: string,
  person: string,
  decision: DecisionKind,
  more: Partial<Payloads['decide']> = {},
): Story {
  const { generation, subject } = gate(story, id);
  return story.when('decide', { gate: id, generation, subject, decision, ...more }, person);
}

/** Approvals by several people, each accepted. */
export function approve(story: Story, id: string, ...people: string[]): Story {
  for (const person of people) answers(story, id, person, 'approve').thenAccepted();
  return story;
}

/** Drafts and submits a spec; whatever gate it needs is open afterwards. */
export function specify(story: Story, spec: CompiledSpec, by: string): Story {
  story.when('draft-spec', { spec, missing: [] }, by).thenAccepted();
  return story.when('submit-spec', { version: story.state.counters.specs }, by).thenAccepted();
}

/** Registers a release by name. */
export function register(story: Story, name: string, by: string, changedSections: string[] = []): Story {
  return story.when('register-release', { release: text(name), changedSections }, by).thenAccepted();
}

/** The payload of evidence collected now, about the release of the open delivery. */
export function evidence(
  story: Story,
  kind: string,
  results: Payloads['add-evidence']['results'] = {},
  more: Partial<Payloads['add-evidence']> = {},
): Payloads['add-evidence'] {
  const delivery = deliveryOf(story.state);
  const release = delivery && delivery.step !== 'specification' ? delivery.release : null;
  return {
    kind,
    digest: text(`${kind} at ${story.now}`),
    producer: 'ci',
    independent: false,
    collectedAt: story.now,
    about: release ? [release.digest] : [],
    results,
    ...more,
  };
}

export const GOOD_TAX = {
  'false-commitment': { value: 0.0006, n: 12_000 },
  tone: { value: 0.96, n: 12_000 },
};
export const GOOD_KYC = {
  f1: { value: 0.985, n: 30_000 },
  'false-accept-rate': { value: 0.0003, n: 30_000 },
  'liveness-gap-pp/skin-tone': { value: 1.1, n: 2_400 },
  'liveness-gap-pp/age-60+': { value: 1.6, n: 1_900 },
};

/** Everything a tax delivery needs before its review. */
export function taxEvidence(story: Story): Story {
  story.when('add-evidence', evidence(story, 'eval', GOOD_TAX), 'ci').thenAccepted();
  return story.when('add-evidence', evidence(story, 'vendor-review', {}, { about: [] }), 'ci').thenAccepted();
}

export function kycEvidence(story: Story): Story {
  story.when('add-evidence', evidence(story, 'eval', GOOD_KYC), 'ci').thenAccepted();
  const independent = { producer: 'lab', independent: true };
  story.when('add-evidence', evidence(story, 'red-team', {}, independent), 'lab').thenAccepted();
  return story.when('add-evidence', evidence(story, 'vendor-review', {}, { about: [] }), 'ci').thenAccepted();
}

const sample = (metric: string, count: number | null, n: number, value: number | null = null): Sample => ({
  metric,
  group: null,
  count,
  value,
  n,
});

/** Samples of every metric that was asked for, by name; one that is not named is missing. */
export function measured(values: { readonly [metric: string]: readonly [count: number, n: number] }) {
  return ({ metrics }: Verify): Sample[] =>
    metrics.flatMap(({ metric }) => {
      const value = values[metric];
      return value ? [sample(metric, value[0], value[1])] : [];
    });
}

/** Every clause of the tax and the KYC spec within its limit. */
export const ALL_WELL = measured({
  'false-commitment': [5, 10_000],
  tone: [9_700, 10_000],
  'false-accept-rate': [10, 40_000],
  'review-rate': [4_000, 40_000],
});

export const KYC_SEATS = ['gita', 'priya', 'esha', 'rohan', 'meera'];

/** A KYC launch whose rollout has begun: the shadow soaks for 14 days. */
export function kycInShadow(story: Story): Story {
  story.when('open-gate', { gate: 'scoping' }, 'asha').thenAccepted();
  approve(story, 'scoping', 'asha', 'rohan');
  story.when('add-evidence', evidence(story, 'privacy'), 'lata').thenAccepted();
  specify(story, KYC, 'ravi');
  approve(story, 'specification', ...KYC_SEATS);
  register(story, 'r1', 'ravi');
  kycEvidence(story).when('submit-for-review', {}, 'ravi').thenAccepted();
  return approve(story, 'readiness', ...KYC_SEATS);
}

/** A tax launch up to its open readiness gate. */
export function taxInReview(story: Story): Story {
  specify(story, taxSpec(), 'hari');
  approve(story, 'specification', 'leena', 'gita');
  register(story, 'r1', 'hari');
  taxEvidence(story);
  return story.when('submit-for-review', {}, 'hari').thenAccepted();
}

/** A tax launch whose rollout has begun: the canary at 10 % soaks. */
export function taxInCanary(story: Story): Story {
  taxInReview(story);
  approve(story, 'readiness', 'leena', 'gita');
  expect(rollout(story).phase.name).toBe('soaking');
  return story;
}

/** A tax launch that serves: three days of rollout, accepted by omkar. */
export function taxLive(story: Story): Story {
  taxInCanary(story);
  story.world.metrics = ALL_WELL;
  story.after(3 * 24 * 3_600_000);
  story.when('accept-exposure', {}, 'omkar').thenAccepted();
  expect(story.state.stage).toBe('live');
  return story;
}

/** A change of the tax use case, up to its registered release. */
export function openTaxChange(story: Story, release: string, changedSections: string[]): Story {
  const change = { kind: 'prompt', changedSections, reason: text('why') } as const;
  story.when('open-change', change, 'leena').thenAccepted();
  return register(story, release, 'hari', changedSections);
}

/** The canary of a minor change, beside the r1 that serves. */
export function taxChangeInCanary(story: Story): Story {
  openTaxChange(taxLive(story), 'r2', ['prompt.tone']);
  story.when('add-evidence', evidence(story, 'eval', GOOD_TAX), 'ci');
  story.when('submit-for-review', {}, 'hari').thenAccepted();
  return approve(story, 'change', 'chitra');
}

/** Two releases of the tax use case, live one after the other. */
export function taxTwiceLive(story: Story): Story {
  taxChangeInCanary(story).after(3 * 24 * 3_600_000);
  return story.when('accept-exposure', {}, 'omkar').thenAccepted();
}

function releaseDelivery(story: Story): ReleaseDelivery {
  const delivery = deliveryOf(story.state);
  if (delivery?.step !== 'release') throw new Error(`the delivery is ${delivery?.step ?? 'not open'}`);
  return delivery;
}

export function rollout(story: Story) {
  return releaseDelivery(story).rollout;
}

/** Candidate and serving share, as wanted now. */
export function wanted(story: Story) {
  const { candidate, serving } = story.state.exposure.wanted;
  return { candidate: candidate?.percent ?? null, serving: serving?.percent ?? null };
}

/** Kinds of holds that are open, as `source:effect`. */
export function held(story: Story): string[] {
  return story.state.holds.map(({ source, effect }) => `${source}:${effect}`);
}

/** The id of the one open hold of a source. */
export function holdId(story: Story, source: string): string {
  const found = story.state.holds.filter((hold) => hold.source === source);
  expect(found).toHaveLength(1);
  return found[0]?.id ?? '';
}
