import { describe, expect, test } from 'vitest';
import { decideStart } from '../../../src/domain/lifecycle/start.js';
import type { StartInput } from '../../../src/domain/lifecycle/start-input.js';
import { answers, approve, gate, held, taxLive } from '../../support/decider/acts.js';
import { ONBOARDING_TEAM, TAX_TEAM } from '../../support/decider/people.js';
import { given, type Story, text } from '../../support/decider/story.js';
import { DAY, ist } from '../../support/decider/time.js';
import { kyc, kycComplete, low, modelWith, pilot, tax } from '../../support/decider/use-cases.js';

const START = '2026-11-16 10:00';
const reason = text('why');
const withGate = () =>
  given(kycComplete(), START).when('open-gate', { gate: 'scoping' }, 'nikhil').thenAccepted();

describe('the gate', () => {
  test('opens once everything is there, by owners and the lead, once', () => {
    const story = given(kycComplete({ brief: { digest: text('b'), missing: ['value', 'users'] } }), START);
    const open = (by: string, name: 'scoping' | 'start' = 'scoping') =>
      story.when('open-gate', { gate: name }, by);
    open('asha').thenRejected('incomplete', 'value').thenRejected('incomplete', 'users');
    story.when('update-brief', { brief: text('whole'), missing: [] }, 'ravi').thenEvents(['BriefUpdated']);
    open('rohan').thenRejected('not-permitted', 'person');
    open('asha', 'start').thenRejected('gate-not-listed', 'gate');
    open('asha').thenEvents(['GateOpened']);
    open('asha').thenRejected('already-open', 'gate');
    approve(story, 'scoping', 'asha', 'rohan');
    open('asha').thenRejected('wrong-stage', 'stage');
  });

  test('of a brief that is replaced asks again, and voids what was decided on the old one', () => {
    const story = withGate();
    approve(story, 'scoping', 'rohan');
    story
      .when('update-brief', { brief: text('brief'), missing: [] }, 'ravi')
      .thenRejected('unchanged', 'brief');
    story
      .when('update-brief', { brief: text('other'), missing: [] }, 'ravi')
      .thenEvents(['BriefUpdated', 'DecisionVoided', 'GateClosed', 'GateOpened']);
    expect(gate(story, 'scoping')).toMatchObject({ generation: 2, decisions: [], excluded: ['ravi'] });
    story
      .when('update-brief', { brief: text('third'), missing: ['value'] }, 'ravi')
      .thenEvents(['BriefUpdated', 'GateClosed']);
    expect(story.state).toMatchObject({ stage: 'scoping', gates: {} });
  });

  test('whoever wrote the brief does not decide on it', () => {
    const story = given(kycComplete(), START);
    story.when('update-brief', { brief: text('mine'), missing: [] }, 'asha');
    story.when('open-gate', { gate: 'scoping' }, 'nikhil').thenRejected('unstaffed', 'business');
  });

  test('without one listed, scoping is left once it is complete, unless something is held', () => {
    const { operatingOwner: _vacant, ...rights } = tax().rights;
    const story = given(tax({ rights }), START);
    expect(story.state.stage).toBe('scoping');
    story.when('hold', { effect: 'forward', scope: 'candidate', reason }, 'bela');
    story.when('assign-right', { right: 'operatingOwner', person: 'divya' }, 'divya').thenAccepted();
    expect(story.state.stage).toBe('scoping');
    story.when('lift-hold', { hold: 'h1' }, 'farah').thenEvents(['HoldLifted', 'DeliveryOpened']);
  });
});

describe('decision rights', () => {
  const assign = (
    story: Story,
    right: 'operatingOwner' | 'changeApprover' | 'technicalOwner' | 'stopShipHolder',
    person: string,
    by: string,
  ) => story.when('assign-right', { right, person }, by);

  test('are offered and accepted by whom they were offered to', () => {
    const story = given(kyc(), START);
    assign(story, 'operatingOwner', 'meera', 'rohan').thenRejected('not-permitted', 'person');
    assign(story, 'operatingOwner', 'leena', 'asha').thenRejected('not-found', 'person');
    assign(story, 'operatingOwner', 'meera', 'asha').thenEvents(['RightOffered']);
    expect(story.the('NoticeRaised').notice).toMatchObject({ kind: 'handover', to: ['meera'] });
    const accept = (by: string) => story.when('accept-handover', { right: 'operatingOwner' }, by);
    accept('deepak').thenRejected('not-found', 'operatingOwner');
    accept('meera').thenEvents(['RightAssigned']);
    accept('meera').thenRejected('not-found', 'operatingOwner');
    assign(story, 'operatingOwner', 'meera', 'asha').thenRejected('unchanged', 'operatingOwner');
  });

  test('nobody approves the changes they own, also where both were offered at once', () => {
    const story = given(kyc(), START);
    assign(story, 'changeApprover', 'ravi', 'asha').thenRejected('right-conflict', 'changeApprover');
    assign(story, 'technicalOwner', 'suresh', 'asha').thenRejected('right-conflict', 'technicalOwner');
    assign(story, 'technicalOwner', 'vikram', 'asha').thenAccepted();
    assign(story, 'changeApprover', 'vikram', 'asha').thenAccepted();
    story.when('accept-handover', { right: 'technicalOwner' }, 'vikram').thenAccepted();
    story.when('accept-handover', { right: 'changeApprover' }, 'vikram').thenRejected('right-conflict');
  });

  test('whoever edits the policy decides nothing under it, but may stop', () => {
    const model = modelWith((written) => {
      written.editors = ['vikram'];
    });
    const story = given(kyc({ model }), START);
    assign(story, 'technicalOwner', 'vikram', 'asha').thenRejected('excluded', 'person');
    assign(story, 'stopShipHolder', 'vikram', 'asha').thenAccepted();
  });

  test('the stop-ship roster only grows, and whoever takes a right accepts it', () => {
    const story = given(kyc(), START);
    assign(story, 'stopShipHolder', 'esha', 'asha').thenEvents(['RightAssigned']);
    expect(story.state.rights.stopShipHolder).toEqual(['kavya', 'meera', 'esha']);
    assign(story, 'operatingOwner', 'nikhil', 'nikhil').thenEvents(['RightAssigned']);
  });
});

describe('park, resume, cancel', () => {
  test('a parked use case asks nothing of anybody', () => {
    const story = withGate();
    story.when('resume', {}, 'nikhil').thenRejected('unchanged');
    story.when('park', { reason }, 'rohan').thenRejected('not-permitted', 'person');
    story.when('park', { reason }, 'nikhil').thenEvents(['GateClosed', 'Parked']);
    story.when('park', { reason }, 'nikhil').thenRejected('unchanged');
    story.when('open-gate', { gate: 'scoping' }, 'asha').thenRejected('parked', 'stage');
    story.after(100 * DAY).thenEvents([]);
    story.when('resume', {}, 'asha').thenEvents(['Resumed']);
    story.when('open-gate', { gate: 'scoping' }, 'asha').thenAccepted();
    expect(gate(story, 'scoping').generation).toBe(2);
  });

  test('parking does not prolong a lowered tier', () => {
    const story = given(kyc(), START);
    story.when('override-tier', { tier: 'medium', reason }, 'gita');
    approve(story, 'two-key-1', 'rohan');
    story.when('park', { reason }, 'nikhil').after(90 * DAY);
    expect(story.state.tier.lowered).toBeNull();
  });

  test('cancelling is for the business owner and the lead, before it is live', () => {
    const story = withGate();
    story.when('cancel', { reason }, 'ravi').thenRejected('not-permitted', 'person');
    story.when('cancel', { reason }, 'asha').thenEvents(['Cancelled', 'GateClosed', 'Retired']);
    expect(story.state).toMatchObject({ stage: 'retired', outcome: 'cancelled', gates: {} });
    story.when('park', { reason }, 'nikhil').thenRejected('closed', 'stage');
    taxLive(given(tax(), START)).when('cancel', { reason }, 'bela').thenRejected('wrong-stage', 'stage');
  });
});

describe('comments', () => {
  test('belong to an open gate', () => {
    const story = withGate();
    story.when('comment', { gate: 'scoping', comment: reason }, 'esha').thenEvents(['CommentAdded']);
    story.when('comment', { gate: 'readiness', comment: reason }, 'esha').thenRejected('gate-closed', 'gate');
    story
      .when('comment', { gate: 'scoping', comment: reason }, 'leena')
      .thenRejected('not-permitted', 'person');
  });
});

describe('a start is refused', () => {
  const now = ist(START);
  const refused = (start: StartInput) =>
    (decideStart(start, now)?.reasons ?? []).map(({ code, fact }) => [code, fact]);
  const without = (team: typeof TAX_TEAM, ...people: string[]) => ({
    ...team,
    members: team.members.filter(({ person }) => !people.includes(person)),
  });

  test('where a gate ahead could never pass, naming the seat', () => {
    expect(refused(kycComplete({ team: without(ONBOARDING_TEAM, 'rohan', 'farah') }))).toContainEqual([
      'unstaffed',
      'risk',
    ]);
    expect(refused(tax({ team: without(TAX_TEAM, 'gita', 'lata', 'hari') }))).toContainEqual([
      'unstaffed',
      'governance',
    ]);
    expect(refused(low())).toEqual([]);
  });

  test('where the only one who could edits the policy', () => {
    const model = modelWith((written) => {
      written.editors = ['farah'];
    });
    expect(refused(tax({ model }))).toContainEqual(['unstaffed', 'risk']);
  });

  test('where a hold could never be lifted', () => {
    expect(refused(tax({ team: without(TAX_TEAM, 'farah') }))).toContainEqual(['unstaffed', 'risk']);
  });

  test('of a pilot outside its caps, without a partner for product, or decided by its starter', () => {
    const start = pilot(now);
    const terms = start.pilot;
    if (!terms) throw new Error('no terms');
    const changed = (changes: Partial<typeof terms>) =>
      refused({ ...start, pilot: { ...terms, ...changes } });
    expect(changed({})).toEqual([]);
    expect(changed({ cohort: { ...terms.cohort, people: 201 } })).toEqual([['over-cap', 'cohort']]);
    expect(changed({ endsAt: now + 61 * DAY })).toEqual([['over-cap', 'endsAt']]);
    expect(changed({ endsAt: now })).toEqual([['over-cap', 'endsAt']]);
    expect(changed({ partner: 'bela' })).toContainEqual(['unstaffed', 'partner']);
    expect(changed({ partner: 'hari' })).toContainEqual(['excluded', 'partner']);
  });

  test('beyond its calendar', () => {
    const late = ist('2028-12-29 18:00');
    expect(decideStart(pilot(late), late)?.rejected).toBe('beyond-calendar');
  });
});

test('a fact nobody answered counts as unsure, which is the worst', () => {
  const { effect: _open, ...stated } = tax().facts;
  const story = given(tax({ facts: stated }), START);
  expect(story.state.facts.effect).toBe('unsure');
  expect(story.state.tier).toMatchObject({ computed: 'high', rule: 'H3' });
});

test('a pilot: whoever starts it owns it technically, the partner owns business and operation', () => {
  const story = given(pilot(ist(START)), START);
  expect(story.state.rights).toMatchObject({
    technicalOwner: 'hari',
    businessOwner: 'leena',
    operatingOwner: 'leena',
    changeApprover: 'chitra',
  });
  answers(story, 'start', 'hari', 'approve').thenRejected('excluded', 'person');
  expect(held(story)).toEqual([]);
});
