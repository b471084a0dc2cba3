/** Random people, waits and acts around an item. */
import fc from 'fast-check';
import { USABLE_MS } from '../../../src/domain/operations/decide-item.js';
import { HOUR } from '../../support/decider/time.js';
import { ACTION, type ItemStory, OTHER } from './item-story.js';

const PEOPLE = ['meera', 'deepak', 'farah', 'asha', 'omkar', 'ci', 'lab'] as const;

export const person = fc.constantFrom(...PEOPLE);
const action = fc.constantFrom(ACTION, OTHER);
export const step = fc.oneof(
  fc.record({ act: fc.constant('wait' as const), ms: fc.integer({ min: 0, max: 5 * HOUR }) }),
  fc.record({ act: fc.constant('wait' as const), ms: fc.integer({ min: 0, max: USABLE_MS + 1 }) }),
  fc.record({ act: fc.constant('wake' as const) }),
  fc.record({
    act: fc.constant('decide' as const),
    person,
    action,
    decision: fc.constantFrom('approve' as const, 'deny' as const),
  }),
  fc.record({ act: fc.constant('use' as const), person, action }),
);
type Step = typeof step extends fc.Arbitrary<infer S> ? S : never;

export const terms = fc.record(
  {
    default: fc.constantFrom('deny' as const, 'manual' as const),
    secondLine: fc.constantFrom('farah', null),
    owner: fc.constantFrom('meera', 'asha', 'ci'),
  },
  { requiredKeys: ['default'] },
);

/** Plays random acts. */
export function play(story: ItemStory, steps: readonly Step[]): void {
  for (const each of steps) {
    switch (each.act) {
      case 'wait':
        story.after(each.ms);
        break;
      case 'wake':
        story.wakes();
        break;
      case 'decide':
        story.decides(each.person, each.decision, each.action);
        break;
      case 'use':
        story.uses(each.action, each.person);
        break;
    }
  }
}
