import { describe, expect, test } from 'vitest';
import { subjectOf } from '../../../src/domain/gates/open.js';
import { viewOf } from '../../../src/domain/lifecycle/view-of.js';
import {
  ALL_WELL,
  approve,
  evidence,
  GOOD_TAX,
  gate,
  held,
  holdId,
  register,
  specify,
} from '../../support/decider/acts.js';
import { given, type Story, text } from '../../support/decider/story.js';
import { DAY } from '../../support/decider/time.js';
import { modelWith, tax, taxSpec } from '../../support/decider/use-cases.js';

const START = '2026-11-16 10:00';
const reason = text('the vendor is on holiday');
const REVIEW = 'evidence:vendor-review';

/** Everything but the vendor review is there. */
function lacking(story = given(tax(), START)): Story {
  approve(specify(story, taxSpec(), 'hari'), 'specification', 'leena', 'gita');
  register(story, 'r1', 'hari');
  return story.when('add-evidence', evidence(story, 'eval', GOOD_TAX), 'ci').thenAccepted();
}

const ask = (story: Story, by = 'gita', control = REVIEW, days = 10) =>
  story.when('grant-exception', { control, until: story.now + days * DAY, reason }, by);

/** Granted by gita and farah for ten days. */
function granted(story = lacking()): Story {
  ask(story).thenAccepted();
  return approve(story, 'two-key-1', 'farah');
}

const addReview = (story: Story) =>
  story.when('add-evidence', evidence(story, 'vendor-review', {}, { about: [] }), 'ci').thenAccepted();

/** Under way with the exception: the canary at 10 %. */
function inCanary(): Story {
  const story = granted().when('submit-for-review', {}, 'hari').thenAccepted();
  story.world.metrics = ALL_WELL;
  return approve(story, 'readiness', 'leena', 'lata');
}

describe('§3.18 an unmet control', () => {
  test('is passed by two keys, and the approvers sign it with the rest', () => {
    const story = lacking();
    story.when('submit-for-review', {}, 'hari').thenRejected('evidence-missing', 'vendor-review');
    granted(story);
    expect(story.the('ExceptionGranted').exception).toMatchObject({ control: REVIEW, by: ['gita', 'farah'] });
    story.when('submit-for-review', {}, 'hari').thenAccepted();
    const { parts, subject } = gate(story, 'readiness');
    expect(parts.exceptions).toEqual(['exception-1']);
    const { exceptions: _none, ...rest } = parts;
    expect(subjectOf(rest)).not.toBe(subject);
    expect(viewOf(story.state, story.actor('hari'), story.now).exceptions).toMatchObject([
      { exception: 'exception-1', control: REVIEW, place: 'readiness', by: ['gita', 'farah'] },
    ]);
  });

  test('needs both keys, of different people, none of them an author', () => {
    ask(lacking(), 'leena').thenRejected('two-keys-required');
    const story = ask(lacking()).thenAccepted();
    story.when('submit-for-review', {}, 'hari').thenRejected('evidence-missing');
    // hari, who also holds governance, built it.
    ask(lacking(), 'hari').thenRejected('excluded', 'person');
  });

  test('is one of those that the operating model lists', () => {
    ask(lacking(), 'gita', 'evidence:eval').thenRejected('not-passable', 'control');
    ask(lacking(), 'gita', 'queue-load').thenRejected('unchanged', 'control');
    ask(lacking(), 'gita', REVIEW, 31).thenRejected('over-cap', 'until');
    const { exceptions: _unknown, ...model } = modelWith(() => {});
    ask(lacking(given(tax({ model }), START))).thenRejected('gate-not-listed', 'exceptions');
  });

  test('that is met needs none', () => {
    ask(addReview(lacking())).thenRejected('unchanged', 'control');
  });

  test('that failed is passed by nobody', () => {
    const model = modelWith(({ exceptions }) => exceptions?.mayPass.push('evidence:eval'));
    const story = lacking(given(tax({ model }), START));
    const failed = evidence(story, 'eval', { ...GOOD_TAX, tone: { value: 0.5, n: 9_000 } });
    story.when('add-evidence', failed, 'ci').thenAccepted();
    ask(story, 'gita', 'evidence:eval').thenRejected('unchanged', 'control');
    story.when('submit-for-review', {}, 'hari').thenRejected('evidence-failed', 'eval');
  });

  test('of a queue that cannot carry the load', () => {
    const story = given(tax(), START);
    const spec = { ...taxSpec(), load: { needed: 60, available: 40, arithmetic: '60 h over 40 h' } };
    approve(specify(story, spec, 'hari'), 'specification', 'leena', 'gita');
    register(story, 'r1', 'hari');
    story.when('add-evidence', evidence(story, 'eval', GOOD_TAX), 'ci').thenAccepted();
    addReview(story);
    story.when('submit-for-review', {}, 'hari').thenRejected('incomplete', 'queues');
    ask(story, 'gita', 'queue-load').thenAccepted();
    approve(story, 'two-key-1', 'farah');
    story.when('submit-for-review', {}, 'hari').thenAccepted();
  });
});

describe('§3.18 an exception ends', () => {
  test('before the review: the control is asked for again', () => {
    const story = granted().after(10 * DAY);
    expect(story.the('ExceptionExpired')).toMatchObject({ exception: 'exception-1', unmet: true });
    expect(held(story)).toEqual([]);
    story.when('submit-for-review', {}, 'hari').thenRejected('evidence-missing', 'vendor-review');
  });

  test('during the review: it goes back', () => {
    const model = modelWith(({ rules }) => {
      const { readiness } = rules.governed.medium.gates;
      if (readiness) readiness.sla = '20bd';
    });
    const story = granted(lacking(given(tax({ model }), START)));
    story.when('submit-for-review', {}, 'hari').thenAccepted();
    story.after(10 * DAY);
    expect(story.state).toMatchObject({ stage: 'implementation', gates: {}, exceptions: [] });
  });

  test('during the rollout: the candidate is held', () => {
    const story = inCanary();
    story.world.metrics = () => [];
    story.after(10 * DAY);
    expect(held(story)).toContain('exception:forward');
    expect(story.state.holds.find(({ source }) => source === 'exception')?.scope).toBe('candidate');
  });

  test('while it serves: what serves is held, and lifted by the ordinary keys', () => {
    const story = inCanary().after(3 * DAY);
    story.when('accept-exposure', {}, 'omkar').thenAccepted();
    expect(story.state.stage).toBe('live');
    story.after(8 * DAY);
    expect(held(story)).toEqual(['exception:forward']);
    expect(story.state.holds[0]).toMatchObject({ scope: 'serving', about: 'exception-1' });
    story.when('lift-hold', { hold: holdId(story, 'exception') }, 'farah').thenAccepted();
  });

  test('with nothing held where the control is met by then', () => {
    const story = inCanary();
    addReview(story).after(3 * DAY);
    story.when('accept-exposure', {}, 'omkar').thenAccepted();
    story.after(8 * DAY);
    expect(story.state).toMatchObject({ holds: [], exceptions: [] });
  });

  test('with the delivery that it was granted for', () => {
    const story = inCanary().after(3 * DAY);
    story.when('accept-exposure', {}, 'omkar').thenAccepted();
    const change = { kind: 'code', changedSections: ['unbound'], reason } as const;
    story.when('open-change', change, 'leena').thenAccepted();
    register(story, 'r2', 'hari', ['unbound']);
    story.when('add-evidence', evidence(story, 'eval', GOOD_TAX), 'ci').thenAccepted();
    story.when('submit-for-review', {}, 'hari').thenRejected('evidence-missing', 'vendor-review');
  });
});
