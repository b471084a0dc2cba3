import type { RouteAnswer } from '../client/lifecycles.js';
import { localTime, span } from './instants.js';
import { table } from './table.js';
import type { Terminal } from './terminal.js';

/** The route to live: the date, what leads to it, what is missing, and what would be otherwise. */
export function showRoute(route: RouteAnswer, { out, paint, width }: Terminal): void {
  out(`Earliest live: ${paint.bold(liveAt(route.live))}  ${paint.dim(`tier ${route.tier}`)}`);
  const legs = route.path.map(({ leg, from, until, seats, why }) => [
    leg,
    localTime(from),
    `→ ${localTime(until)}`,
    why,
    seats.map(({ seat, people }) => `${seat}: ${people.join('/') || 'nobody'}`).join(', '),
  ]);
  for (const line of table(legs, width)) out(`  ${line}`);
  for (const { message } of route.missing) out(`  ${paint.warn('missing')}  ${message}`);
  for (const { whatIf, tier, live, earlierByMs } of route.whatIf) {
    const assumed = Object.entries(whatIf).map(([kind, name]) => `${kind} ${name}`);
    out(`  ${paint.name(assumed.join(', '))}: ${liveAt(live)}, tier ${tier}${difference(earlierByMs)}`);
  }
}

const liveAt = (at: number | null): string =>
  at === null ? 'never, while what is missing stays missing' : localTime(at);

function difference(earlierByMs: number | null): string {
  if (earlierByMs === null) return '';
  if (earlierByMs === 0) return ', no earlier';
  return earlierByMs > 0 ? `, ${span(earlierByMs)} earlier` : `, ${span(earlierByMs)} later`;
}
