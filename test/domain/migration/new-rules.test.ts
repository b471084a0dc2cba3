import { describe, expect, test } from 'vitest';
import { dryRun } from '../../../src/domain/migration/dry-run.js';
import {
  evidence,
  GOOD_TAX,
  held,
  openTaxChange,
  taxEvidence,
  taxInReview,
  taxLive,
  wanted,
} from '../../support/decider/acts.js';
import { checkFold } from '../../support/decider/check-fold.js';
import { begin, kinds, migrate, next } from '../../support/decider/migrating.js';
import { text } from '../../support/decider/story.js';
import { modelWith } from '../../support/decider/use-cases.js';

describe('the tier is computed anew', () => {
  test('a stricter one takes back what is being delivered', () => {
    const story = taxInReview(begin());
    const model = next(story, 'a stricter tier');
    expect(kinds(dryRun(story.state, model, story.now))).toEqual(
      expect.arrayContaining(['tier', 'returned', 'gate-required']),
    );
    migrate(story, model);
    expect(story.state).toMatchObject({ stage: 'specification', tier: { computed: 'high', rule: 'N1' } });
  });

  test('a live system is held from moving forward, and goes on serving', () => {
    const story = taxLive(begin());
    migrate(story, next(story, 'a stricter tier'));
    expect(held(story)).toContain('tier:forward');
    expect(wanted(story)).toEqual({ candidate: null, serving: 100 });
  });

  test('a question that was not asked before counts as unsure until somebody answers it', () => {
    const story = begin();
    const model = next(story, 'another question');
    expect(dryRun(story.state, model, story.now)).toContainEqual(
      expect.objectContaining({ kind: 'fact', fact: 'children' }),
    );
    migrate(story, model);
    expect(story.state.facts.children).toBe('unsure');
    story.when('assess-risk', { facts: { children: 'no' } }, 'bela').thenAccepted();
  });
});

describe('a new delivery of a running lifecycle is under the newest version', () => {
  test('a change brings it, and what serves is treated as by a migration', () => {
    const story = taxLive(begin());
    const model = next(story, 'more evidence');
    const change = { kind: 'prompt', changedSections: ['prompt.tone'], reason: text('why'), model } as const;
    story.when('open-change', change, 'leena').thenAccepted();
    expect(story.the('OperatingModelMoved')).toMatchObject({ why: 'delivery' });
    story.the('RemediationSet');
    expect(story.state).toMatchObject({ stage: 'live', model: { version: 2 }, delivery: { n: 2 } });
    checkFold(story);
  });

  test('one that has to wait begins under it when it begins; what is open stays as it was', () => {
    const story = openTaxChange(taxLive(begin()), 'r2', ['prompt.tone']);
    const model = next(story, 'more evidence');
    const change = { kind: 'prompt', changedSections: ['prompt.tone'], reason: text('why'), model } as const;
    story.when('open-change', change, 'leena').thenAccepted();
    story.thenEvents(['ChangeQueued', 'OperatingModelNoted']);
    expect(story.state.model.version).toBe(1);
    story.when('withdraw-change', { change: 'change-1', reason: text('no') }, 'leena').thenAccepted();
    expect(story.state).toMatchObject({ model: { version: 2 }, nextModel: null, delivery: { n: 3 } });
    checkFold(story);
  });

  test('one that nobody could decide under is refused, naming the seat', () => {
    const story = taxLive(begin());
    const model = modelWith(({ rules }) => {
      rules.governed.medium.change = {
        ...rules.governed.medium.gates.readiness,
        seats: ['risk', 'risk', 'risk'],
      } as never;
    });
    const change = {
      kind: 'prompt',
      changedSections: [],
      reason: text('why'),
      model: { ...model, version: 2 },
    } as const;
    story.when('open-change', change, 'leena').thenRejected('unstaffed');
    expect(story.state.model.version).toBe(1);
  });

  test('without a newer version nothing is different', () => {
    const story = openTaxChange(taxLive(begin()), 'r2', ['prompt.tone']);
    taxEvidence(story);
    story.when('add-evidence', evidence(story, 'eval', GOOD_TAX), 'ci');
    expect(story.events.some(({ type }) => type.startsWith('OperatingModel'))).toBe(false);
  });
});
