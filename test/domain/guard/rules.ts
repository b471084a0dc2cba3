import { compileGuard } from '../../../src/contracts/compile-guard.js';
import { type Spec, specForm } from '../../../src/contracts/spec.js';
import type { GuardRules } from '../../../src/domain/guard/rules.js';

/** A spec of a payment assistant, with whatever a test changes, as the form takes it. */
export function guardSpec(changed: object = {}): Spec {
  return specForm.parse({
    spec: 'refunds',
    purpose: 'Refund small amounts at once.',
    may: [
      { id: 'y1', action: 'Refund', limit: 100 },
      { id: 'y2', action: 'refund', limit: 500, onAttempt: 'review' },
      {
        id: 'y3',
        action: 'reply',
        accepts: {
          text: { is: 'text', longest: 20 },
          tone: { is: 'text', oneOf: ['calm', 'warm'], optional: true },
          sure: { is: 'number', from: 0, to: 1, optional: true },
          lines: { is: 'whole', from: 1, optional: true },
          final: { is: 'yes-no', optional: true },
        },
      },
      { id: 'y4', action: 'extract' },
    ],
    mustNot: [
      { id: 'n1', action: 'promise a waiver', onAttempt: 'block-and-incident' },
      { id: 'n2', action: 'refund', limit: 1000, onAttempt: 'block-and-incident' },
      { id: 'n3', action: 'mention a rival', onAttempt: 'review' },
      { id: 'n4', action: 'close the account', onAttempt: 'block' },
    ],
    toPerson: [
      { id: 'p1', when: { metric: 'score', op: '<', value: 0.9 }, queue: 'desk', of: ['y1', 'y2'] },
      { id: 'p2', when: { flag: 'asks-for-a-person' }, queue: 'front' },
    ],
    queues: [
      { id: 'desk', owner: 'omkar', minutesPerItem: 2, hoursPerDay: 8 },
      { id: 'front', owner: 'omkar', minutesPerItem: 2, hoursPerDay: 8 },
    ],
    fallback: { manual: 'the desk refunds', runbook: 'RB-1', standsFor: '5d' },
    ...changed,
  });
}

export const guardRules = (changed: object = {}): GuardRules => compileGuard(guardSpec(changed));
