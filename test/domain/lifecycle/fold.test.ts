import { expect, test } from 'vitest';
import { digestOf } from '../../../src/domain/digest.js';
import { fold } from '../../../src/domain/lifecycle/fold.js';
import { modelOfStart, readStart, startDocument } from '../../../src/domain/lifecycle/start-input.js';
import { approve, taxLive } from '../../support/decider/acts.js';
import { checkFold } from '../../support/decider/check-fold.js';
import { bytes } from '../../support/decider/invariants.js';
import { given, text } from '../../support/decider/story.js';
import { DAY, ist } from '../../support/decider/time.js';
import { kyc, pilot, tax } from '../../support/decider/use-cases.js';

const START = ist('2026-09-01 10:00');

test('a use case that went live, was held and rolled back, is the fold of what it recorded', () => {
  const story = taxLive(given(tax(), START)).when(
    'hold',
    { effect: 'forward', scope: 'serving', reason: text('why') },
    'omkar',
  );
  checkFold(story);
  story.when('roll-back', { reason: text('worse') }, 'omkar').thenAccepted();
  checkFold(story.after(2 * DAY));
});

test('a pilot whose box ended undecided is the fold of what it recorded', () => {
  const story = given(pilot(START), START);
  approve(story, 'start', 'leena');
  checkFold(story.after(41 * DAY));
});

test('a start becomes a small document and the model it shares with others, and both make it again', () => {
  const start = kyc();
  const { document, model } = startDocument(start);
  expect(modelOfStart(document)).toBe(digestOf(model));
  expect(startDocument(kyc({ key: 'another' })).model).toEqual(model);
  expect(bytes(document)).toBeLessThan(4 * 1024);
  expect(readStart(document, model)).toEqual({ ...start, recordedAs: digestOf(document) });
  expect(start.recordedAs).toBe(digestOf(document));
});

test('the first event names the start document', () => {
  const start = tax();
  const [first] = given(start, START).events;
  expect(first).toMatchObject({ type: 'LifecycleStarted', start: start.recordedAs });
});

test('nothing, or events without their beginning, lead to no state', () => {
  const { start, recorded } = given(tax(), START);
  expect(() => fold(start, [])).toThrow('begin with nothing');
  expect(() => fold(start, recorded.slice(1))).toThrow('begin with RightAssigned');
  expect(() => modelOfStart({ key: 'tax-payments' })).toThrow('names no model');
});
