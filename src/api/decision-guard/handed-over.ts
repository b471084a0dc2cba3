import type { Hold } from '../../domain/lifecycle/state.js';
import type { Instant } from '../../domain/vocabulary.js';
import type { ToldStop } from '../../ports/guard-source.js';

/** A stop that the projection may not show yet. */
export interface HandedOver {
  /** The command that it came with. */
  readonly command: string;
  readonly hold: Pick<Hold, 'id' | 'effect' | 'scope'>;
  /** Number of the first event that can show it. */
  readonly from: number;
  readonly until: Instant;
}

/** With one more; the same command again asks for no later event, and may stand for longer. */
export function withStop(
  stops: readonly HandedOver[],
  { command, effect, scope, seq, ms }: ToldStop,
  now: Instant,
): readonly HandedOver[] {
  const known = stops.find((each) => each.command === command);
  const from = Math.min(seq, known?.from ?? seq);
  const until = Math.max(now + ms, known?.until ?? 0);
  const others = stops.filter((each) => each !== known);
  return [...others, { command, hold: { id: 'handed-over', effect, scope }, from, until }];
}

/** Those that nothing was heard since, or that have not stood for long enough. */
export function standingStill(
  stops: readonly HandedOver[],
  seq: number,
  now: Instant,
): readonly HandedOver[] {
  return stops.filter(({ from, until }) => seq < from || now < until);
}
