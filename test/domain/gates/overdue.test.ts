import { describe, expect, test } from 'vitest';
import { viewOf } from '../../../src/domain/lifecycle/view-of.js';
import { waitingOn } from '../../../src/domain/lifecycle/waiting-on.js';
import {
  ALL_WELL,
  answers,
  approve,
  held,
  holdId,
  rollout,
  specify,
  taxInReview,
} from '../../support/decider/acts.js';
import { checkFold } from '../../support/decider/check-fold.js';
import { given, type Story, text } from '../../support/decider/story.js';
import { DAY, ist } from '../../support/decider/time.js';
import { kycComplete, tax, taxSpec } from '../../support/decider/use-cases.js';

const START = '2026-11-16 10:00';
const DUE = '2026-11-18 12:00';
const why = text('name the new desk in the runbook');

const condition = (more: object = {}) => ({
  text: why,
  owner: 'esha',
  due: ist(DUE),
  beforeRelease: false,
  ...more,
});

/** Approved with a condition of esha's; the canary soaks. */
function approvedWith(more: object = {}, engine?: 1 | 2): Story {
  const story = taxInReview(given(tax(engine ? { engine } : {}), START));
  answers(story, 'readiness', 'leena', 'approve-with-conditions', { conditions: [condition(more)] });
  story.thenAccepted();
  story.world.metrics = ALL_WELL;
  return approve(story, 'readiness', 'gita');
}

function leave(story: Story, ...people: string[]): Story {
  for (const person of people) story.world.gone.add(person);
  return story.report({ type: 'people-doubted', people }).perform();
}

describe('§3.6 a condition', () => {
  test('is awaited from its owner, with its due date', () => {
    const story = approvedWith();
    expect(waitingOn(story.state, story.now)).toContainEqual({
      kind: 'right',
      who: 'condition:c1',
      people: ['esha'],
      what: 'meet condition c1',
      gate: null,
      due: ist(DUE),
    });
  });

  test('unmet when due, holds the release it was attached to', () => {
    const story = approvedWith().at('2026-11-18 11:59');
    expect(held(story)).toEqual([]);
    story.at(DUE);
    expect(story.the('ConditionMissed')).toMatchObject({ condition: 'c1', owner: 'esha', due: ist(DUE) });
    expect(story.state.holds).toMatchObject([
      { source: 'condition', effect: 'forward', scope: 'candidate', about: 'c1' },
    ]);
    const { step } = rollout(story);
    story.at('2026-11-25 10:00');
    expect(rollout(story).step).toBe(step);
    const view = viewOf(story.state, story.actor('esha'), story.now);
    expect(view.conditions).toMatchObject([{ overdue: true }]);
    expect(view.holds).toMatchObject([{ keys: ['the owner of condition c1'] }]);
  });

  test('once live, holds what serves', () => {
    const story = approvedWith({ due: ist('2026-12-01 12:00') }).at('2026-11-19 18:00');
    story.when('accept-exposure', {}, 'omkar').thenAccepted();
    story.at('2026-12-01 12:00');
    expect(story.state).toMatchObject({ stage: 'live', holds: [{ source: 'condition', scope: 'serving' }] });
  });

  test('met, even late, lets the release go on', () => {
    const story = approvedWith().at('2026-11-19 10:00');
    const hold = holdId(story, 'condition');
    story.when('lift-hold', { hold }, 'farah').thenRejected('held', 'c1');
    story.when('fulfil-condition', { condition: 'c1' }, 'omkar').thenRejected('not-permitted', 'condition');
    story.when('fulfil-condition', { condition: 'c1' }, 'esha').thenAccepted();
    expect(story.all('HoldLifted')).toMatchObject([{ hold, by: [] }]);
    expect(held(story)).toEqual([]);
  });

  test('met in time, holds nothing', () => {
    const story = approvedWith().at('2026-11-18 11:59');
    story.when('fulfil-condition', { condition: 'c1' }, 'esha').thenAccepted();
    story.at('2026-11-19 10:00');
    expect(held(story)).toEqual([]);
  });

  test('marked before-release blocks the release, and holds it when it is overdue', () => {
    const story = approvedWith({ beforeRelease: true });
    expect(rollout(story).phase.name).toBe('pending');
    story.at(DUE);
    expect(held(story)).toEqual(['condition:forward']);
    story.when('fulfil-condition', { condition: 'c1' }, 'esha').thenAccepted();
    expect(rollout(story).phase.name).toBe('soaking');
  });

  test('goes with the approval that it came with, and its hold with it', () => {
    const story = approvedWith({ beforeRelease: true }).at(DUE);
    story.when('assess-risk', { facts: { effect: 'decides' } }, 'bela').thenAccepted();
    expect(story.state.conditions).toEqual([]);
    expect(held(story)).not.toContain('condition:forward');
  });

  test('whose owner has left passes to the operating owner, who meets it', () => {
    const story = leave(approvedWith().at(DUE), 'esha');
    expect(story.the('ConditionPassed')).toMatchObject({ condition: 'c1', from: 'esha', to: 'omkar' });
    expect(story.the('NoticeRaised').notice).toMatchObject({ kind: 'hold', to: ['omkar'], due: ist(DUE) });
    expect(held(story)).toEqual(['condition:forward']);
    story.when('fulfil-condition', { condition: 'c1' }, 'esha').thenRejected('not-permitted', 'condition');
    story.when('fulfil-condition', { condition: 'c1' }, 'omkar').thenAccepted();
    expect(held(story)).toEqual([]);
    checkFold(story);
  });

  test('passes to the lead where the operating owner has left, too, and before it is due', () => {
    const story = leave(approvedWith(), 'esha', 'omkar');
    expect(story.the('ConditionPassed')).toMatchObject({ from: 'esha', to: 'divya' });
    story.at(DUE);
    expect(story.the('ConditionMissed').owner).toBe('divya');
    story.when('fulfil-condition', { condition: 'c1' }, 'divya').thenAccepted();
    expect(held(story)).toEqual(['vacancy:forward']);
  });

  test('stays with an owner of whom the directory says that they are there', () => {
    const story = approvedWith().at(DUE);
    story.report({ type: 'people-doubted', people: ['esha'] }).perform();
    expect(story.the('HoldersConfirmed')).toMatchObject({ asked: ['esha'], gone: [] });
    expect(story.state.conditions).toMatchObject([{ owner: 'esha' }]);
  });

  test('of the scoping gate is met in any stage', () => {
    const story = given(kycComplete(), START);
    story.when('open-gate', { gate: 'scoping' }, 'asha').thenAccepted();
    const conditions = [condition({ owner: 'nikhil' })];
    answers(story, 'scoping', 'rohan', 'approve-with-conditions', { conditions }).thenAccepted();
    story.at('2026-11-18 12:00');
    expect(held(story)).toEqual(['condition:forward']);
    story.when('fulfil-condition', { condition: 'c1' }, 'nikhil').thenAccepted();
    expect(held(story)).toEqual([]);
  });

  test('is due in the future', () => {
    const story = taxInReview(given(tax(), START));
    const conditions = [condition({ due: story.now })];
    answers(story, 'readiness', 'leena', 'approve-with-conditions', { conditions });
    story.thenRejected('incomplete', 'conditions');
  });

  test('before engine 3 its date was only shown', () => {
    const story = approvedWith({}, 2).at('2026-11-25 10:00');
    expect(held(story)).toEqual([]);
    story.report({ type: 'engine', engine: 3 });
    story.report({ type: 'tick' });
    expect(held(story)).toEqual(['condition:forward']);
  });
});

describe('§3.13 deadlines are of three kinds', () => {
  const deadlinesOf = (story: Story) => viewOf(story.state, story.actor('esha'), story.now).deadlines;

  test('a gate runs in business time: nothing of it falls on a holiday', () => {
    const story = specify(given(tax(), '2026-11-20 17:00'), taxSpec(), 'hari');
    for (const { kind } of deadlinesOf(story)) expect(kind).toBe('business');
    // Friday 17:00: an hour and a half, the weekend, and the rest of eight hours.
    expect(deadlinesOf(story)[0]).toMatchObject({ what: 'remind specification', rolled: null });
  });

  test('a condition falls on the day it says, whatever day that is', () => {
    const saturday = '2026-11-21 12:00';
    const story = approvedWith({ due: ist(saturday) });
    const shown = deadlinesOf(story).find(({ what }) => what.includes('condition'));
    expect(shown).toMatchObject({ kind: 'calendar', due: ist(saturday), rolled: null });
    story.at(saturday);
    expect(held(story)).toContain('condition:forward');
  });

  test('a date set by law shows the working day it rolls to, and acts on the earlier', () => {
    const saturday = '2026-11-21 12:00';
    const story = approvedWith({ due: ist(saturday), statutory: true });
    expect(deadlinesOf(story).find(({ kind }) => kind === 'statutory')).toEqual({
      what: 'condition c1 is due',
      kind: 'statutory',
      due: ist(saturday),
      dueLocal: '2026-11-21 12:00 Asia/Kolkata',
      rolled: ist('2026-11-23 09:30'),
    });
    story.at(saturday);
    expect(held(story)).toContain('condition:forward');
  });

  test('on a working day both are the same', () => {
    const story = approvedWith({ due: ist(DUE), statutory: true });
    expect(deadlinesOf(story).find(({ kind }) => kind === 'statutory')).toMatchObject({ rolled: ist(DUE) });
  });
});

describe('§3.12 holds stop the clocks of approvals and no others', () => {
  test('a condition, an exception and a lapsing approval run on in a hold', () => {
    const story = approvedWith({ beforeRelease: true });
    story.when('hold', { effect: 'forward', scope: 'candidate', reason: why }, 'omkar').thenAccepted();
    story.at(DUE);
    expect(held(story)).toEqual(['person:forward', 'condition:forward']);
    story.at(story.now + 40 * DAY);
    expect(story.last.map(({ type }) => type)).toContain('ApprovalLapsed');
  });
});

describe('§3.5 changes were requested', () => {
  test('the other seats go on commenting until it is submitted again', () => {
    const story = taxInReview(given(tax(), START));
    answers(story, 'readiness', 'gita', 'request-changes', { clauses: ['c1'] }).thenAccepted();
    expect(story.state.stage).toBe('specification');
    story.when('comment', { gate: 'readiness', comment: why }, 'leena').thenEvents(['CommentAdded']);
    expect(viewOf(story.state, story.actor('leena'), story.now).allowedCommands).toContain('comment');
    story
      .when('comment', { gate: 'specification', comment: why }, 'leena')
      .thenRejected('gate-closed', 'gate');
  });
});
