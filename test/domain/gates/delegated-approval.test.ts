import { describe, expect, test } from 'vitest';
import { work } from '../../../src/domain/lifecycle/work.js';
import {
  answers,
  approve,
  gate,
  openTaxChange,
  taxEvidence,
  taxInReview,
  taxLive,
} from '../../support/decider/acts.js';
import { lend } from '../../support/decider/lending.js';
import { given } from '../../support/decider/story.js';
import { tax } from '../../support/decider/use-cases.js';

const START = '2026-11-16 10:00';
const newTax = () => given(tax(), START);
const inReview = () => taxInReview(newTax());

describe('when the gate closes, and when the effect runs', () => {
  test.for(['tara', 'gita'])('the directory is asked about both: without %s the seat is vacant', (person) => {
    const story = lend(inReview());
    story.world.unfit.add(person);
    approve(story, 'readiness', 'leena', 'tara');
    expect(story.all('DecisionVoided').map(({ voided }) => voided.person)).toEqual(['tara']);
    expect(gate(story, 'readiness').decisions.map((each) => each.person)).toEqual(['leena']);
  });

  test('an answer about the delegate is none about somebody who decides in person', () => {
    const story = lend(inReview());
    story.world.directory = 'down';
    approve(story, 'readiness', 'leena', 'tara');
    expect(work(story.state)[0]?.key).toBe('tax-payments/confirm/readiness/1/leena+tara for gita');
    const answer = { type: 'gate-confirmed', gate: 'readiness', generation: 1, ineligible: [] } as const;
    story.report({ ...answer, asked: ['leena', 'tara'] }).thenRejected('unchanged');
    story.report({ ...answer, asked: ['tara for gita', 'leena'] }).thenAccepted();
  });

  test.for(['tara', 'gita'])('before exposure again: without %s nothing is exposed', (person) => {
    const story = lend(inReview());
    story.world.target = 'silent';
    approve(story, 'readiness', 'leena', 'tara');
    story.world.unfit.add(person);
    story.world.target = 'applies';
    story.perform();
    expect(story.the('ExposureRefused').people).toEqual(['tara']);
    expect(story.state).toMatchObject({ stage: 'review', exposure: { wanted: { candidate: null } } });
  });

  test('a right lent by somebody who no longer holds it fills no seat', () => {
    const story = newTax();
    lend(story, { authorities: ['changeApprover'], gates: ['change'] }, 'chitra');
    openTaxChange(taxLive(story), 'r2', ['prompt.tone']);
    lend(story, { authorities: ['changeApprover'], gates: ['change'] }, 'chitra');
    taxEvidence(story).when('submit-for-review', {}, 'hari').thenAccepted();
    story.world.directory = 'down';
    approve(story, 'change', 'tara');
    story.when('assign-right', { right: 'changeApprover', person: 'divya' }, 'bela').thenAccepted();
    story.when('accept-handover', { right: 'changeApprover' }, 'divya').thenAccepted();
    story.world.directory = 'up';
    story.perform();
    expect(gate(story, 'change')).toMatchObject({ status: 'open', decisions: [] });
    answers(story, 'change', 'tara', 'approve').thenRejected('not-permitted', 'person');
  });
});
