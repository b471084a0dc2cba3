/** What the guard saw becomes events, and what the clauses ask for is done: each change once. */

import type { Digest } from '../digest.js';
import type { Draft } from '../lifecycle/draft.js';
import { machineHold } from '../lifecycle/holds.js';
import { rulesOf } from '../lifecycle/rules.js';
import type { Hold } from '../lifecycle/state.js';
import { type Rejection, reject } from '../rejection.js';
import { reaction, warn } from '../release/verification.js';
import type { Check } from '../spec/spec.js';
import { actOn } from './actions.js';
import type { Seen } from './counters.js';
import { type Subject, subjects } from './subjects.js';
import type { Watched } from './watch.js';

/** What a look of the guard changed, as its activity reports it. */
export interface WatchedReport {
  readonly release: Digest;
  readonly seen: readonly Seen[];
}

const ORDER: readonly Seen['what'][] = ['sound', 'recovery', 'breach', 'silence'];

export function isOpen(watched: Watched, clause: string, group: string | null): boolean {
  return watched.breaches.some((open) => open.clause === clause && open.group === group);
}

/** Takes in what changed; what is known already changes nothing. */
export function observe(draft: Draft, { release, seen }: WatchedReport): Rejection | undefined {
  const subject = subjects(draft.state).find((one) => one.release.digest === release);
  if (!subject) return reject('unchanged', 'nobody is exposed to this release any more');
  const news = [...seen]
    .sort((a, b) => ORDER.indexOf(a.what) - ORDER.indexOf(b.what))
    .filter((one) => isNews(subject, one));
  if (news.length === 0) return reject('unchanged', 'what the guard saw is known already');
  const breached = news.flatMap((one) => record(draft, subject, one) ?? []);
  actOn(draft, subject, breached);
  return undefined;
}

function isNews({ watched, spec }: Subject, seen: Seen): boolean {
  switch (seen.what) {
    case 'sound':
      return watched.silentSince !== null;
    case 'silence':
      return watched.silentSince === null;
    case 'recovery':
      return isOpen(watched, seen.clause, seen.group);
    case 'breach':
      return !isOpen(watched, seen.clause, seen.group) && spec.checks.some(({ id }) => id === seen.clause);
  }
}

/** Records one change; a breached clause is given back, for what it asks for. */
function record(draft: Draft, subject: Subject, seen: Seen): Check | undefined {
  const release = subject.release.digest;
  switch (seen.what) {
    case 'sound':
      draft.emit({ type: 'SilenceEnded', release, since: subject.watched.silentSince ?? draft.now });
      return undefined;
    case 'silence':
      fallSilent(draft, subject, seen);
      return undefined;
    case 'recovery': {
      const { clause, group, value } = seen;
      draft.emit({ type: 'BreachEnded', release, clause, group, value, alert: null });
      return undefined;
    }
    case 'breach': {
      const check = subject.spec.checks.find(({ id }) => id === seen.clause);
      if (!check) return undefined;
      const { what: _breach, ...measured } = seen;
      const { value: limit } = check;
      draft.emit({
        type: 'BreachObserved',
        release,
        ...measured,
        limit,
        alert: null,
        action: reaction(check),
      });
      return check;
    }
  }
}

/** Nothing measured for longer than the limit is a breach of its own, with the effect that the tier names. */
function fallSilent(
  draft: Draft,
  { what, release }: Subject,
  { since, clauses }: Extract<Seen, { what: 'silence' }>,
): void {
  const action = rulesOf(draft.state)?.silence.effect ?? 'stopped';
  draft.emit({ type: 'SilenceObserved', release: release.digest, clauses, since, action });
  const same = (hold: Hold) => hold.source === 'silence' && hold.effect === action && hold.scope === what;
  if (action === 'warn') warn(draft);
  else if (!draft.state.holds.some(same))
    machineHold(draft, { effect: action, scope: what, source: 'silence' });
}
