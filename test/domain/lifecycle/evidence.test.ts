import { describe, expect, test } from 'vitest';
import {
  approve,
  evidence,
  GOOD_TAX,
  gate,
  holdId,
  openTaxChange,
  register,
  specify,
  taxEvidence,
  taxInCanary,
  taxInReview,
  taxLive,
} from '../../support/decider/acts.js';
import { given, type Story, text } from '../../support/decider/story.js';
import { DAY } from '../../support/decider/time.js';
import { kycComplete, kycSpec, tax, taxSpec } from '../../support/decider/use-cases.js';

const START = '2026-11-16 10:00';

function inImplementation(): Story {
  const story = specify(given(tax(), START), taxSpec(), 'hari');
  approve(story, 'specification', 'leena', 'gita');
  return register(story, 'r1', 'hari').after(DAY);
}

function kycInImplementation(): Story {
  const story = given(kycComplete(), START).when('open-gate', { gate: 'scoping' }, 'asha');
  approve(story, 'scoping', 'asha', 'rohan');
  story.when('add-evidence', evidence(story, 'privacy'), 'lata');
  specify(story, kycSpec(), 'ravi');
  approve(story, 'specification', 'gita', 'priya', 'esha', 'rohan', 'meera');
  return register(story, 'r1', 'ravi');
}

const submit = (story: Story) => story.when('submit-for-review', {}, 'hari');

test('everything that is missing is named at once', () => {
  const story = submit(inImplementation()).thenRejected('evidence-missing', 'eval');
  story.thenRejected('evidence-missing', 'vendor-review');
  // The eval is asked for by the model and by the spec.
  expect(story.rejection?.reasons).toHaveLength(3);
});

test('a review needs a release', () => {
  const story = specify(given(tax(), START), taxSpec(), 'hari');
  approve(story, 'specification', 'leena', 'gita');
  submit(story).thenRejected('incomplete', 'release');
});

describe('evidence is refused', () => {
  test('about another release, also one of the same spec', () => {
    const story = inImplementation();
    const spec = taxSpec().digest;
    for (const about of [[text('r0')], [spec, text('r0')]]) {
      const payload = evidence(story, 'eval', GOOD_TAX, { about });
      story.when('add-evidence', payload, 'ci').thenRejected('evidence-about-another-release', 'about');
    }
    const about = [spec, text('r1')];
    story.when('add-evidence', evidence(story, 'eval', GOOD_TAX, { about }), 'ci').thenAccepted();
  });

  test('judged, and about nothing: it would count for every release there ever is', () => {
    const story = inImplementation();
    const nothing = evidence(story, 'eval', GOOD_TAX, { about: [] });
    story.when('add-evidence', nothing, 'ci').thenRejected('evidence-about-another-release', 'about');
    story.when('add-evidence', evidence(story, 'vendor-review', {}, { about: [] }), 'ci').thenAccepted();
  });

  test('older than the thresholds it is judged by', () => {
    const story = inImplementation();
    const collectedAt = story.now - 2 * DAY;
    const payload = evidence(story, 'eval', GOOD_TAX, { collectedAt });
    story.when('add-evidence', payload, 'ci').thenRejected('evidence-before-thresholds', 'collectedAt');
    const other = evidence(story, 'vendor-review', {}, { collectedAt });
    story.when('add-evidence', other, 'ci').thenAccepted();
  });

  test('from the future', () => {
    const story = inImplementation();
    const payload = evidence(story, 'eval', GOOD_TAX, { collectedAt: story.now + 1 });
    story.when('add-evidence', payload, 'ci').thenRejected('evidence-stale', 'collectedAt');
  });

  test('stale for everybody who asks for it', () => {
    const story = inImplementation();
    const collectedAt = story.now - 365 * DAY - 1;
    const late = evidence(story, 'vendor-review', {}, { collectedAt });
    story.when('add-evidence', late, 'ci').thenRejected('evidence-stale', 'collectedAt');
    const unasked = evidence(story, 'holiday-photos', {}, { collectedAt });
    story.when('add-evidence', unasked, 'ci').thenAccepted();
  });

  test('stale only where nobody who asks for it is more patient', () => {
    // The model lets an eval be 90 days old, this spec 30.
    const spec = taxSpec({
      evidence: [{ id: 'e1', kind: 'eval', before: 'readiness', maxAge: '30d', proves: ['c1'] }],
    });
    const story = specify(given(tax(), START), spec, 'hari');
    const about = [spec.digest];
    const old = (days: number) =>
      evidence(story, 'eval', GOOD_TAX, { about, collectedAt: story.now - days * DAY });
    story.when('add-evidence', old(90.1), 'ci').thenRejected('evidence-stale', 'collectedAt');
    story.when('add-evidence', old(90), 'ci').thenAccepted();
    const patient = { id: 'e9', kind: 'vendor-review', before: 'readiness' } as const;
    const other = specify(given(tax(), START), taxSpec({ evidence: [patient] }), 'hari');
    const ancient = evidence(other, 'vendor-review', {}, { collectedAt: other.now - 4_000 * DAY, about: [] });
    other.when('add-evidence', ancient, 'ci').thenAccepted();
  });

  test('stale, and before engine 3 it was taken and then counted for nothing', () => {
    const story = inImplementation();
    const payload = evidence(story, 'vendor-review', {}, { collectedAt: story.now - 400 * DAY });
    story.state = { ...story.state, engine: 2 };
    story.attempt('add-evidence', payload, 'ci').thenEvents(['EvidenceAdded']);
    story.attempt('submit-for-review', {}, 'hari').thenRejected('evidence-stale', 'vendor-review');
  });

  test('by strangers', () => {
    const story = inImplementation();
    story.when('add-evidence', evidence(story, 'eval'), 'asha').thenRejected('not-permitted', 'person');
  });

  test('of too many kinds', () => {
    const story = inImplementation();
    for (let n = 0; n < 40; n++)
      story.when('add-evidence', evidence(story, `kind-${n}`), 'ci').thenAccepted();
    story.when('add-evidence', evidence(story, 'one-more'), 'ci').thenRejected('limit-reached', 'kind');
    story.when('add-evidence', evidence(story, 'kind-3'), 'ci').thenAccepted();
  });
});

describe('evidence is not enough', () => {
  test('stale by its limit', () => {
    const story = inImplementation();
    const collectedAt = story.now - 365 * DAY;
    story.when('add-evidence', evidence(story, 'vendor-review', {}, { collectedAt }), 'ci').thenAccepted();
    story.when('add-evidence', evidence(story, 'eval', GOOD_TAX), 'ci');
    submit(story.after(1)).thenRejected('evidence-stale', 'vendor-review');
  });

  test.each([
    ['beyond the limit', { ...GOOD_TAX, tone: { value: 0.949, n: 12_000 } }],
    ['on too few samples', { ...GOOD_TAX, 'false-commitment': { value: 0.0001, n: 999 } }],
    ['on an unknown number of samples', { ...GOOD_TAX, 'false-commitment': { value: 0.0001 } }],
    ['without the metric', { tone: { value: 0.96, n: 12_000 } }],
    ['not a number', { ...GOOD_TAX, tone: { value: Number.NaN, n: 12_000 } }],
  ])('%s', (_, results) => {
    const story = inImplementation();
    story.when('add-evidence', evidence(story, 'vendor-review'), 'ci');
    story.when('add-evidence', evidence(story, 'eval', results), 'ci').thenAccepted();
    submit(story).thenRejected('evidence-failed', 'eval');
  });

  test('from inside the team where it has to be independent', () => {
    const story = kycInImplementation();
    story.when('add-evidence', evidence(story, 'red-team'), 'ci');
    story.when('submit-for-review', {}, 'ravi');
    const reasons = story.rejection?.reasons.map(({ message }) => message) ?? [];
    expect(reasons).toContain('evidence red-team (e2) must come from somebody outside the team');
  });

  test('that what must never happen never did', () => {
    const story = kycInImplementation();
    const tried = (value: number) =>
      evidence(story, 'red-team', { 'n1.failed': { value, n: 640 } }, { independent: true, producer: 'lab' });
    story.when('add-evidence', tried(1), 'lab').thenAccepted();
    story.when('submit-for-review', {}, 'ravi');
    expect(story.rejection?.reasons.map(({ message }) => message)).toContain(
      'evidence red-team (e2) does not meet n1 (n1.failed is 1, wanted at most 0)',
    );
    story.when('add-evidence', tried(0), 'lab').when('submit-for-review', {}, 'ravi');
    expect(story.rejection?.reasons.map(({ fact }) => fact)).not.toContain('red-team');
  });

  test('judged by thresholds that were frozen, or changed, since', () => {
    const about = [taxSpec().digest];
    const story = specify(given(tax(), START), taxSpec(), 'hari');
    story.when('add-evidence', evidence(story, 'eval', GOOD_TAX, { about }), 'ci').thenAccepted();
    approve(story.after(1), 'specification', 'leena', 'gita');
    story.when('add-evidence', evidence(story, 'vendor-review'), 'ci');
    register(story, 'r1', 'hari');
    submit(story).thenAccepted();
    const drafted = () => {
      const other = given(tax(), START).when('draft-spec', { spec: taxSpec(), missing: [] }, 'hari');
      other.when('add-evidence', evidence(other, 'eval', GOOD_TAX, { about }), 'ci').thenAccepted();
      return other.after(DAY);
    };
    const submitted = (other: Story) => {
      approve(other, 'specification', 'leena', 'gita');
      register(other, 'r1', 'hari');
      other.when('add-evidence', evidence(other, 'vendor-review'), 'ci');
      return submit(other);
    };
    const frozen = drafted().when('submit-spec', { version: 1 }, 'hari');
    submitted(frozen).thenRejected('evidence-before-thresholds', 'eval');
    const changed = specify(drafted(), taxSpec({ purpose: 'Stricter.' }), 'hari');
    submitted(changed).thenRejected('evidence-missing', 'eval');
  });

  test('about a release that has been replaced', () => {
    const story = taxEvidence(inImplementation());
    register(story, 'r1 mended', 'hari');
    submit(story).thenRejected('evidence-missing', 'eval');
  });

  test('about the release that failed', () => {
    const story = taxInCanary(given(tax(), START)).when('roll-back', { reason: text('why') }, 'omkar');
    story.when('lift-hold', { hold: holdId(story, 'rollback'), causeClass: 'model' }, 'hari');
    approve(story, 'two-key-1', 'omkar');
    register(story, 'r2', 'hari');
    submit(story).thenRejected('evidence-missing', 'eval');
  });
});

describe('during a review', () => {
  test('evidence matters only if it fails', () => {
    const story = taxInReview(given(tax(), START));
    const { subject } = gate(story, 'readiness');
    story.when('add-evidence', evidence(story, 'eval', GOOD_TAX), 'ci').thenEvents(['EvidenceAdded']);
    expect(gate(story, 'readiness').subject).toBe(subject);
    const bad = { ...GOOD_TAX, tone: { value: 0.5, n: 12_000 } };
    approve(story, 'readiness', 'leena');
    story
      .when('add-evidence', evidence(story, 'eval', bad), 'ci')
      .thenEvents(['EvidenceAdded', 'DecisionVoided', 'GateClosed', 'DeliveryReturned']);
    expect(story.the('DeliveryReturned').why).toBe('evidence eval does not meet c2');
    submit(story).thenRejected('evidence-failed', 'eval');
  });

  test('also where the tier was lowered meanwhile and would call the gate otherwise', () => {
    const story = taxInReview(given(tax(), START));
    story.when('override-tier', { tier: 'low', reason: text('why') }, 'gita');
    approve(story, 'two-key-1', 'farah');
    const bad = { ...GOOD_TAX, tone: { value: 0.5, n: 12_000 } };
    story.when('add-evidence', evidence(story, 'eval', bad), 'ci');
    expect(story.state.stage).toBe('implementation');
  });

  test('its producers do not decide', () => {
    const story = inImplementation();
    story.when('add-evidence', evidence(story, 'eval', GOOD_TAX, { producer: 'gita' }), 'gita');
    story.when('add-evidence', evidence(story, 'vendor-review'), 'ci');
    submit(story).thenAccepted();
    expect(gate(story, 'readiness').excluded).toEqual(['hari', 'gita', 'ci']);
    expect(gate(story, 'readiness').parts.evidence).toHaveLength(2);
  });

  test('evidence about an earlier release is no part of the subject', () => {
    const story = taxLive(given(tax(), START));
    openTaxChange(story, 'r2', ['prompt.waivers']);
    story.when('add-evidence', evidence(story, 'red-team', {}, { about: [] }), 'lab');
    story.when('add-evidence', evidence(story, 'eval', GOOD_TAX), 'ci');
    submit(story).thenAccepted();
    const kinds = story.state.evidence.map(({ kind, about }) => [kind, about.length]);
    expect(kinds).toHaveLength(3);
    expect(gate(story, 'readiness').parts.evidence).toHaveLength(3);
  });
});

test('queues that could not carry the load keep the review shut, with the arithmetic', () => {
  const withCases = (casesPerDay: number) => {
    const story = given(tax(), START);
    specify(story, taxSpec({ casesPerDay }), 'hari');
    approve(story, 'specification', 'leena', 'gita');
    register(story, 'r1', 'hari');
    return submit(taxEvidence(story));
  };
  // Forty hours a day are there, and a case takes a minute and a half.
  withCases(1_600).thenAccepted();
  const story = withCases(1_601).thenRejected('incomplete', 'queues');
  expect(story.rejection?.reasons[0]?.message).toMatch(/1,?601/);
});
