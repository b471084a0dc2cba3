import { describe, expect, test } from 'vitest';
import {
  answers,
  approve,
  gate,
  held,
  openTaxChange,
  rollout,
  specify,
  taxEvidence,
  taxInReview,
  taxLive,
} from '../../support/decider/acts.js';
import { given, text } from '../../support/decider/story.js';
import { DAY, ist } from '../../support/decider/time.js';
import { kycComplete, tax, taxSpec } from '../../support/decider/use-cases.js';

const START = '2026-11-16 10:00';
const why = text('why');
const inReview = () => taxInReview(given(tax(), START));

describe('approve', () => {
  test('fills a seat; the last one asks the directory, whose answer passes the gate', () => {
    const story = inReview();
    story.world.directory = 'down';
    approve(story, 'readiness', 'leena').thenEvents(['DecisionRecorded']);
    approve(story, 'readiness', 'gita').thenEvents(['DecisionRecorded', 'GateConfirming']);
    expect(story.state.stage).toBe('review');
    story.world.directory = 'up';
    story.perform();
    expect(story.state.stage).toBe('release');
  });

  test('is for those who speak for a seat, once each, on what is decided now', () => {
    const story = inReview();
    answers(story, 'readiness', 'bela', 'approve').thenRejected('not-permitted', 'person');
    answers(story, 'readiness', 'hari', 'approve').thenRejected('excluded', 'person');
    approve(story, 'readiness', 'leena');
    answers(story, 'readiness', 'leena', 'approve').thenRejected('already-decided', 'person');
    answers(story, 'readiness', 'neha', 'approve').thenRejected('no-open-seat', 'seat');
    answers(story, 'readiness', 'gita', 'approve', { generation: 2 }).thenRejected('stale-generation');
    answers(story, 'readiness', 'gita', 'approve', { subject: why }).thenRejected('stale-subject');
    answers(story, 'readiness', 'gita', 'approve', { seat: 'product' }).thenRejected('not-permitted', 'seat');
    answers(story, 'readiness', 'gita', 'approve', { gate: 'launch' }).thenRejected('gate-closed', 'gate');
    answers(story, 'readiness', 'gita', 'approve', { seat: 'governance' }).thenAccepted();
  });

  test('a closed gate refuses loudly', () => {
    const story = inReview();
    const { generation, subject } = gate(story, 'readiness');
    approve(story, 'readiness', 'leena', 'gita');
    const late = { gate: 'readiness', generation, subject, decision: 'approve' } as const;
    story.when('decide', late, 'neha').thenRejected('gate-closed', 'gate');
    expect(story.rejection?.reasons[0]?.message).toMatch(/passed by leena, gita at 2026-11-16T04:30/);
    story.when('comment', { gate: 'readiness', comment: why }, 'neha').thenRejected('gate-closed', 'gate');
  });

  test('somebody who is not of the team does not decide', () => {
    const story = inReview();
    answers(story, 'readiness', 'asha', 'approve').thenRejected('not-permitted', 'person');
  });
});

describe('approve with conditions', () => {
  const conditions = [{ text: why, owner: 'hari', due: ist(START) + 60 * DAY, beforeRelease: true }];

  test('blocks the release until the owner has met them', () => {
    const story = inReview();
    answers(story, 'readiness', 'leena', 'approve-with-conditions').thenRejected('incomplete', 'conditions');
    answers(story, 'readiness', 'leena', 'approve-with-conditions', { conditions }).thenEvents([
      'DecisionRecorded',
      'ConditionSet',
    ]);
    approve(story, 'readiness', 'gita');
    expect(story.state).toMatchObject({ stage: 'release', exposure: { wanted: { candidate: null } } });
    story.when('fulfil-condition', { condition: 'c1' }, 'leena').thenRejected('not-permitted', 'condition');
    story.when('fulfil-condition', { condition: 'c2' }, 'hari').thenRejected('not-found', 'condition');
    story.when('fulfil-condition', { condition: 'c1' }, 'hari').thenAccepted();
    expect(story.state.exposure.wanted.candidate?.percent).toBe(10);
  });

  test('one that is not for before the release does not block it', () => {
    const story = inReview();
    const later = conditions.map((condition) => ({ ...condition, beforeRelease: false }));
    answers(story, 'readiness', 'leena', 'approve-with-conditions', { conditions: later });
    approve(story, 'readiness', 'gita');
    expect(story.state.exposure.wanted.candidate?.percent).toBe(10);
    expect(story.state.conditions).toHaveLength(1);
  });

  test('they go with the approval they came with', () => {
    const story = inReview();
    const set = () => answers(story, 'readiness', 'leena', 'approve-with-conditions', { conditions });
    set().when('retract-decision', { gate: 'readiness' }, 'leena').thenAccepted();
    expect(story.state.conditions).toEqual([]);
    set();
    answers(story, 'readiness', 'gita', 'request-changes', { comment: why }).thenAccepted();
    expect(story.state.conditions).toEqual([]);
  });

  test('their owners are of the team', () => {
    const story = inReview();
    const strange = conditions.map((condition) => ({ ...condition, owner: 'asha' }));
    answers(story, 'readiness', 'leena', 'approve-with-conditions', { conditions: strange }).thenRejected(
      'not-found',
      'conditions',
    );
  });

  test('there is a limit to them', () => {
    const story = inReview();
    const many = Array.from({ length: 51 }, () => conditions[0]).flatMap((each) => each ?? []);
    answers(story, 'readiness', 'leena', 'approve-with-conditions', { conditions: many }).thenRejected(
      'limit-reached',
      'conditions',
    );
  });
});

describe('request changes', () => {
  test('says what to change, and returns to where that is', () => {
    const story = inReview();
    answers(story, 'readiness', 'gita', 'request-changes').thenRejected('incomplete', 'clauses');
    answers(story, 'readiness', 'gita', 'request-changes', { comment: why }).thenAccepted();
    expect(story.state.stage).toBe('implementation');
  });

  test('naming a clause of the spec returns to the specification', () => {
    const story = inReview();
    answers(story, 'readiness', 'gita', 'request-changes', { clauses: ['c1'] }).thenAccepted();
    expect(story.the('DeliveryReturned')).toMatchObject({ step: 'specification', clauses: ['c1'] });
    expect(story.state.stage).toBe('specification');
  });

  test('the next generation asks those to re-affirm whose approval was voided, and nobody else', () => {
    const story = inReview();
    approve(story, 'readiness', 'leena');
    answers(story, 'readiness', 'gita', 'request-changes', { comment: why });
    expect(story.all('DecisionVoided').map(({ voided }) => voided.person)).toEqual(['leena']);
    story.when('submit-for-review', {}, 'hari').thenAccepted();
    expect(story.the('GateOpened')).toMatchObject({ gate: { generation: 2 }, reaffirm: ['leena'] });
    const notices = story.all('NoticeRaised').map(({ notice }) => [notice.kind, notice.to]);
    expect(notices).toContainEqual(['reaffirm', ['leena']]);
  });
});

describe('reject', () => {
  test('says why, and ends the candidate', () => {
    const story = inReview();
    answers(story, 'readiness', 'gita', 'reject').thenRejected('incomplete', 'comment');
    answers(story, 'readiness', 'gita', 'reject', { comment: why }).thenAccepted();
    expect(story.state).toMatchObject({ stage: 'implementation', delivery: { release: null } });
  });

  test('at scoping, the use case is over', () => {
    const story = given(kycComplete(), START).when('open-gate', { gate: 'scoping' }, 'nikhil');
    answers(story, 'scoping', 'rohan', 'reject', { comment: why }).thenEvents([
      'DecisionRecorded',
      'GateClosed',
      'Retired',
    ]);
    expect(story.state).toMatchObject({ stage: 'retired', outcome: 'rejected' });
    story.when('resume', {}, 'nikhil').thenRejected('closed', 'stage');
  });

  test('of a spec, its draft is not offered again', () => {
    const story = specify(given(tax(), START), taxSpec(), 'hari');
    answers(story, 'specification', 'gita', 'reject', { comment: why });
    story.when('submit-spec', { version: 1 }, 'hari').thenRejected('no-such-version', 'version');
  });
});

describe('abstain', () => {
  test('fills no seat, and is an answer', () => {
    const story = inReview();
    answers(story, 'readiness', 'gita', 'abstain').thenEvents(['DecisionRecorded']);
    answers(story, 'readiness', 'gita', 'approve').thenRejected('already-decided', 'person');
    approve(story, 'readiness', 'leena', 'lata');
    expect(story.state.stage).toBe('release');
  });
});

describe('recuse', () => {
  test('asks everybody else who could fill the seat, at once', () => {
    const story = inReview();
    answers(story, 'readiness', 'gita', 'recuse').thenEvents(['DecisionRecorded', 'Escalated']);
    expect(story.the('Escalated')).toMatchObject({ step: 'recusal', to: ['lata'] });
    answers(story, 'readiness', 'gita', 'request-changes', { comment: why }).thenRejected('already-decided');
  });

  test('vacates the seat of somebody who had approved', () => {
    const story = inReview();
    story.world.directory = 'down';
    approve(story, 'readiness', 'gita', 'leena');
    answers(story, 'readiness', 'gita', 'recuse').thenEvents([
      'DecisionRecorded',
      'GateReopened',
      'Escalated',
    ]);
    story.world.directory = 'up';
    story.perform();
    expect(gate(story, 'readiness').status).toBe('open');
    approve(story, 'readiness', 'lata');
    expect(story.state.stage).toBe('release');
  });

  test('where nobody else is left, the lead is asked', () => {
    const story = inReview();
    answers(story, 'readiness', 'gita', 'recuse');
    answers(story, 'readiness', 'lata', 'recuse');
    expect(story.the('Escalated').to).toEqual(['divya']);
  });
});

describe('retract', () => {
  test('is possible until the gate closes, also while the directory is asked', () => {
    const story = inReview();
    story.when('retract-decision', { gate: 'readiness' }, 'gita').thenRejected('nothing-to-retract', 'gate');
    story.world.directory = 'down';
    approve(story, 'readiness', 'leena', 'gita');
    story
      .when('retract-decision', { gate: 'readiness' }, 'gita')
      .thenEvents(['DecisionRetracted', 'GateReopened']);
    story.world.directory = 'up';
    approve(story.perform(), 'readiness', 'gita');
    story.when('retract-decision', { gate: 'readiness' }, 'gita').thenRejected('gate-closed', 'gate');
  });

  test('an answer about other people than those who fill the seats now confirms nothing', () => {
    const story = inReview();
    story.world.directory = 'down';
    approve(story, 'readiness', 'leena', 'gita');
    story.when('retract-decision', { gate: 'readiness' }, 'gita');
    approve(story, 'readiness', 'lata');
    const answer = { type: 'gate-confirmed', gate: 'readiness', generation: 1, ineligible: [] } as const;
    story.report({ ...answer, asked: ['leena', 'gita'] }).thenRejected('unchanged');
    story.report({ ...answer, asked: ['lata', 'leena'] }).thenAccepted();
  });
});

describe('withdraw', () => {
  test('is for whoever opened the gate, and for owners', () => {
    const story = inReview();
    const payload = { gate: 'readiness', reason: why };
    story.when('withdraw-gate', payload, 'leena').thenRejected('not-permitted', 'gate');
    story.when('withdraw-gate', { ...payload, gate: 'launch' }, 'hari').thenRejected('gate-closed', 'gate');
    story.when('withdraw-gate', payload, 'bela').thenAccepted();
    expect(story.the('GateClosed').outcome).toBe('withdrawn');
    expect(story.state.stage).toBe('implementation');
  });
});

describe('eligibility', () => {
  test('lost when the gate closes: the seat is vacant again', () => {
    const story = inReview();
    story.world.unfit.add('gita');
    approve(story, 'readiness', 'leena', 'gita');
    expect(story.last.map(({ type }) => type)).toEqual(
      expect.arrayContaining(['DecisionVoided', 'GateReopened']),
    );
    expect(gate(story, 'readiness').decisions.map(({ person }) => person)).toEqual(['leena']);
    approve(story, 'readiness', 'lata');
    expect(story.state.stage).toBe('release');
  });

  test('a right that has gone to somebody else no longer fills its seat', () => {
    const story = openTaxChange(taxLive(given(tax(), START)), 'r2', ['prompt.tone']);
    taxEvidence(story).when('submit-for-review', {}, 'hari').thenAccepted();
    story.world.directory = 'down';
    approve(story, 'change', 'chitra');
    story.when('assign-right', { right: 'changeApprover', person: 'divya' }, 'bela').thenAccepted();
    story.when('accept-handover', { right: 'changeApprover' }, 'divya').thenAccepted();
    story.world.directory = 'up';
    story.perform();
    expect(gate(story, 'change')).toMatchObject({ status: 'open', decisions: [] });
    answers(story, 'change', 'chitra', 'approve').thenRejected('not-permitted', 'person');
    approve(story, 'change', 'divya');
    expect(rollout(story).phase.name).toBe('soaking');
  });

  test('an unreachable directory keeps the gate confirming, and its time runs out like any other', () => {
    const story = inReview();
    story.world.directory = 'down';
    approve(story, 'readiness', 'leena', 'gita');
    story.after(12 * DAY);
    expect(story.state.stage).toBe('review');
    expect(gate(story, 'readiness').status).toBe('held');
    expect(held(story)).toEqual(['timeout:forward']);
  });
});

test('evidence producers and submitters are excluded, whoever opened the gate is not', () => {
  const story = given(kycComplete(), START).when('open-gate', { gate: 'scoping' }, 'asha');
  approve(story, 'scoping', 'asha');
  const other = given(tax(), START);
  other.when('draft-spec', { spec: taxSpec(), missing: [] }, 'esha');
  other.when('submit-spec', { version: 1 }, 'leena').thenAccepted();
  expect(gate(other, 'specification').excluded).toEqual(['esha', 'leena']);
});
