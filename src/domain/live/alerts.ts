/** Alerts of the monitoring: its word that a clause is breached counts like the guard's own finding. */
import type { Command } from '../commands/payloads.js';
import type { Draft } from '../lifecycle/draft.js';
import type { State } from '../lifecycle/state.js';
import { type Rejection, reject } from '../rejection.js';
import { reaction } from '../release/verification.js';
import type { Check } from '../spec/spec.js';
import { actOn } from './actions.js';
import { isOpen } from './observe.js';
import { type Subject, subjects } from './subjects.js';

type Reported = Command<'report-breach'>['payload'];

/** The release that an alert is about: the one it names, else the only one that people are exposed to. */
function subjectOf(state: State, { release }: Reported): Subject | Rejection {
  const exposed = subjects(state);
  if (release === undefined && exposed.length > 1) {
    const among = exposed.map(({ release: { label } }) => label).join(', ');
    return reject(
      'incomplete',
      `several releases are exposed, ${among}: name the one it is about`,
      'release',
    );
  }
  const found = exposed.find(({ release: { label } }) => release === undefined || label === release);
  if (found) return found;
  const labels = exposed.map(({ release: { label } }) => label).join(', ') || 'none';
  const message = `nobody is exposed to ${release ?? 'any release'}; exposed are: ${labels}`;
  return reject('wrong-stage', message, 'release');
}

function checkOf({ what, spec }: Subject, clause: string): Check | Rejection {
  const places: readonly string[] = what === 'candidate' ? ['live', 'canary'] : ['live'];
  const watched = spec.checks.filter(({ at }) => at.some((place) => places.includes(place)));
  const check = watched.find(({ id }) => id === clause);
  const ids = watched.map(({ id }) => id).join(', ') || 'none';
  return check ?? reject('not-found', `the spec watches no clause ${clause}; it watches: ${ids}`, 'clause');
}

/** The group an alert is about: one of those that its clause is judged by, or none where it is judged by none. */
function groupOf({ id, by }: Check, { group }: Reported): string | null | Rejection {
  const groups = by.join(', ');
  if (group === undefined)
    return by.length === 0
      ? null
      : reject('incomplete', `clause ${id} is judged by groups: name one of ${groups}`, 'group');
  if (by.includes(group)) return group;
  return reject(
    'not-found',
    `clause ${id} knows no group ${group}; it is judged by: ${groups || 'none'}`,
    'group',
  );
}

/** Takes in what an alert says. It only makes things stricter, so whatever is known already is told as unchanged. */
export function reportBreach(draft: Draft, { payload }: Command<'report-breach'>): Rejection | undefined {
  if (payload.status === 'resolved' && resolve(draft, payload)) return undefined;
  const subject = subjectOf(draft.state, payload);
  if ('rejected' in subject) return subject;
  const check = checkOf(subject, payload.clause);
  if ('rejected' in check) return check;
  const { alert, clause } = payload;
  return payload.status === 'firing'
    ? fire(draft, subject, check, payload)
    : reject('unchanged', `alert ${alert} opened no breach of ${clause} that is open`, alert);
}

function fire(draft: Draft, subject: Subject, check: Check, reported: Reported): Rejection | undefined {
  const group = groupOf(check, reported);
  if (group !== null && typeof group !== 'string') return group;
  const { startsAt, alert, value } = reported;
  const { label } = subject.release;
  if (startsAt < subject.watched.since)
    return reject(
      'unchanged',
      `alert ${alert} is older than the exposure to ${label}: it is about an earlier one`,
      alert,
    );
  const { heard } = draft.state.watch;
  if (heard.some((known) => known.alert === alert && known.startsAt === startsAt))
    return reject('unchanged', `alert ${alert} was heard already`, alert);
  const { id: clause } = check;
  if (isOpen(subject.watched, clause, group))
    return reject('unchanged', `clause ${clause} is known to be breached`, clause);
  draft.emit({
    type: 'BreachObserved',
    release: subject.release.digest,
    clause,
    group,
    value,
    limit: check.value,
    n: null,
    window: null,
    alert,
    since: startsAt,
    action: reaction(check),
  });
  actOn(draft, subject, [check]);
  return undefined;
}

/**
 * Ends what this alert began, and tells whether there was any: what the guard measured, the guard measures to the end.
 * Whether the clause is still judged where the release stands now makes no difference to that.
 */
function resolve(draft: Draft, { clause, alert, value }: Reported): boolean {
  const ended = draft.state.watch.exposed.flatMap(({ release, breaches }) =>
    breaches
      .filter((open) => open.clause === clause && open.alert === alert)
      .map(({ group }) => ({ release, group })),
  );
  for (const { release, group } of ended)
    draft.emit({ type: 'BreachEnded', release, clause, group, value, alert });
  return ended.length > 0;
}
