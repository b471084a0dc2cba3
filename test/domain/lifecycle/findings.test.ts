import { describe, expect, test } from 'vitest';
import { MAX_FINDINGS } from '../../../src/domain/governance/finding.js';
import { allowedCommands } from '../../../src/domain/lifecycle/allowed.js';
import { completeState } from '../../../src/domain/lifecycle/carried-state.js';
import type { State } from '../../../src/domain/lifecycle/state.js';
import { viewOf } from '../../../src/domain/lifecycle/view-of.js';
import { waitingOn } from '../../../src/domain/lifecycle/waiting-on.js';
import { work } from '../../../src/domain/lifecycle/work.js';
import {
  ALL_WELL,
  answers,
  approve,
  gate,
  holdId,
  rollout,
  taxInCanary,
  taxInReview,
  taxLive,
  wanted,
} from '../../support/decider/acts.js';
import { given, type Story, text } from '../../support/decider/story.js';
import { DAY, ist } from '../../support/decider/time.js';
import { pilot, tax, taxSpec } from '../../support/decider/use-cases.js';

const START = '2026-09-01 10:00';
const reason = text('looked at');

/** What the reconciler reports; 'f1' unless another id is given. */
function found(story: Story, gateId: string | null, id = 'f1'): Story {
  return story.report({
    type: 'finding',
    finding: { id, kind: 'reset', gate: gateId, detail: 'reset by admin' },
  });
}

const ratify = (story: Story, by: string, finding = 'f1') =>
  story.when('ratify-finding', { finding, reason }, by);

const inReview = () => taxInReview(given(tax(), START));
const inCanary = () => taxInCanary(given(tax(), START));

describe('a finding that names a gate', () => {
  test('freezes it: no answer is taken there, whatever it is, and the refusal says what to do', () => {
    const story = found(inReview(), 'readiness');
    story.thenEvents(['FindingRecorded', 'GateClockMoved']);
    for (const decision of ['approve', 'recuse', 'abstain'] as const)
      answers(story, 'readiness', 'leena', decision).thenRejected('gate-frozen', 'f1');
    expect(story.rejection?.reasons[0]?.message).toBe(
      'finding f1 (reset, gate readiness) stands against it until it is ratified by an approver and an auditor, by ratify-finding',
    );
  });

  test('takes back a quorum whose people are being asked about, and stops the clock', () => {
    const story = inReview();
    story.world.directory = 'down';
    approve(story, 'readiness', 'leena', 'gita');
    expect(gate(story, 'readiness').status).toBe('confirming');
    found(story, 'readiness').thenEvents(['FindingRecorded', 'GateReopened', 'GateClockMoved']);
    expect(work(story.state).filter(({ kind }) => kind === 'confirm-gate')).toEqual([]);
    story.world.directory = 'up';
    story.after(30 * DAY);
    expect(gate(story, 'readiness')).toMatchObject({
      status: 'open',
      clock: { pausedAt: expect.any(Number) },
    });
  });

  test('lets the gate pass once both have ratified it, with the time that it had left', () => {
    const story = inReview();
    const { due } = gate(story, 'readiness').clock;
    answers(story, 'readiness', 'gita', 'approve');
    found(story, 'readiness').after(7 * DAY);
    ratify(story, 'leena').thenEvents(['FindingRatified']);
    ratify(story, 'zoya').thenEvents(['FindingRatified', 'GateClockMoved']);
    expect(gate(story, 'readiness').clock.due).toBe(due + 7 * DAY);
    approve(story, 'readiness', 'leena');
    expect(rollout(story).phase.name).toBe('soaking');
  });

  test('leaves other gates alone', () => {
    const story = found(given(tax(), START), 'readiness');
    story.when('draft-spec', { spec: taxSpec(), missing: [] }, 'hari').thenAccepted();
    story.when('submit-spec', { version: 1 }, 'hari').thenAccepted();
    approve(story, 'specification', 'leena', 'gita');
    expect(story.state.stage).toBe('implementation');
  });

  test('freezes a gate of this name that opens later', () => {
    const story = found(given(tax(), START), 'readiness');
    taxInReview(story);
    answers(story, 'readiness', 'leena', 'approve').thenRejected('gate-frozen');
    expect(gate(story, 'readiness').clock.pausedAt).toBe(story.now);
  });

  test('names every gate where the gate it touched is over for good', () => {
    const story = found(inReview(), 'two-key-7');
    expect(story.the('FindingRecorded').finding.gate).toBeNull();
    answers(story, 'readiness', 'leena', 'approve').thenRejected('gate-frozen');
  });
});

describe('any finding', () => {
  test('keeps exposure from going forward, and not from going back', () => {
    const story = found(inCanary(), null);
    story.world.metrics = ALL_WELL;
    story.after(3 * DAY);
    expect([wanted(story).candidate, rollout(story).phase.name]).toEqual([10, 'pending']);
    story.when('roll-back', { reason }, 'omkar').thenAccepted();
    expect(wanted(story).candidate).toBeNull();
  });

  test('keeps the operating owner from accepting', () => {
    const story = inCanary();
    story.world.metrics = ALL_WELL;
    story.after(3 * DAY);
    expect(rollout(story).phase.name).toBe('accepting');
    found(story, 'retirement');
    expect(waitingOn(story.state, story.now).some(({ what }) => what.startsWith('accept'))).toBe(false);
    story.when('accept-exposure', {}, 'omkar').thenRejected('gate-frozen');
    ratify(story, 'bela');
    ratify(story, 'zoya');
    story.when('accept-exposure', {}, 'omkar').thenAccepted();
  });

  test('stops nothing that makes things stricter', () => {
    const story = found(taxLive(given(tax(), START)), null);
    story.when('hold', { effect: 'review-all', scope: 'serving', reason }, 'omkar').thenAccepted();
    story.when('stop-ship', { scope: 'serving', reason }, 'tara').thenAccepted();
    expect(wanted(story).serving).toBeNull();
  });

  test('keeps a hold from being lifted, also by somebody whose key alone would do', () => {
    const story = taxLive(given(tax(), START));
    story.when('hold', { effect: 'stopped', scope: 'serving', reason }, 'omkar').thenAccepted();
    const hold = holdId(story, 'person');
    found(story, 'readiness');
    story.when('lift-hold', { hold }, 'farah').thenRejected('gate-frozen');
    const { refused } = allowedCommands(story.state, story.actor('farah'), story.now);
    expect(refused['lift-hold']).toMatchObject([{ code: 'gate-frozen', fact: 'f1' }]);
    ratify(story, 'zoya');
    ratify(story, 'leena');
    story.when('lift-hold', { hold }, 'farah').thenAccepted();
  });

  test('keeps a second key from turning', () => {
    const story = inReview();
    story.when('override-tier', { tier: 'low', reason }, 'farah').thenAccepted();
    found(story, 'scoping');
    answers(story, 'two-key-1', 'gita', 'approve').thenRejected('gate-frozen');
    story.when('override-tier', { tier: 'low', reason }, 'gita').thenRejected('gate-frozen');
    ratify(story, 'bela');
    ratify(story, 'zoya');
    approve(story, 'two-key-1', 'gita');
    expect(story.state.tier.lowered?.tier).toBe('low');
  });

  test('found again, before or after it was ratified, changes nothing', () => {
    const story = found(inReview(), 'readiness');
    found(story, 'specification').thenRejected('unchanged');
    ratify(story, 'leena');
    ratify(story, 'zoya');
    found(story, 'readiness').thenRejected('unchanged');
    expect(story.state.findings).toEqual([]);
  });

  test('tells owners and those who can ratify it', () => {
    const story = inReview();
    story.world.notifier = 'down';
    found(story, 'readiness');
    const [notice] = story.state.notices.slice(-1);
    expect(notice).toMatchObject({ kind: 'hold', gate: 'readiness' });
    expect(notice?.to).toEqual(expect.arrayContaining(['bela', 'hari', 'omkar', 'leena', 'gita']));
  });

  test('is unknown to a state that was carried over before there were any', () => {
    const { findings, ratified, legalHold, ...before } = found(inReview(), null).state;
    expect([findings.length, ratified, legalHold]).toEqual([1, [], null]);
    const carried = completeState(before as State);
    expect(carried).toEqual({ ...before, findings: [], ratified: [], legalHold: null });
    expect(completeState({ ...carried, findings }).findings).toBe(findings);
  });

  test('comes too late for what is over', () => {
    const story = given(pilot(ist(START)), START);
    story.when('cancel', { reason }, 'leena').thenAccepted();
    found(story, null).thenRejected('closed');
  });
});

describe('findings that name no gate', () => {
  test('freeze every gate, and what would move without one', () => {
    const story = found(given(tax(), START), null);
    story.when('draft-spec', { spec: taxSpec(), missing: [] }, 'hari').thenAccepted();
    story.when('submit-spec', { version: 1 }, 'hari').thenAccepted();
    answers(story, 'specification', 'leena', 'approve').thenRejected('gate-frozen');
  });

  test('keep a change from beginning, and let it begin when they are ratified', () => {
    const story = taxLive(given(tax(), START));
    const change = { kind: 'prompt', changedSections: ['prompt.tone'], reason } as const;
    story.when('open-change', change, 'leena').thenAccepted();
    story.when('open-change', change, 'leena').thenAccepted();
    found(story, null);
    story.when('open-change', change, 'leena').thenRejected('gate-frozen');
    story.when('withdraw-change', { change: 'change-1', reason }, 'hari').thenAccepted();
    expect(story.state.stage === 'live' && story.state.delivery).toBeNull();
    ratify(story, 'zoya');
    ratify(story, 'hari').thenEvents(['FindingRatified', 'DeliveryOpened']);
  });

  test('are meant by too many that name one', () => {
    const story = inReview();
    for (let n = 0; n < MAX_FINDINGS; n++) found(story, 'scoping', `f${n}`).thenAccepted();
    found(story, 'scoping', 'one more').thenRejected('limit-reached');
    answers(story, 'readiness', 'leena', 'approve').thenRejected('gate-frozen');
  });
});

describe('ratifying', () => {
  test('is for somebody eligible at the gate, and an auditor; in any order', () => {
    const story = found(inReview(), 'readiness');
    ratify(story, 'omkar').thenRejected('not-permitted', 'person');
    ratify(story, 'hari').thenRejected('not-permitted', 'person');
    ratify(story, 'zoya').thenAccepted();
    expect(story.state.findings).toMatchObject([{ ratified: [{ person: 'zoya', as: ['auditor'] }] }]);
    ratify(story, 'gita').thenAccepted();
    expect(story.state).toMatchObject({ findings: [], ratified: ['f1'] });
  });

  test('takes two people: not the same twice, nor two of the same kind', () => {
    const story = found(inReview(), 'readiness');
    ratify(story, 'leena').thenAccepted();
    ratify(story, 'leena').thenRejected('already-decided');
    ratify(story, 'gita').thenRejected('already-decided');
    expect(story.rejection?.reasons[0]?.message).toContain('it takes an auditor, another person');
    ratify(story, 'zoya').thenAccepted();
  });

  test('counts somebody who could be either as whichever the other is not', () => {
    for (const other of ['zoya', 'bela']) {
      const story = found(inReview(), null);
      ratify(story, 'anand').thenAccepted();
      ratify(story, 'anand').thenRejected('already-decided');
      ratify(story, other).thenAccepted();
      expect(story.state.findings).toEqual([]);
    }
  });

  test('is for a holder of a decision right where no gate is named', () => {
    const story = found(inReview(), null);
    ratify(story, 'gita').thenRejected('not-permitted');
    ratify(story, 'tara').thenAccepted();
  });

  test('names a finding that is open', () => {
    const story = found(inReview(), null);
    ratify(story, 'zoya', 'f2').thenRejected('not-found', 'finding');
    const { refused } = allowedCommands(given(tax(), START).state, story.actor('zoya'), story.now);
    expect(refused['ratify-finding']).toMatchObject([{ code: 'not-found' }]);
  });

  test('is what the lifecycle then waits for, and what it allows', () => {
    const story = found(inReview(), 'readiness');
    const waits = () => waitingOn(story.state, story.now).map(({ who, people }) => [who, people.length > 0]);
    expect(waits()).toEqual([
      ['ratify:readiness', true],
      ['role:auditor', false],
    ]);
    const allowed = (person: string) => allowedCommands(story.state, story.actor(person), story.now).allowed;
    expect(allowed('leena')).toContain('ratify-finding');
    expect(allowed('leena')).not.toContain('decide');
    expect(allowed('zoya')).toEqual(['ratify-finding', 'set-legal-hold']);
    ratify(story, 'leena');
    expect(waits()).toEqual([['role:auditor', false]]);
    expect(viewOf(story.state, story.actor('zoya'), story.now).findings).toMatchObject([
      { finding: 'f1', kind: 'reset', gate: 'readiness', ratifiedBy: ['leena'], missing: ['auditor'] },
    ]);
  });
});

describe('a legal hold', () => {
  test('is set and ended by an auditor or the business owner, and moves nothing', () => {
    const story = inReview();
    const set = (on: boolean, by: string) => story.when('set-legal-hold', { on, reason }, by);
    set(true, 'hari').thenRejected('not-permitted');
    set(false, 'zoya').thenRejected('unchanged');
    set(true, 'zoya').thenEvents(['LegalHoldSet']);
    set(true, 'bela').thenRejected('unchanged');
    const view = () => viewOf(story.state, story.actor('bela'), story.now);
    expect(view().legalHold).toEqual({ by: 'zoya', since: story.now });
    approve(story, 'readiness', 'leena', 'gita');
    expect(rollout(story).phase.name).toBe('soaking');
    set(false, 'bela').thenEvents(['LegalHoldSet']);
    expect(view().legalHold).toBeNull();
  });

  test('outlives the use case', () => {
    const story = taxLive(given(tax(), START));
    story.when('set-legal-hold', { on: true, reason }, 'zoya').thenAccepted();
    story.when('retire', { reason, dependants: [] }, 'divya').thenAccepted();
    approve(story, 'retirement', 'bela', 'omkar');
    expect(story.state).toMatchObject({ stage: 'retired', legalHold: { by: 'zoya' } });
  });
});
