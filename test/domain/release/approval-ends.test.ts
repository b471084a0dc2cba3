import { describe, expect, test } from 'vitest';
import {
  ALL_WELL,
  answers,
  approve,
  evidence,
  gate,
  held,
  holdId,
  openTaxChange,
  rollout,
  taxEvidence,
  taxInCanary,
  taxInReview,
  taxLive,
  wanted,
} from '../../support/decider/acts.js';
import { given, type Story, text } from '../../support/decider/story.js';
import { DAY, ist } from '../../support/decider/time.js';
import { modelWith, tax } from '../../support/decider/use-cases.js';

const START = '2026-11-16 10:00';
const why = text('why');

function approvedButBlocked(): Story {
  const story = taxInReview(given(tax(), START));
  const conditions = [{ text: why, owner: 'hari', due: story.now + 60 * DAY, beforeRelease: true }];
  answers(story, 'readiness', 'leena', 'approve-with-conditions', { conditions });
  return approve(story, 'readiness', 'gita');
}

describe('start by', () => {
  test('an approval that was not used in 30 days is asked for again, on the same candidate', () => {
    const story = approvedButBlocked();
    story.after(30 * DAY - 1).thenEvents([]);
    story.after(1);
    expect(story.last.map(({ type }) => type)).toEqual(
      expect.arrayContaining(['ApprovalLapsed', 'DecisionVoided', 'DeliveryReturned', 'GateOpened']),
    );
    expect(story.the('GateOpened')).toMatchObject({ reaffirm: ['leena', 'gita'], gate: { generation: 2 } });
    expect(story.state).toMatchObject({
      stage: 'review',
      delivery: { release: { label: 'r1' } },
      conditions: [],
    });
    approve(story, 'readiness', 'leena', 'gita');
    expect(wanted(story).candidate).toBe(10);
  });

  test('where the evidence has become stale meanwhile it stays in implementation', () => {
    const model = modelWith(({ rules }) => {
      const [vendor] = rules.governed.medium.evidence.filter(({ kind }) => kind === 'vendor-review');
      if (vendor) vendor.maxAge = '20d';
    });
    const story = taxInReview(given(tax({ model }), START));
    const conditions = [{ text: why, owner: 'hari', due: story.now + 60 * DAY, beforeRelease: true }];
    answers(story, 'readiness', 'leena', 'approve-with-conditions', { conditions });
    approve(story, 'readiness', 'gita').after(30 * DAY);
    expect(story.state).toMatchObject({ stage: 'implementation', gates: {} });
    story.when('submit-for-review', {}, 'hari').thenRejected('evidence-stale', 'vendor-review');
    story.when('add-evidence', evidence(story, 'vendor-review'), 'ci');
    story.when('submit-for-review', {}, 'hari').thenAccepted();
  });

  test('does not run out once the rollout has begun', () => {
    const story = taxInCanary(given(tax(), START));
    story.world.metrics = () => [];
    story.after(40 * DAY);
    expect(rollout(story).step).toBe(0);
    expect(story.events.map(({ type }) => type)).not.toContain('ApprovalLapsed');
  });
});

describe('serve until', () => {
  test('serving longer needs a review: at its end every case goes to a person', () => {
    const story = taxLive(given(tax(), START));
    const { serving } = story.state;
    // Six months after 19 November 2026, and ten business days.
    expect(serving?.approval.serveUntil).toBe(ist('2027-06-02 10:00'));
    story.at('2027-06-02 09:59').thenEvents([]);
    story
      .at('2027-06-02 10:00')
      .thenEvents(['ApprovalLapsed', 'HoldPlaced', 'ExposureRequested', 'ExposureConfirmed']);
    expect(held(story)).toEqual(['approval:review-all']);
    expect(story.state.exposure.wanted).toMatchObject({ serving: { percent: 100 }, review: 'all' });
  });

  test('those who lift that hold have reviewed it: a new term begins', () => {
    const story = taxLive(given(tax(), START)).at('2027-06-10 10:00');
    story.when('lift-hold', { hold: holdId(story, 'approval') }, 'leena').thenRejected('not-permitted');
    story.when('lift-hold', { hold: holdId(story, 'approval') }, 'farah').thenAccepted();
    expect(story.the('ServingTermMoved')).toMatchObject({ why: 'reviewed' });
    expect(story.state.serving?.approval.serveUntil).toBeGreaterThan(ist('2027-12-10 10:00'));
    expect(held(story)).toEqual([]);
    story.at('2027-12-09 10:00').thenEvents([]);
  });

  test('also at the very instant at which it ended', () => {
    const story = taxLive(given(tax(), START)).at('2027-06-02 10:00');
    story.when('lift-hold', { hold: holdId(story, 'approval') }, 'farah').thenAccepted();
    expect(held(story)).toEqual([]);
    expect(story.state.exposure.wanted.review).toBe('normal');
  });

  test('a new release begins its own', () => {
    const story = taxLive(given(tax(), START)).at('2027-03-01 10:00');
    openTaxChange(story, 'r2', ['prompt.waivers']);
    taxEvidence(story).when('submit-for-review', {}, 'hari').thenAccepted();
    approve(story, 'readiness', 'leena', 'gita').after(3 * DAY);
    story.when('accept-exposure', {}, 'omkar').thenAccepted();
    expect(story.state.serving?.approval.serveUntil).toBeGreaterThan(ist('2027-09-04 10:00'));
  });
});

describe('an approver who is no longer eligible when the effect runs', () => {
  test('before anything was exposed: it is asked again', () => {
    const story = taxInReview(given(tax(), START));
    story.world.target = 'silent';
    approve(story, 'readiness', 'leena', 'gita');
    story.world.unfit.add('gita');
    story.world.target = 'applies';
    story.perform();
    expect(story.last.map(({ type }) => type)).toEqual(
      expect.arrayContaining(['ExposureRefused', 'DeliveryReturned', 'GateOpened']),
    );
    expect(story.state.stage).toBe('review');
    expect(gate(story, 'readiness').generation).toBe(2);
    expect(wanted(story)).toEqual({ candidate: null, serving: null });
    approve(story, 'readiness', 'leena', 'lata');
    expect(wanted(story).candidate).toBe(10);
  });

  test('at a later step: what is exposed is taken back', () => {
    const story = taxInCanary(given(tax(), START));
    story.world.metrics = ALL_WELL;
    story.world.unfit.add('gita');
    story.after(DAY);
    expect(rollout(story).phase.name).toBe('rolled-back');
    expect(held(story)).toEqual(['eligibility:forward']);
    expect(wanted(story)).toEqual({ candidate: null, serving: null });
    const hold = holdId(story, 'eligibility');
    story.when('lift-hold', { hold }, 'hari').thenRejected('cause-class-required');
    story.when('lift-hold', { hold, causeClass: 'policy' }, 'hari').thenAccepted();
    approve(story, 'two-key-1', 'omkar');
    expect(story.state.stage).toBe('implementation');
  });

  test('while the first step soaks, too', () => {
    const story = taxInCanary(given(tax(), START));
    story.world.unfit.add('gita');
    story.when('hold', { effect: 'review-all', scope: 'serving', reason: why }, 'omkar');
    expect(rollout(story).phase.name).toBe('rolled-back');
  });

  test('a right handed over between the approval and the first exposure is asked of its new holder', () => {
    const story = openTaxChange(taxLive(given(tax(), START)), 'r2', ['prompt.tone']);
    taxEvidence(story).when('submit-for-review', {}, 'hari').thenAccepted();
    const conditions = [{ text: why, owner: 'hari', due: story.now + 60 * DAY, beforeRelease: true }];
    answers(story, 'change', 'chitra', 'approve-with-conditions', { conditions });
    expect(rollout(story).phase.name).toBe('pending');
    story.when('assign-right', { right: 'changeApprover', person: 'divya' }, 'divya').thenAccepted();
    expect(gate(story, 'change').generation).toBe(2);
    approve(story, 'change', 'divya');
    expect(wanted(story).candidate).toBe(10);
  });

  describe('as what was accepted takes over', () => {
    const accepted = (story: Story) => {
      story.world.metrics = ALL_WELL;
      story.after(3 * DAY);
      story.world.unfit.add('gita');
      return story.when('accept-exposure', {}, 'omkar').thenAccepted();
    };

    test('a launch goes back to the manual fallback', () => {
      const story = accepted(taxInCanary(given(tax(), START)));
      expect(story.the('ExposureRefused').people).toEqual(['gita']);
      expect(story.the('RolledBack')).toMatchObject({ what: 'serving', release: text('r1'), to: 'fallback' });
      expect(held(story)).toEqual(['eligibility:forward']);
      expect(wanted(story)).toEqual({ candidate: null, serving: null });
      const hold = holdId(story, 'eligibility');
      story.when('lift-hold', { hold }, 'farah').thenAccepted();
      approve(story, 'two-key-1', 'bela');
    });

    test('a change goes back to what served before', () => {
      const story = openTaxChange(taxLive(given(tax(), START)), 'r2', ['prompt.waivers']);
      taxEvidence(story).when('submit-for-review', {}, 'hari').thenAccepted();
      accepted(approve(story, 'readiness', 'leena', 'gita'));
      expect(story.the('RolledBack')).toMatchObject({ release: text('r2'), to: text('r1') });
      expect(wanted(story)).toEqual({ candidate: null, serving: 100 });
    });

    test('and not the delivery that waits behind it', () => {
      const story = taxInCanary(given(tax(), START));
      story.world.metrics = ALL_WELL;
      story.after(3 * DAY);
      story.world.target = 'silent';
      story.when('accept-exposure', {}, 'omkar').thenAccepted();
      openTaxChange(story, 'r2', ['prompt.tone']);
      taxEvidence(story).when('submit-for-review', {}, 'hari').thenAccepted();
      const conditions = [{ text: why, owner: 'hari', due: story.now + 60 * DAY, beforeRelease: true }];
      answers(story, 'change', 'chitra', 'approve-with-conditions', { conditions });
      expect(rollout(story).phase.name).toBe('pending');
      const { fence } = story.state.exposure;
      story.report({ type: 'exposure-refused', fence, people: ['gita'] });
      expect(story.the('RolledBack')).toMatchObject({ what: 'serving', release: text('r1') });
      expect(story.last.map(({ type }) => type)).not.toContain('DeliveryReturned');
    });

    test('once the target has shown it, nobody is asked again for what serves', () => {
      const story = taxLive(given(tax(), START));
      story.world.unfit.add('gita');
      story.when('hold', { effect: 'stopped', scope: 'serving', reason: why }, 'omkar').thenAccepted();
      story.when('lift-hold', { hold: 'h1' }, 'farah').thenAccepted();
      expect(wanted(story)).toEqual({ candidate: null, serving: 100 });
    });

    test('before engine 3 they were not asked at that effect', () => {
      const story = accepted(taxInCanary(given(tax({ engine: 2 }), START)));
      expect(wanted(story)).toEqual({ candidate: null, serving: 100 });
    });
  });

  test('an answer that came too late refuses nothing', () => {
    const story = taxInCanary(given(tax(), START));
    const { fence } = story.state.exposure;
    story.report({ type: 'exposure-refused', fence, people: ['gita'] }).thenRejected('unchanged');
  });
});

test('a target at a higher fence is asked above it', () => {
  const story = taxInReview(given(tax(), START));
  story.world.target = 'silent';
  approve(story, 'readiness', 'leena', 'gita');
  const { fence } = story.state.exposure;
  story.report({ type: 'exposure-fenced', fence, found: 40 }).thenEvents(['ExposureRequested']);
  expect(story.the('ExposureRequested').key).toBe('tax-payments/exposure/41');
  expect(story.state.exposure.fence).toBe(41);
});
