import { describe, expect, test } from 'vitest';
import {
  answers,
  approve,
  gate,
  openTaxChange,
  taxInCanary,
  taxLive,
  wanted,
} from '../../support/decider/acts.js';
import { given, text } from '../../support/decider/story.js';
import { DAY } from '../../support/decider/time.js';
import { tax } from '../../support/decider/use-cases.js';

const START = '2026-11-16 10:00';
const reason = text('why');
const dependants = ['use-case:customer-master'];
const proposed = () =>
  taxLive(given(tax(), START))
    .when('retire', { reason, dependants }, 'hari')
    .thenEvents(['RetirementProposed', 'GateOpened']);

test('business and operations decide; then exposure is zero and nothing changes any more', () => {
  const story = proposed();
  expect(gate(story, 'retirement')).toMatchObject({ seats: [{ id: 'business' }, { id: 'operations' }] });
  expect(gate(story, 'retirement').clock.due).toBe(story.now + 7 * DAY);
  story.when('retire', { reason, dependants }, 'bela').thenRejected('already-open', 'retirement');
  approve(story, 'retirement', 'bela', 'omkar').thenEvents([
    'DecisionRecorded',
    'GateConfirming',
    'GateClosed',
    'Retired',
    'ExposureRequested',
    'ExposureConfirmed',
  ]);
  expect(story.state).toMatchObject({ stage: 'retired', outcome: 'retired', serving: null, holds: [] });
  expect(wanted(story)).toEqual({ candidate: null, serving: null });
  story.when('roll-back', { reason }, 'omkar').thenRejected('closed', 'stage');
});

test('whoever proposes it does not decide it', () => {
  const story = taxLive(given(tax(), START))
    .when('retire', { reason, dependants }, 'bela')
    .thenRejected('unstaffed', 'business');
  expect(story.state.gates).toEqual({});
});

describe('a hold does not keep it from being retired', () => {
  test('not even where the facts are prohibited', () => {
    const story = taxLive(given(tax(), START));
    story.when('assess-risk', { facts: { 'eu-prohibited-practice': 'listed' } }, 'bela').thenAccepted();
    story.when('retire', { reason, dependants }, 'hari').thenAccepted();
    approve(story, 'retirement', 'bela', 'omkar');
    expect(story.state.stage).toBe('retired');
  });

  test('nor does one stop its clock', () => {
    const story = proposed().when('stop-ship', { scope: 'serving', reason }, 'tara').thenAccepted();
    expect(gate(story, 'retirement').clock.pausedAt).toBeNull();
  });
});

test('not before it is live, nor while a change is open', () => {
  taxInCanary(given(tax(), START))
    .when('retire', { reason, dependants }, 'hari')
    .thenRejected('wrong-stage', 'stage');
  const story = openTaxChange(taxLive(given(tax(), START)), 'r2', ['prompt.tone']);
  story.when('retire', { reason, dependants }, 'hari').thenRejected('delivery-open', 'delivery');
  story.when('retire', { reason, dependants }, 'gita').thenRejected('not-permitted', 'person');
});

test('no change begins while it is decided, and one that waits does once it is not to be', () => {
  const story = proposed();
  const change = { kind: 'prompt', changedSections: ['prompt.tone'], reason } as const;
  story.when('open-change', change, 'leena').thenEvents(['ChangeQueued']);
  answers(story, 'retirement', 'bela', 'reject', { comment: reason }).thenAccepted();
  expect(story.state).toMatchObject({ stage: 'live', queued: [], delivery: { change: { id: 'change-1' } } });
});

test('nobody decides: it returns, and serves on', () => {
  const story = proposed().after(30 * DAY);
  expect(story.state).toMatchObject({ stage: 'live', gates: {}, serving: { percent: 100 } });
});
