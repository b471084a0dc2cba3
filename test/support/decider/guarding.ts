/** What the guard sees of what people are exposed to: looked for, or made up. */

import { work } from '../../../src/domain/lifecycle/work.js';
import type { Seen } from '../../../src/domain/live/counters.js';
import type { WatchRelease } from '../../../src/domain/live/watch-work.js';
import type { Dice } from './dice.js';
import type { Story } from './story.js';

/** The watches that are wanted now. */
export function watches(story: Story): WatchRelease[] {
  return work(story.state).filter((wanted): wanted is WatchRelease => wanted.kind === 'watch');
}

/** A clause as it was measured over an hour. */
export function seen(
  what: 'breach' | 'recovery',
  story: Story,
  clause: string,
  group: string | null = null,
): Seen {
  const window = { from: story.now - 3_600_000, to: story.now };
  const measured = { clause, group, value: 0.5, n: 2_000, window };
  return what === 'breach' ? { what, since: story.now, ...measured } : { what, ...measured };
}

/** The guard of the one release that is watched reports what it saw; work that follows is done. */
export function guardSees(story: Story, ...all: Seen[]): Story {
  const [watching] = watches(story);
  if (!watching) throw new Error('nothing is watched');
  return story.report({ type: 'watched', release: watching.release, seen: all }).perform();
}

/** Something of what a guard may see, at a moment when it may be known already or matter no more. */
export function guardSeesAnything(story: Story, dice: Dice): void {
  const releases = [
    ...story.state.watch.exposed.map(({ release }) => release),
    ...story.state.earlier.map(({ release }) => release.digest),
  ];
  if (releases.length === 0) return;
  const clause = dice.pick(['c1', 'c2', 'c3', 'c9']);
  const any: Seen = dice.pick([
    seen('breach', story, clause),
    seen('recovery', story, clause),
    { what: 'silence', since: story.now, clauses: [clause] },
    { what: 'sound' },
  ]);
  story.report({ type: 'watched', release: dice.pick(releases), seen: [any] });
}
