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
import type { OpenBreach } from './watch.js';

type Reported = Command<'report-breach'>['payload'];

/** The release that an alert is about: the one it names, else what serves, else the candidate. */
function subjectOf(state: State, { release }: Reported): Subject | Rejection {
  const exposed = subjects(state);
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

/** Takes in what an alert says. It only makes things stricter, so whatever is known already is told as unchanged. */
export function reportBreach(draft: Draft, { payload }: Command<'report-breach'>): Rejection | undefined {
  const subject = subjectOf(draft.state, payload);
  if ('rejected' in subject) return subject;
  const check = checkOf(subject, payload.clause);
  if ('rejected' in check) return check;
  return payload.status === 'firing'
    ? fire(draft, subject, check, payload)
    : resolve(draft, subject, check, payload);
}

function fire(
  draft: Draft,
  subject: Subject,
  check: Check,
  { group: named, startsAt, alert, value }: Reported,
): Rejection | undefined {
  const group = named ?? null;
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

/** An alert ends only what it began: what the guard measured, the guard measures to the end. */
function resolve(
  draft: Draft,
  { release, watched }: Subject,
  { id: clause }: Check,
  { group: named, alert, value }: Reported,
): Rejection | undefined {
  const group = named ?? null;
  const its = (one: OpenBreach) => one.clause === clause && one.group === group && one.alert === alert;
  if (!watched.breaches.some(its))
    return reject('unchanged', `alert ${alert} opened no breach of ${clause} that is open`, alert);
  draft.emit({ type: 'BreachEnded', release: release.digest, clause, group, value, alert });
  return undefined;
}
