import { describe, expect, test } from 'vitest';
import { waitingOn } from '../../../src/domain/lifecycle/waiting-on.js';
import {
  answers,
  approve,
  gate,
  held,
  openTaxChange,
  specify,
  taxEvidence,
  taxInReview,
  taxLive,
} from '../../support/decider/acts.js';
import { lend } from '../../support/decider/lending.js';
import { given, type Story, text } from '../../support/decider/story.js';
import { DAY } from '../../support/decider/time.js';
import { tax, taxSpec } from '../../support/decider/use-cases.js';

const START = '2026-11-16 10:00';
const why = text('why');
const newTax = () => given(tax(), START);
const inReview = () => taxInReview(newTax());

describe('out of office', () => {
  const away = (story: Story, standIns: string[], who = 'gita'): Story =>
    story.when('set-absence', { standIns, ends: story.now + 7 * DAY }, who);

  test('the first stand-in who is there decides, and the one who is away is not asked', () => {
    const story = newTax();
    away(story, ['tara', 'bela']).thenEvents(['DelegationSet', 'DelegationBegan']);
    taxInReviewBy(story);
    const governance = () =>
      waitingOn(story.state, story.now).find(({ who }) => who === 'readiness:governance')?.people;
    expect(governance()).toEqual(['tara', 'lata']);
    answers(story, 'readiness', 'bela', 'approve').thenRejected('not-permitted', 'person');
    away(story, [], 'tara').thenAccepted();
    expect(governance()).toEqual(['bela', 'lata']);
    approve(story, 'readiness', 'bela', 'leena');
    expect(story.the('GateClosed').by).toContainEqual(
      expect.objectContaining({ person: 'bela', for: 'gita', seat: 'governance' }),
    );
  });

  test('who declines, or is excluded, makes way for the next', () => {
    const story = newTax();
    away(story, ['hari', 'tara', 'bela'], 'lata');
    taxInReviewBy(story);
    answers(story, 'readiness', 'bela', 'approve').thenRejected('not-permitted', 'person');
    answers(story, 'readiness', 'tara', 'recuse').thenAccepted();
    approve(story, 'readiness', 'bela');
  });

  test('whoever is away may decide all the same', () => {
    const story = newTax();
    away(story, ['tara']);
    taxInReviewBy(story);
    approve(story, 'readiness', 'gita', 'leena');
    expect(story.state.stage).toBe('release');
  });

  test('does not hand on the turning of keys', () => {
    const story = taxLive(newTax());
    away(story, ['tara']);
    openTaxChange(story, 'r2', ['prompt.waivers']);
    story.when('override-materiality', { materiality: 'minor', reason: why }, 'farah').thenAccepted();
    answers(story, 'two-key-1', 'tara', 'approve').thenRejected('not-permitted', 'person');
    approve(story, 'two-key-1', 'gita');
  });

  test('a second one takes the place of the first', () => {
    const story = newTax();
    away(story, ['tara']);
    away(story, ['bela']).thenEvents(['DelegationEnded', 'DelegationSet', 'DelegationBegan']);
    expect(story.the('DelegationEnded').why).toBe('replaced');
    expect(story.state.delegations.map(({ to }) => to)).toEqual([['bela']]);
  });

  test('is bounded like any delegation, and makes no circle', () => {
    const story = newTax();
    away(story, ['asha']).thenRejected('not-found', 'to');
    away(story, ['gita']).thenRejected('excluded', 'to');
    story.when('set-absence', { standIns: [], ends: story.now }, 'gita').thenRejected('over-cap', 'ends');
    away(story, ['lata']).thenAccepted();
    away(story, ['gita'], 'lata').thenRejected('right-conflict', 'to');
  });
});

describe('the chain', () => {
  const escalated = (story: Story) => story.all('Escalated').map(({ step, to }) => [step, to]);

  test('asks delegates first, where there are any when the clock starts', () => {
    const story = newTax();
    lend(story);
    taxInReviewBy(story);
    const { due, steps } = gate(story, 'readiness').clock;
    expect(steps.map(({ step }) => step)).toEqual(['delegate', 'lead', 'function-head', 'resolver']);
    expect(due).toBe(gate(inReview(), 'readiness').clock.due);
    story.at(due);
    expect(escalated(story)).toEqual([['delegate', ['tara']]]);
  });

  test('a delegation that begins later is not in a clock that runs', () => {
    const story = lend(inReview());
    expect(gate(story, 'readiness').clock.steps.map(({ step }) => step)).toEqual([
      'lead',
      'function-head',
      'resolver',
    ]);
  });

  test('falls through where nobody stands in for a lead who is away, and asks the stand-in where somebody does', () => {
    const story = newTax();
    story.when('set-absence', { standIns: [], ends: story.now + 30 * DAY }, 'divya');
    story.when('set-absence', { standIns: ['bela'], ends: story.now + 30 * DAY }, 'anand');
    taxInReviewBy(story);
    const { clock } = gate(story, 'readiness');
    expect(clock.steps.map(({ step }) => step)).toEqual(['function-head', 'resolver']);
    story.at(clock.timeout - 1);
    expect(escalated(story)).toEqual([
      ['function-head', ['neha', 'lata']],
      ['resolver', ['bela']],
    ]);
    story.at(clock.timeout);
    expect(held(story)).toEqual(['timeout:forward']);
  });

  test('who is away by the time of a step is made up for by the lead', () => {
    const story = inReview();
    story.when('set-absence', { standIns: [], ends: story.now + 30 * DAY }, 'anand');
    story.at(gate(story, 'readiness').clock.timeout - 1);
    expect(escalated(story).at(-1)).toEqual(['resolver', ['divya']]);
  });
});

/** As `taxInReview`, with the specification decided by people whom no story here sends away. */
function taxInReviewBy(story: Story): Story {
  specify(story, taxSpec(), 'hari');
  approve(story, 'specification', 'leena', 'lata');
  story.when('register-release', { release: text('r1'), changedSections: [] }, 'hari').thenAccepted();
  taxEvidence(story);
  return story.when('submit-for-review', {}, 'hari').thenAccepted();
}
