import { describe, expect, test } from 'vitest';
import { compileGate } from '../../../src/contracts/operating-model/compile-gate.js';
import { writtenGate } from '../../../src/contracts/operating-model/gates.js';
import type { Actor } from '../../../src/domain/lifecycle/actor.js';
import { decide } from '../../../src/domain/lifecycle/decide.js';
import type { State } from '../../../src/domain/lifecycle/state.js';
import type { Reauthentication } from '../../../src/domain/policy.js';
import type { DecisionKind } from '../../../src/domain/vocabulary.js';
import { gate, taxInReview } from '../../support/decider/acts.js';
import { given, text } from '../../support/decider/story.js';
import { tax } from '../../support/decider/use-cases.js';

const MINUTE = 60_000;
const story = taxInReview(given(tax(), '2026-11-16 10:00'));
const NOW = story.now;

/** The review, at a gate that asks for this. */
function asking(reauthenticate: Reauthentication): State {
  const { state } = story;
  const readiness = gate(story, 'readiness');
  const rule = { ...readiness.rule, reauthenticate };
  return { ...state, gates: { ...state.gates, readiness: { ...readiness, rule } } };
}

function answered(
  state: State,
  authenticated: Actor['authenticated'],
  decision: DecisionKind = 'approve',
  verified = true,
) {
  const { generation, subject } = gate(story, 'readiness');
  const actor: Actor = { ...story.actor('leena'), verified, ...(authenticated && { authenticated }) };
  const payload = { gate: 'readiness', generation, subject, decision, comment: text('why') };
  const outcome = decide({ name: 'decide', id: 'c1', actor, payload }, state, NOW);
  return 'rejected' in outcome ? outcome : 'accepted';
}

const recent = { maxAge: 15 * MINUTE, acr: [] };
const strong = { maxAge: null, acr: ['phr', 'phrh'] };
const minutesAgo = (minutes: number, acr: string | null = null) => ({ at: NOW - minutes * MINUTE, acr });

describe('a gate that asks for a recent sign-in', () => {
  test('takes an approval of somebody who has signed in within that time', () => {
    expect(answered(asking(recent), minutesAgo(0))).toBe('accepted');
    expect(answered(asking(recent), minutesAgo(15))).toBe('accepted');
  });

  test.each([
    ['too long ago', minutesAgo(15.001)],
    ['at no time that anybody knows', undefined],
  ])('refuses one who has signed in %s, and says what to do', (_when, authenticated) => {
    expect(answered(asking(recent), authenticated)).toEqual({
      rejected: 'reauthentication-required',
      reasons: [
        {
          code: 'reauthentication-required',
          message:
            'gate readiness asks that leena has signed in not longer than 15 minutes ago; sign in again and repeat it',
          fact: 'authentication',
          authentication: { maxAge: 900, acr: [] },
        },
      ],
    });
  });

  test('takes an approval with conditions no more than a plain one, and a refusal from everybody', () => {
    const state = asking(recent);
    expect(answered(state, undefined, 'request-changes')).toBe('accepted');
    expect(answered(state, undefined, 'reject')).toBe('accepted');
    expect(answered(state, undefined, 'recuse')).toBe('accepted');
  });

  test('says first what stands against the person anyway', () => {
    const state = asking(recent);
    const excluded = {
      ...state,
      gates: { ...state.gates, readiness: { ...state.gates['readiness'], excluded: ['leena'] } },
    };
    expect(answered(excluded as State, undefined)).toMatchObject({ rejected: 'excluded' });
  });
});

describe('a gate that asks for a strong sign-in', () => {
  test('takes one of the classes that it names, however old', () => {
    expect(answered(asking(strong), minutesAgo(9_999, 'phrh'))).toBe('accepted');
    for (const acr of [null, 'pwd']) {
      expect(answered(asking(strong), minutesAgo(0, acr))).toMatchObject({
        rejected: 'reauthentication-required',
        reasons: [{ authentication: { maxAge: null, acr: ['phr', 'phrh'] } }],
      });
    }
  });

  test('and recent asks for both', () => {
    const both = asking({ ...recent, acr: strong.acr });
    expect(answered(both, minutesAgo(1, 'phr'))).toBe('accepted');
    expect(answered(both, minutesAgo(16, 'phr'))).toMatchObject({ rejected: 'reauthentication-required' });
    expect(answered(both, minutesAgo(1))).toMatchObject({ rejected: 'reauthentication-required' });
  });
});

test('where nobody proves who they are, nothing more is asked', () => {
  expect(answered(asking(strong), undefined, 'approve', false)).toBe('accepted');
});

describe('the written form', () => {
  const written = {
    seats: ['risk'],
    sla: '1bd',
    reminders: [50],
    escalation: { every: '1bd', chain: ['lead'] },
    timeout: 'hold',
  };
  const compiled = (reauthenticate?: object) => {
    const parsed = writtenGate.safeParse({ ...written, ...(reauthenticate && { reauthenticate }) });
    return parsed.success ? compileGate(parsed.data).reauthenticate : parsed.error.issues[0]?.message;
  };

  test('says an age, classes, or both; without it nothing is asked', () => {
    expect(compiled()).toBeUndefined();
    expect(compiled({ maxAge: '15min' })).toEqual({ maxAge: 900_000, acr: [] });
    expect(compiled({ acr: ['phr'] })).toEqual({ maxAge: null, acr: ['phr'] });
    expect(compiled({ maxAge: '1h', acr: ['urn:bank:2fa'] })).toEqual({
      maxAge: 3_600_000,
      acr: ['urn:bank:2fa'],
    });
    expect(compiled({})).toMatch(/maxAge, acr or both/);
    expect(compiled({ acr: ['with "quotes"'] })).toBeTypeOf('string');
    expect(compiled({ maxAge: '1bd' })).toMatch(/elapsed time/);
  });
});
