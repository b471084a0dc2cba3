import { describe, expect, test } from 'vitest';
import { viewOf } from '../../../src/domain/lifecycle/view-of.js';
import { waitingOn } from '../../../src/domain/lifecycle/waiting-on.js';
import {
  answers,
  approve,
  gate,
  openTaxChange,
  rollout,
  specify,
  taxEvidence,
  taxInReview,
  taxLive,
} from '../../support/decider/acts.js';
import { lend } from '../../support/decider/lending.js';
import { given, type Story, text } from '../../support/decider/story.js';
import { DAY, HOUR, ist } from '../../support/decider/time.js';
import { modelWith, tax, taxSpec } from '../../support/decider/use-cases.js';

const START = '2026-11-16 10:00';
const why = text('why');
const newTax = () => given(tax(), START);
const inReview = () => taxInReview(newTax());

describe('a delegate', () => {
  test('fills the seat of whoever delegated, and both names are on the decision', () => {
    const story = inReview();
    answers(story, 'readiness', 'tara', 'approve').thenRejected('not-permitted', 'person');
    lend(story).thenEvents(['DelegationSet', 'DelegationBegan']);
    answers(story, 'readiness', 'tara', 'approve').thenEvents(['DecisionRecorded']);
    expect(story.the('DecisionRecorded').decision).toMatchObject({
      person: 'tara',
      functions: [],
      mandates: [{ delegation: 'd1', from: 'gita', functions: ['governance'], rights: [] }],
    });
    const [readiness] = viewOf(story.state, story.actor('tara'), story.now).gates;
    expect(readiness?.seats).toContainEqual({ seat: 'governance', filledBy: 'tara', for: 'gita' });
    approve(story, 'readiness', 'leena');
    expect(story.the('GateClosed').by).toContainEqual({
      person: 'tara',
      seat: 'governance',
      decision: 'approve',
      for: 'gita',
    });
    expect(story.the('ApprovalGranted').approval.approvers).toContainEqual({
      person: 'tara',
      authority: { function: 'governance' },
      mandate: { from: 'gita', delegation: 'd1' },
    });
  });

  test('is asked at once about what waits for that voice, and no deadline moves', () => {
    const story = inReview();
    const { clock } = gate(story, 'readiness');
    lend(story);
    expect(story.the('NoticeRaised').notice).toMatchObject({
      kind: 'request',
      to: ['tara'],
      gate: 'readiness',
    });
    expect(gate(story, 'readiness').clock).toEqual(clock);
    const governance = waitingOn(story.state, story.now).find(({ who }) => who === 'readiness:governance');
    expect(governance?.people).toEqual(['tara', 'gita', 'lata']);
    story.when('withdraw-delegation', { delegation: 'd1' }, 'gita').thenEvents(['DelegationEnded']);
    expect(gate(story, 'readiness').clock).toEqual(clock);
  });

  test('says in whose name, where that is not left to matching', () => {
    const story = inReview();
    lend(story, { to: 'neha' });
    answers(story, 'readiness', 'neha', 'approve', { for: 'lata' }).thenRejected('not-permitted', 'for');
    answers(story, 'readiness', 'neha', 'approve', { for: 'gita' }).thenAccepted();
    expect(story.the('DecisionRecorded').decision).toMatchObject({ functions: [], rights: [] });
    story.when('retract-decision', { gate: 'readiness' }, 'neha').thenAccepted();
    answers(story, 'readiness', 'neha', 'approve', { for: 'neha' }).thenAccepted();
    expect(story.the('DecisionRecorded').decision.mandates).toBeUndefined();
  });

  test('who fits a seat in person makes room for somebody who fits only that one', () => {
    const story = inReview();
    lend(story, { to: 'neha' });
    approve(story, 'readiness', 'neha');
    approve(story, 'readiness', 'leena');
    expect(story.the('GateClosed').by).toEqual([
      { person: 'neha', seat: 'governance', decision: 'approve', for: 'gita' },
      { person: 'leena', seat: 'product', decision: 'approve' },
    ]);
  });

  test('counts once: two seats of a function are neither filled by one person nor through one', () => {
    const model = modelWith(({ rules }) => {
      const { readiness } = rules.governed.medium.gates;
      if (readiness) readiness.seats = ['governance', 'governance'];
    });
    const story = taxInReview(given(tax({ model }), START));
    lend(story);
    lend(story, { to: 'bela' });
    approve(story, 'readiness', 'gita');
    answers(story, 'readiness', 'tara', 'approve').thenRejected('not-permitted', 'person');
    story.when('retract-decision', { gate: 'readiness' }, 'gita').thenAccepted();
    approve(story, 'readiness', 'tara', 'bela');
    expect(gate(story, 'readiness').status).toBe('open');
    expect(waitingOn(story.state, story.now).map(({ who }) => who)).toContain('readiness:governance-2');
    approve(story, 'readiness', 'lata');
    expect(story.state.stage).toBe('release');
  });

  test('falls silent where the other one answers in person', () => {
    const story = inReview();
    lend(story);
    approve(story, 'readiness', 'tara');
    approve(story, 'readiness', 'gita');
    expect(story.the('DecisionVoided').voided).toMatchObject({
      person: 'tara',
      why: 'gita has answered in person',
    });
    expect(gate(story, 'readiness').decisions.map(({ person }) => person)).toEqual(['gita']);
  });

  test.for(['abstain', 'recuse'] as const)('has no voice of somebody who answers %s', (kind) => {
    const story = inReview();
    lend(story);
    story.world.directory = 'down';
    approve(story, 'readiness', 'tara', 'leena');
    answers(story, 'readiness', 'gita', kind).thenAccepted();
    expect(gate(story, 'readiness')).toMatchObject({ status: 'open' });
    expect(story.the('DecisionVoided').voided.person).toBe('tara');
    answers(story, 'readiness', 'tara', 'approve').thenRejected('not-permitted', 'person');
    story.world.directory = 'up';
    approve(story.perform(), 'readiness', 'lata');
    expect(story.state.stage).toBe('release');
  });

  test('may ask for changes and reject, like the one who delegated', () => {
    const story = lend(inReview());
    answers(story, 'readiness', 'tara', 'request-changes', { comment: why }).thenAccepted();
    expect(story.state.stage).toBe('implementation');
  });

  test('speaks at gates only: commands ask for those who hold the right', () => {
    const story = newTax();
    story.when(
      'delegate',
      { to: 'tara', authorities: ['operatingOwner'], gates: ['promotion'], ends: story.now + DAY },
      'omkar',
    );
    story.when('accept-exposure', {}, 'tara').thenRejected('wrong-stage');
    taxInReview(story);
    approve(story, 'readiness', 'leena', 'gita');
    story.when('accept-exposure', {}, 'tara').thenRejected('not-permitted');
  });
});

describe('exclusion holds for delegates', () => {
  test('who wrote or submitted the subject lends a voice to nobody', () => {
    const story = inReview();
    lend(story, {}, 'hari');
    answers(story, 'readiness', 'tara', 'approve').thenRejected('excluded', 'person');
    expect(story.rejection?.reasons[0]?.message).toContain('hari');
  });

  test('nor is such a person named as a delegate there', () => {
    const story = inReview();
    lend(story, { to: 'hari' }).thenRejected('excluded', 'to');
    lend(story, { to: 'hari', gates: ['scoping'] }).thenAccepted();
  });

  test('a delegation that was there before does not let a later author decide', () => {
    const story = newTax();
    lend(story, { to: 'esha' }).thenAccepted();
    specify(story, taxSpec(), 'esha');
    approve(story, 'specification', 'leena', 'gita');
    story.when('register-release', { release: text('r1'), changedSections: [] }, 'vikram');
    taxEvidence(story).when('submit-for-review', {}, 'hari').thenAccepted();
    answers(story, 'readiness', 'esha', 'approve').thenRejected('excluded', 'person');
  });

  test('a producer of its evidence neither decides for others nor through them', () => {
    const story = newTax();
    lend(story, { to: 'tara' });
    lend(story, { to: 'bela' }, 'lata');
    specify(story, taxSpec(), 'hari');
    approve(story, 'specification', 'leena', 'gita');
    story.when('register-release', { release: text('r1'), changedSections: [] }, 'hari');
    taxEvidence(story);
    const produced = { kind: 'eval', digest: text('by gita'), collectedAt: story.now, independent: false };
    const about = [text('r1')];
    const results = { 'false-commitment': { value: 0.0006, n: 12_000 }, tone: { value: 0.96, n: 12_000 } };
    story.when('add-evidence', { ...produced, producer: 'gita', about, results }, 'gita').thenAccepted();
    story.when('submit-for-review', {}, 'hari').thenAccepted();
    answers(story, 'readiness', 'tara', 'approve').thenRejected('excluded', 'person');
    approve(story, 'readiness', 'bela', 'leena');
    expect(story.state.stage).toBe('release');
  });

  test('an editor of the policy neither delegates nor is delegated to', () => {
    const model = modelWith((written) => {
      written.editors = ['lata'];
    });
    const story = taxInReview(given(tax({ model }), START));
    lend(story, { to: 'lata' }).thenRejected('excluded', 'to');
    lend(story, {}, 'lata').thenAccepted();
    answers(story, 'readiness', 'tara', 'approve').thenRejected('excluded', 'person');
  });

  test('nobody approves as a delegate what they own', () => {
    const story = newTax();
    const change = { authorities: ['changeApprover'], gates: ['change'] } as const;
    lend(story, { ...change, to: 'hari' }, 'chitra').thenRejected('right-conflict', 'to');
    lend(story, { authorities: ['technicalOwner'], gates: ['change'], to: 'chitra' }, 'hari').thenRejected(
      'right-conflict',
      'to',
    );
    lend(story, { ...change, to: 'vikram' }, 'chitra').thenAccepted();
    story.when('assign-right', { right: 'technicalOwner', person: 'vikram' }, 'divya').thenAccepted();
    story.when('accept-handover', { right: 'technicalOwner' }, 'vikram').thenAccepted();
    openTaxChange(taxLive(story), 'r2', ['prompt.tone']);
    taxEvidence(story).when('submit-for-review', {}, 'hari').thenAccepted();
    answers(story, 'change', 'vikram', 'approve').thenRejected('not-permitted', 'person');
  });
});

describe('bounds', () => {
  test('a delegation reaches the gates and the functions that it names, and no others', () => {
    const story = newTax();
    lend(story);
    specify(story, taxSpec(), 'hari');
    answers(story, 'specification', 'tara', 'approve').thenRejected('not-permitted', 'person');
    lend(story, { gates: ['specification'], authorities: ['engineering'] }, 'hari').thenAccepted();
    answers(story, 'specification', 'tara', 'approve').thenRejected('excluded', 'person');
  });

  test('is given of what one holds, to somebody of the team, and not to oneself', () => {
    const story = inReview();
    lend(story, { authorities: ['governance', 'risk'] }).thenRejected('not-permitted', 'authorities');
    lend(story, { authorities: ['changeApprover'] }).thenRejected('not-permitted', 'authorities');
    lend(story, { to: 'asha' }).thenRejected('not-found', 'to');
    lend(story, { to: 'gita' }).thenRejected('excluded', 'to');
  });

  test('is dated: in the future, after it starts, and no longer than the model allows', () => {
    const story = inReview();
    lend(story, { ends: story.now }).thenRejected('over-cap', 'ends');
    lend(story, { starts: story.now + 2 * DAY, ends: story.now + DAY }).thenRejected('over-cap', 'ends');
    lend(story, { ends: story.now + 91 * DAY }).thenRejected('over-cap', 'ends');
    lend(story, { starts: story.now + DAY, ends: story.now + 91 * DAY }).thenAccepted();
  });

  test('begins when it says', () => {
    const story = inReview();
    lend(story, { starts: story.now + HOUR }).thenEvents(['DelegationSet']);
    answers(story, 'readiness', 'tara', 'approve').thenRejected('not-permitted', 'person');
    story.after(HOUR).thenEvents(['DelegationBegan']);
    approve(story, 'readiness', 'tara');
  });

  test('never comes back to whoever gave it', () => {
    const story = inReview();
    lend(story, { to: 'lata' }).thenAccepted();
    lend(story, { to: 'gita' }, 'lata').thenRejected('right-conflict', 'to');
    expect(story.rejection?.reasons[0]?.message).toContain('d1 of gita');
    lend(story, { to: 'hari', gates: ['scoping'] }, 'lata').thenAccepted();
    lend(story, { to: 'gita', gates: ['scoping', 'readiness'] }, 'hari').thenAccepted();
    lend(story, { to: 'gita', gates: ['specification'] }, 'lata').thenAccepted();
    lend(
      story,
      { to: 'gita', starts: story.now + 8 * DAY, ends: story.now + 9 * DAY },
      'lata',
    ).thenAccepted();
  });

  test('a circle through several people is one, too', () => {
    const story = newTax();
    lend(story, { to: 'lata' });
    lend(story, { to: 'hari' }, 'lata').thenAccepted();
    lend(story, { to: 'gita' }, 'hari').thenRejected('right-conflict', 'to');
  });

  test('is not handed on: a delegate lends what they hold themselves', () => {
    const story = inReview();
    lend(story);
    lend(story, { to: 'bela' }, 'tara').thenRejected('not-permitted', 'authorities');
    lend(story, { to: 'lata' });
    lend(story, { to: 'bela' }, 'lata').thenAccepted();
    approve(story, 'readiness', 'bela');
    expect(story.the('DecisionRecorded').decision.mandates?.map(({ from }) => from)).toEqual(['lata']);
  });

  test('there is a limit to them', () => {
    const story = newTax();
    for (let n = 0; n < 20; n++) lend(story).thenAccepted();
    lend(story).thenRejected('limit-reached', 'delegation');
  });
});

describe('an end', () => {
  test('by its date silences the delegate at gates that are open', () => {
    const story = inReview();
    lend(story, { ends: story.now + HOUR });
    approve(story, 'readiness', 'tara');
    story.after(HOUR).thenEvents(['DelegationEnded', 'DecisionVoided']);
    expect(story.the('DelegationEnded').why).toBe('over');
    answers(story, 'readiness', 'tara', 'approve').thenRejected('not-permitted', 'person');
  });

  test('comes before a decision of the same instant', () => {
    const story = inReview();
    lend(story, { ends: story.now + HOUR });
    story.sleepUntil(story.now + HOUR);
    answers(story, 'readiness', 'tara', 'approve').thenRejected('not-permitted', 'person');
  });

  test('while the directory is asked takes the quorum back', () => {
    const story = lend(inReview());
    story.world.directory = 'down';
    approve(story, 'readiness', 'tara', 'leena');
    expect(gate(story, 'readiness').status).toBe('confirming');
    story
      .when('withdraw-delegation', { delegation: 'd1' }, 'gita')
      .thenEvents(['DelegationEnded', 'DecisionVoided', 'GateReopened']);
  });

  test('by being taken back, or given back, but by nobody else', () => {
    const story = lend(inReview());
    story.when('withdraw-delegation', { delegation: 'd9' }, 'gita').thenRejected('not-found', 'delegation');
    story
      .when('withdraw-delegation', { delegation: 'd1' }, 'lata')
      .thenRejected('not-permitted', 'delegation');
    story.when('withdraw-delegation', { delegation: 'd1' }, 'tara').thenEvents(['DelegationEnded']);
    expect(story.state.delegations).toEqual([]);
  });

  /** Approved through the delegate, and not exposed because a condition is unmet. */
  function approved(): Story {
    const story = lend(inReview());
    approve(story, 'readiness', 'tara');
    const conditions = [{ text: why, owner: 'hari', due: story.now + 30 * DAY, beforeRelease: true }];
    answers(story, 'readiness', 'leena', 'approve-with-conditions', { conditions }).thenAccepted();
    expect(rollout(story).phase.name).toBe('pending');
    return story;
  }

  test('by its date leaves what passed before as it is', () => {
    const story = approved().after(8 * DAY);
    expect(story.state.delegations).toEqual([]);
    expect(story.state.stage).toBe('release');
    story.when('fulfil-condition', { condition: 'c1' }, 'hari').thenAccepted();
    expect(rollout(story).phase.name).toBe('soaking');
  });

  test('taken back before anything is exposed asks for the approval again', () => {
    const story = approved().when('withdraw-delegation', { delegation: 'd1' }, 'gita').thenAccepted();
    expect(story.state.stage).toBe('review');
    expect(story.all('DecisionVoided').map(({ voided }) => voided.person)).toEqual(['leena', 'tara']);
  });
});

test('what is shown says who decides for whom, and until when', () => {
  const story = lend(newTax(), { starts: ist('2026-11-17 10:00') });
  const { delegations, allowedCommands, refused } = viewOf(story.state, story.actor('gita'), story.now);
  expect(delegations).toEqual([
    {
      delegation: 'd1',
      from: 'gita',
      to: ['tara'],
      authorities: ['governance'],
      gates: ['readiness'],
      starts: ist('2026-11-17 10:00'),
      ends: ist('2026-11-23 10:00'),
      absence: false,
      began: false,
    },
  ]);
  expect(allowedCommands).toContain('withdraw-delegation');
  expect(viewOf(story.state, story.actor('neha'), story.now).refused['withdraw-delegation']).toBeDefined();
  expect(refused['withdraw-delegation']).toBeUndefined();
});
