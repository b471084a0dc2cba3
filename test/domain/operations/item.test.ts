import { describe, expect, test } from 'vitest';
import { itemDeadline, USABLE_MS } from '../../../src/domain/operations/decide-item.js';
import { isOver } from '../../../src/domain/operations/item.js';
import { HOUR } from '../../support/decider/time.js';
import { ItemStory, OPENED, OTHER, TERMS } from './item-story.js';

const MINUTE = 60_000;
const opened = (terms = {}, by = 'ci') => new ItemStory(terms, by).thenEvents('ItemOpened');

describe('an item that somebody decides', () => {
  test('approved by the owner of its queue it allows the action once, for fifteen minutes', () => {
    const story = opened().after(HOUR).decides('meera').thenEvents('ItemApproved');
    expect(story.state).toMatchObject({
      status: 'approved',
      decidedBy: 'meera',
      until: story.now + USABLE_MS,
    });
    story
      .after(14 * MINUTE)
      .uses()
      .thenEvents('ItemUsed');
    expect(story.state).toMatchObject({ status: 'used', until: null });
    expect(isOver(story.state)).toBe(true);
    story.uses().thenRefused('already-used');
  });

  test('denied it allows nothing, and is over', () => {
    const story = opened().decides('meera', 'deny').thenEvents('ItemDenied');
    expect(isOver(story.state)).toBe(true);
    story.uses().thenRefused('not-approved').decides('meera').thenRefused('already-decided');
  });

  test('people of its function in the team decide as well, others do not', () => {
    opened().decides('deepak').thenEvents('ItemApproved');
    opened().decides('asha').thenRefused('not-permitted');
    opened().decides('omkar').thenRefused('not-permitted');
  });

  test('no machine decides, whoever it is', () => {
    opened({ owner: 'ci' }, 'meera').decides('ci').thenRefused('not-permitted');
    opened({ owner: 'ci' }, 'meera').decides('ci', 'deny').thenRefused('not-permitted');
  });

  test('whoever asked may take it back, but not approve it', () => {
    opened({}, 'meera').decides('meera').thenRefused('excluded');
    opened({}, 'meera').decides('meera', 'deny').thenEvents('ItemDenied');
  });

  test('a decision on another action than the item’s is refused', () => {
    opened().decides('meera', 'approve', OTHER).thenRefused('stale-subject');
    opened().decides('meera', 'deny', OTHER).thenRefused('stale-subject');
  });

  test('one decision is all there is', () => {
    opened().decides('meera').decides('deepak', 'deny').thenRefused('already-decided');
  });
});

describe('an action that differs', () => {
  test('is blocked and recorded, and the approval stays for its own', () => {
    const story = opened().decides('meera').uses(OTHER).thenRefused('action-differs', 'ItemActionDiffered');
    expect(story.state).toMatchObject({ status: 'approved', differed: 1 });
    story.uses().thenEvents('ItemUsed').uses(OTHER).thenRefused('already-used');
  });

  test('is recorded twenty times and refused for ever, so that nobody fills a history', () => {
    const story = opened().decides('meera');
    for (let tries = 0; tries < 20; tries++)
      story.uses(OTHER).thenRefused('action-differs', 'ItemActionDiffered');
    story.uses(OTHER).thenRefused('action-differs');
    expect(story.state.differed).toBe(20);
  });

  test('before there is an approval nothing is allowed, and nothing is recorded', () => {
    opened().uses().thenRefused('not-approved').uses(OTHER).thenRefused('not-approved');
  });
});

describe('time', () => {
  test('an approval that nobody used in fifteen minutes lapses: at the very instant it is too late', () => {
    const story = opened().decides('meera').after(USABLE_MS);
    story.uses().thenRefused('not-approved');
    story.wakes().thenEvents('ItemLapsed').uses().thenRefused('not-approved');
    expect(story.state.status).toBe('lapsed');
  });

  test('past its SLA the second line gets it, and both lines may decide', () => {
    const late = () =>
      opened()
        .after(4 * HOUR)
        .wakes()
        .thenEvents('ItemPassedOn');
    expect(late().recorded.at(-1)?.event).toEqual({
      type: 'ItemPassedOn',
      to: 'farah',
      settles: TERMS.settles,
    });
    late().decides('farah').thenEvents('ItemApproved');
    late().decides('meera').thenEvents('ItemApproved');
    opened().decides('farah').thenRefused('not-permitted');
  });

  test.each([
    ['deny', 'denied'],
    ['manual', 'manual'],
  ] as const)('nobody decided: it ends as %s, without anybody', (outcome, status) => {
    const story = opened({ default: outcome })
      .after(8 * HOUR)
      .wakes()
      .thenEvents('ItemPassedOn', 'ItemDefaulted');
    expect(story.state).toMatchObject({ status, decidedBy: null, decidedAt: story.now });
    expect(isOver(story.state)).toBe(true);
    story.decides('meera').thenRefused('already-decided').uses().thenRefused('not-approved');
  });

  test('without a second line the default outcome comes with the SLA', () => {
    const story = opened({ secondLine: null, settles: TERMS.due })
      .after(4 * HOUR - 1)
      .wakes()
      .thenEvents();
    story.after(1).wakes().thenEvents('ItemDefaulted');
  });

  test('a worker that was down over everything settles first: the late approval is refused', () => {
    const story = opened()
      .after(30 * HOUR)
      .decides('meera')
      .thenRefused('already-decided');
    story.wakes().thenEvents('ItemPassedOn', 'ItemDefaulted');
  });

  test('who is late by the SLA alone still decides, and the record says in which order', () => {
    opened()
      .after(5 * HOUR)
      .decides('farah')
      .thenEvents('ItemPassedOn', 'ItemApproved');
  });

  test('there is one deadline at a time, and none at the end', () => {
    const story = opened();
    expect(itemDeadline(story.state)?.at).toBe(OPENED + 4 * HOUR);
    story.after(4 * HOUR).wakes();
    expect(itemDeadline(story.state)?.at).toBe(OPENED + 8 * HOUR);
    story.decides('meera');
    expect(itemDeadline(story.state)?.at).toBe(story.now + USABLE_MS);
    story.uses();
    expect(itemDeadline(story.state)).toBeNull();
  });
});
