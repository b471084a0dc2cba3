import type { Payloads } from '../../../src/domain/commands/payloads.js';
import type { Story } from './story.js';
import { DAY } from './time.js';

type Bounds = Partial<Payloads['delegate']>;

/** Gita, of governance, lets tara decide at readiness for a week. */
export function lend(story: Story, more: Bounds = {}, from = 'gita'): Story {
  const week = { to: 'tara', authorities: ['governance'], gates: ['readiness'], ends: story.now + 7 * DAY };
  return story.when('delegate', { ...week, ...more } as Payloads['delegate'], from);
}
