/**
 * The live clauses of a spec as Prometheus alerting rules: the same thresholds, windows and samples as the guard judges
 * by, evaluated where the metrics are. What fires is sent on by Alertmanager as `report-breach`.
 */
import type { Digest } from '../../domain/digest.js';
import { runOf } from '../../domain/live/counters.js';
import { type WatchedCheck, type WatchTerms, watchTerms } from '../../domain/live/terms.js';
import type { OperatingModel, TierRules } from '../../domain/policy.js';
import { minimumSample } from '../../domain/release/judge.js';
import { reaction } from '../../domain/release/verification.js';
import type { ClauseId, CompiledSpec } from '../../domain/spec/spec.js';
import { promDuration } from '../metrics/prom-duration.js';
import type { InstantQueries, PromScope } from '../metrics/promql.js';

/** One alert. Labels say what it is about, annotations say it to people and carry the value. */
interface AlertRule {
  readonly alert: string;
  readonly expr: string;
  readonly for?: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
}

/** A rule file of Prometheus: one group for each clause. */
export interface RuleFile {
  readonly groups: readonly {
    readonly name: string;
    readonly interval: string;
    readonly rules: readonly AlertRule[];
  }[];
}

/** Rules, and the clauses that no rule of Prometheus can watch, each with what would help. */
export interface Alerting extends RuleFile {
  readonly unwatched: readonly { readonly clause: ClauseId; readonly why: string }[];
}

/** The queries of a metric; null: no Prometheus measures it. */
type Definitions = (scope: PromScope) => InstantQueries | null;

export interface AlertingTerms {
  readonly lifecycle: string;
  /** Label of the release that is watched, such as r1. */
  readonly release: string;
  readonly rules: Pick<TierRules, 'silence' | 'minSample'>;
  readonly model: OperatingModel;
}

/** Rarer than this nothing is evaluated, so that an alert is never much older than what it says. */
const LONGEST_INTERVAL_MS = 60_000;

/** The rules, a group for each clause that is judged live. `definitions` turns a metric into its queries. */
export function alertingRules(
  spec: Pick<CompiledSpec, 'digest' | 'checks'>,
  definitions: Definitions,
  terms: AlertingTerms,
): Alerting {
  const watched = watchTerms(spec, terms.rules, terms.model);
  if (watched === null) return { groups: [], unwatched: [] };
  const interval = promDuration(Math.min(watched.poll, LONGEST_INTERVAL_MS));
  const clauses = watched.checks.map(
    (one): Clause => ({ one, watched, terms, spec: spec.digest, definitions }),
  );
  const unwatched = clauses.flatMap((clause) => {
    const why = whyUnwatched(clause);
    return why === undefined ? [] : [{ clause: clause.one.check.id, why }];
  });
  const groups = clauses
    .filter(({ one }) => !unwatched.some(({ clause }) => clause === one.check.id))
    .map((clause) => ({
      name: `airworthy/${terms.lifecycle}/${clause.one.check.id}`,
      interval,
      rules: groupsOf(clause).flatMap((group) => [...breach(clause, group), ...silence(clause, group)]),
    }));
  return { groups, unwatched };
}

interface Clause {
  readonly one: WatchedCheck;
  readonly watched: WatchTerms;
  readonly terms: AlertingTerms;
  readonly spec: Digest;
  readonly definitions: Definitions;
}

function groupsOf({ one: { check } }: Clause): readonly (string | null)[] {
  return check.by.length === 0 ? [null] : check.by;
}

const leastOf = ({ one: { check }, watched }: Clause): number =>
  Math.max(1, minimumSample(check, 'live', watched.minSample));

function whyUnwatched(clause: Clause): string | undefined {
  const { metric } = clause.one.check;
  const all = groupsOf(clause).map((group) => queriesOf(clause, group, windowOf(clause.one)));
  if (all.includes(null)) return `${metric} is not measured by a Prometheus`;
  const least = leastOf(clause);
  if (least === 1 || all.every((queries) => queries?.n !== null)) return undefined;
  return `nobody counts what ${metric} rests on, and ${least} samples are asked for: give its definition an n`;
}

/** The window that rules look at: one that has no end for the guard, rules look at in pieces. */
const windowOf = ({ window, stride }: WatchedCheck): number => window ?? stride;

function queriesOf({ one, terms, definitions }: Clause, group: string | null, window: number) {
  const { lifecycle, release } = terms;
  return definitions({ metric: one.check.metric, group, lifecycle, release, step: 'live', window });
}

function breach(clause: Clause, group: string | null): AlertRule[] {
  const { one, terms } = clause;
  const { check } = one;
  const queries = queriesOf(clause, group, windowOf(one));
  if (queries === null) return [];
  const { value, n } = queries;
  const beyond = `${inParentheses(value)} ${check.op === '<=' ? '>' : '<'} ${check.value}`;
  const enough = n === null ? '' : ` and on() ${inParentheses(n)} >= ${leastOf(clause)}`;
  const run = runOf(one);
  const of = group === null ? check.metric : `${check.metric} for ${group}`;
  const allowed = `${check.op === '<=' ? 'at most' : 'at least'} ${check.value}`;
  const summary = `${terms.lifecycle} ${terms.release} breaches ${check.id}: ${of} is {{ $value }}, ${allowed} is allowed`;
  return [
    {
      alert: 'AirworthyBreach',
      expr: `${beyond}${enough}`,
      ...(run > 0 ? { for: promDuration(run) } : {}),
      labels: { ...labelsOf(clause, group), airworthy_clause: check.id, severity: reaction(check) },
      annotations: { airworthy_value: '{{ $value }}', summary },
    },
  ];
}

/**
 * Nothing measured for as long as the tier allows: no number at all lately, or not one case in the whole window. It
 * carries no clause, so that nobody takes it for a breach of one: the guard itself acts on silence.
 */
function silence(clause: Clause, group: string | null): AlertRule[] {
  const { one, terms, watched } = clause;
  const { silenceAfter } = watched;
  const window = windowOf(one);
  // Half of it is looked back at, half is waited for: a release that has only just begun is not silent yet.
  const recent = Math.min(window, Math.max(1, Math.round(silenceAfter / 2)));
  const [lately, whole] = [queriesOf(clause, group, recent), queriesOf(clause, group, window)];
  if (lately === null || whole === null) return [];
  // A query that knows no window has nothing to look back at.
  const looksBack = lately.value !== queriesOf(clause, group, recent + 1)?.value;
  const caseless = ({ n }: InstantQueries) => (n === null ? '' : ` or on() ${inParentheses(n)} == 0`);
  // A comparison drops what is not a number, and that is silence too; that there was no case is a measurement.
  const absent = `absent(${inParentheses(lately.value)} >= -Inf${caseless(lately)})`;
  const of = group === null ? one.check.metric : `${one.check.metric} for ${group}`;
  const summary = `${terms.lifecycle} ${terms.release} is silent: nothing is measured of ${of} (${one.check.id})`;
  return [
    {
      alert: 'AirworthySilence',
      expr: `${absent}${caseless(whole)}`,
      for: promDuration(looksBack ? silenceAfter - recent : silenceAfter),
      labels: {
        ...labelsOf(clause, group),
        airworthy_silent_clause: one.check.id,
        severity: terms.rules.silence.effect,
      },
      annotations: { summary },
    },
  ];
}

function labelsOf({ terms, spec }: Clause, group: string | null): Record<string, string> {
  return {
    airworthy_lifecycle: terms.lifecycle,
    airworthy_release: terms.release,
    airworthy_spec: spec,
    ...(group === null ? {} : { airworthy_group: group }),
  };
}

/** A comment at the end of a query would take the parenthesis with it. */
function inParentheses(query: string): string {
  return query.includes('#') ? `(${query.trim()}\n)` : `(${query.trim()})`;
}
