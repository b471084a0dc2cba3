/** The body of a pilot's start, from the few things that its light path asks. */
import { UsageError } from '../client/problems.js';
import { isGroup, readWritten, textOf } from '../written/read-written.js';

export interface PilotOptions {
  readonly key?: string;
  readonly title?: string;
  readonly team?: string;
  readonly purpose?: string;
  readonly may?: readonly string[];
  readonly mustNot?: readonly string[];
  readonly cohort?: string;
  readonly partner?: string;
  readonly ends?: string;
  readonly facts?: string;
  readonly fact?: readonly string[];
  readonly fallback?: string;
  readonly runbook?: string;
  readonly operatingModel?: string;
}

/** The manual fallback carries a pilot for as long as its longest box. */
const FALLBACK_STANDS = '60d';

/** Throws `UsageError` that lists everything that is not answered yet. */
export function pilotBody(options: PilotOptions): unknown {
  const { key, title, team, purpose, may, mustNot, cohort, partner, ends } = options;
  const { fallback, runbook, operatingModel } = options;
  const asked = { key, title, team, purpose, may, 'must-not': mustNot, cohort, partner, ends };
  const missing = Object.entries(asked).flatMap(([name, value]) =>
    value === undefined ? [`--${name}`] : [],
  );
  if (cohort === undefined || ends === undefined || missing.length > 0) {
    throw new UsageError(`a pilot also needs ${missing.join(', ')}`);
  }
  return {
    key,
    title,
    mode: 'pilot',
    team,
    operatingModel,
    purpose,
    may: clauses('y', may ?? []),
    mustNot: clauses('n', mustNot ?? []).map((clause) => ({ ...clause, onAttempt: 'block' })),
    cohort: readCohort(cohort),
    fallback: { manual: fallback, runbook, standsFor: FALLBACK_STANDS },
    endsAt: instantOf(ends),
    partner,
    facts: factsOf(options),
  };
}

const clauses = (letter: string, actions: readonly string[]) =>
  actions.map((action, index) => ({ id: `${letter}${index + 1}`, action }));

function readCohort(file: string) {
  const lines = textOf(file)
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '');
  const described = lines.filter((line) => line.startsWith('#')).map((line) => line.slice(1).trim());
  const people = lines.filter((line) => !line.startsWith('#'));
  return { description: described.join(' ') || `the ${people.length} people listed in ${file}`, people };
}

/** A date is its end, here. */
function instantOf(written: string): string {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(written)) return written;
  const end = new Date(`${written}T23:59:59`);
  if (Number.isNaN(end.getTime()))
    throw new UsageError(`--ends ${written} is no date; write it such as 2027-01-31`);
  return end.toISOString();
}

function factsOf({ facts, fact = [] }: PilotOptions): object {
  const written = facts === undefined ? {} : readWritten(facts);
  if (!isGroup(written)) throw new UsageError(`${facts} does not hold answers by fact`);
  const single = fact.map((answer): [string, string | string[]] => {
    const [id = '', value] = answer.split('=', 2);
    if (value === undefined) throw new UsageError(`--fact ${answer}: write it such as effect=informs`);
    // A fact that takes several answers takes one of them as a list, too.
    return [id, value.includes(',') ? value.split(',') : value];
  });
  return { ...written, ...Object.fromEntries(single) };
}
