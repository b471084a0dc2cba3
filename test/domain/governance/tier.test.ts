import { describe, expect, test } from 'vitest';
import type { Facts } from '../../../src/domain/governance/facts.js';
import { type ComputedTier, computeTier } from '../../../src/domain/governance/tier.js';
import { shipped } from '../../operating-models/shipped-models.js';

const { model } = shipped('standard');

/** The mildest answers of all: a rules engine for the staff. */
const HARMLESS: Facts = {
  'eu-prohibited-practice': 'none',
  where: ['other'],
  'eu-high-risk-area': 'none',
  effect: 'none',
  autonomy: 'suggests',
  money: 'none',
  data: 'none',
  activity: 'none',
  technique: 'rules',
  reliance: 'under-1-percent',
  reach: 'staff',
  supplier: 'own',
};
const assess = (answers: Facts) => computeTier(model, { ...HARMLESS, ...answers });

describe('the two use cases', () => {
  test('broker KYC onboarding is high by H5', () => {
    const facts: Facts = {
      'eu-prohibited-practice': 'none',
      where: ['India-SEBI'],
      'eu-high-risk-area': 'none',
      effect: 'recommends',
      autonomy: 'acts-undoable',
      money: 'none',
      data: 'identity-special',
      activity: 'kyc-aml',
      technique: 'quantitative',
      reliance: '1-to-5-percent',
      reach: 'more',
      supplier: 'vendor-can-change',
    };
    expect(computeTier(model, facts)).toEqual({ tier: 'high', rule: 'H5' });
  });

  test('the payment assistant is medium by M1', () => {
    const facts: Facts = {
      'eu-prohibited-practice': 'none',
      where: ['India-RBI'],
      'eu-high-risk-area': 'none',
      effect: 'informs',
      autonomy: 'after-approval',
      money: 'none',
      data: 'personal',
      activity: 'none',
      technique: 'generative',
      reliance: 'under-1-percent',
      reach: 'more',
      supplier: 'vendor-can-change',
    };
    expect(computeTier(model, facts)).toEqual({ tier: 'medium', rule: 'M1' });
  });
});

const low: ComputedTier = { tier: 'low', rule: 'otherwise' };
const medium: ComputedTier = { tier: 'medium', rule: 'M1' };
const high = (rule: string): ComputedTier => ({ tier: 'high', rule });
const held: ComputedTier = { tier: 'high', rule: 'H1', holdFor: 'governance' };
const prohibited: ComputedTier = { tier: 'prohibited', rule: 'P1' };

/** For each rule what it catches, and next to it what it just does not. */
const EXAMPLES: readonly [rule: string, answers: Facts, expected: ComputedTier][] = [
  ['P1', { 'eu-prohibited-practice': 'listed' }, prohibited],
  ['P1 beats everything', { 'eu-prohibited-practice': 'listed', effect: 'decides' }, prohibited],
  ['not P1', { 'eu-prohibited-practice': 'none' }, low],
  ['H1 by the practice', { 'eu-prohibited-practice': 'unsure' }, held],
  ['H1 by the area', { where: ['other', 'EU'], 'eu-high-risk-area': 'unsure' }, held],
  ['not H1 outside the EU', { where: ['India-RBI'], 'eu-high-risk-area': 'unsure' }, low],
  ['H2', { where: ['EU'], 'eu-high-risk-area': 'listed' }, high('H2')],
  ['not H2 outside the EU', { where: ['US-bank'], 'eu-high-risk-area': 'listed' }, low],
  ['not H2 without the area', { where: ['EU'] }, low],
  ['H3', { effect: 'decides' }, high('H3')],
  ['not H3', { effect: 'recommends' }, medium],
  ['H4 final', { autonomy: 'acts-final' }, high('H4')],
  ['H4 undoable with money', { autonomy: 'acts-undoable', money: 'up-to-100' }, high('H4')],
  ['not H4 undoable', { autonomy: 'acts-undoable' }, medium],
  ['not H4 after approval', { autonomy: 'after-approval', money: 'more' }, medium],
  ['H5 KYC that recommends', { activity: 'kyc-aml', effect: 'recommends' }, high('H5')],
  ['H5 credit with identity', { activity: 'credit', data: 'identity-special' }, high('H5')],
  ['H5 insurance that recommends', { activity: 'insurance', effect: 'recommends' }, high('H5')],
  ['H5 advice by itself', { activity: 'advice-orders' }, high('H5')],
  ['not H5 credit that informs', { activity: 'credit', effect: 'informs', data: 'personal' }, medium],
  ['not H5 report', { activity: 'regulatory-report', effect: 'recommends' }, medium],
  ['H6 reliance', { technique: 'quantitative', reliance: 'over-5-percent' }, high('H6')],
  ['H6 report', { technique: 'generative', activity: 'regulatory-report' }, high('H6')],
  ['not H6 by rules', { technique: 'rules', reliance: 'over-5-percent' }, medium],
  ['not H6 by reliance', { technique: 'agent', reliance: '1-to-5-percent' }, medium],
  ['M1 effect', { effect: 'recommends' }, medium],
  ['not M1 effect', { effect: 'informs' }, low],
  ['M1 autonomy', { autonomy: 'acts-undoable' }, medium],
  ['not M1 autonomy', { autonomy: 'after-approval' }, low],
  ['M1 money', { money: 'up-to-100' }, medium],
  ['M1 data', { data: 'personal' }, medium],
  ['not M1 data', { data: 'internal' }, low],
  ['M1 activity', { activity: 'insurance' }, medium],
  ['M1 reliance', { reliance: '1-to-5-percent' }, medium],
  ['M1 reach', { reach: 'up-to-50000' }, medium],
  ['not M1 reach', { reach: 'up-to-1000' }, low],
  ['M1 supplier', { supplier: 'vendor-can-change' }, medium],
  ['not M1 supplier', { supplier: 'pinned-vendor' }, low],
  ['M1 generative beyond staff', { technique: 'generative', reach: 'up-to-1000' }, medium],
  ['M1 agent beyond staff', { technique: 'agent', reach: 'up-to-1000' }, medium],
  ['not M1 generative for staff', { technique: 'agent', reach: 'staff' }, low],
  ['not M1 quantitative beyond staff', { technique: 'quantitative', reach: 'up-to-1000' }, low],
];

describe('each rule', () => {
  test.each(EXAMPLES)('%s', (_rule, answers, expected) => {
    expect(assess(answers)).toEqual(expected);
  });

  test('has an example that it decides', () => {
    const decided = new Set(EXAMPLES.map(([, , { rule }]) => rule));
    for (const { id } of model.tierRules) expect(decided).toContain(id);
  });
});

describe('unsure', () => {
  test('about the activity counts as the strictest activity', () => {
    expect(assess({ activity: 'unsure' })).toEqual(high('H5'));
  });

  test('about the place counts as the EU where that is stricter', () => {
    expect(assess({ where: 'unsure', 'eu-high-risk-area': 'listed' })).toEqual(high('H2'));
    expect(assess({ where: 'unsure', 'eu-high-risk-area': 'unsure' })).toEqual(held);
    expect(assess({ where: 'unsure' })).toEqual(low);
  });

  test('about everything is high and held for governance, by the rules that name it', () => {
    const nothing = Object.fromEntries(model.facts.map(({ id }) => [id, 'unsure']));
    expect(computeTier(model, nothing)).toEqual(held);
    expect(computeTier(model, {})).toEqual(held);
  });

  test('beneath a negation is not taken for the milder answer', () => {
    const policy = {
      ...model,
      tierRules: [
        { id: 'X1', tier: 'high', when: { not: { fact: 'activity', op: '=', value: 'advice-orders' } } },
      ] as const,
    };
    expect(computeTier(policy, { ...HARMLESS, activity: 'unsure' })).toEqual(high('X1'));
  });
});
