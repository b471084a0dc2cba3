import fc from 'fast-check';
import { expect, test } from 'vitest';
import { USABLE_MS } from '../../../src/domain/operations/decide-item.js';
import { ACTION, ItemStory, TERMS } from './item-story.js';
import { person, play, step, terms } from './random-items.js';

test('no item is ever used without a person’s approval of that very action, in time and once', () => {
  fc.assert(
    fc.property(terms, person, fc.array(step, { maxLength: 25 }), (given, opener, steps) => {
      const story = new ItemStory(given, opener);
      play(story, steps);
      const uses = story.recorded.filter(({ event }) => event.type === 'ItemUsed');
      const approvals = story.recorded.filter(({ event }) => event.type === 'ItemApproved');
      expect(uses.length).toBeLessThanOrEqual(1);
      expect(approvals.length).toBeLessThanOrEqual(1);
      for (const { event, by, at } of approvals) {
        expect([null, 'ci', 'lab', opener]).not.toContain(by);
        expect(at).toBeLessThan(story.state.settles);
        expect(event).toMatchObject({ action: ACTION });
      }
      for (const use of uses) {
        const [approval] = approvals;
        expect(use.event).toMatchObject({ action: ACTION });
        expect(use.at - (approval?.at ?? -Infinity)).toBeLessThan(USABLE_MS);
      }
    }),
    { numRuns: 1_000 },
  );
});

test('left alone, every item comes to an end that allows nothing, within its terms', () => {
  fc.assert(
    fc.property(terms, fc.array(step, { maxLength: 12 }), (given, steps) => {
      const story = new ItemStory(given);
      play(story, steps);
      const used = story.state.status === 'used';
      story.after(Math.max(0, TERMS.settles - story.now) + USABLE_MS).wakes();
      expect(['denied', 'manual', 'lapsed', 'used']).toContain(story.state.status);
      if (!used) story.uses().thenRefused('not-approved');
    }),
    { numRuns: 500 },
  );
});

test('the state is the fold of what was recorded, and its number counts it', () => {
  fc.assert(
    fc.property(terms, fc.array(step, { maxLength: 25 }), (given, steps) => {
      const story = new ItemStory(given);
      play(story, steps);
      expect(story.folded()).toEqual(story.state);
      expect(story.state.seq).toBe(story.recorded.length);
      expect(JSON.parse(JSON.stringify(story.state))).toEqual(story.state);
    }),
    { numRuns: 500 },
  );
});
