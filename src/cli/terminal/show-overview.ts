import type { SpecOverviewAnswer } from '../../contracts/spec-overview.js';
import { span } from './instants.js';
import { table } from './table.js';
import type { Terminal } from './terminal.js';

type Check = SpecOverviewAnswer['live'][number];
type Rows = readonly (readonly string[])[];

/** All that a version of a spec compiles to, a heading and a few columns for each part. */
export function showOverview(overview: SpecOverviewAnswer, { out, paint, width }: Terminal): void {
  const part = (title: string, rows: Rows): void => {
    if (rows.length === 0) return;
    out('');
    out(paint.bold(title));
    for (const line of table(rows, width && width - 2)) out(`  ${line}`);
  };
  const { model, mode, tier, spec, digest, guard, load } = overview;
  out(`${paint.bold(`${mode} ${tier}`)} under ${model.name} ${model.version}`);
  out(`  spec      ${spec}`);
  out(`  overview  ${digest}`);
  part('Evidence', overview.evidence.map(evidenceRow));
  part(
    'Gates',
    overview.gates.map(({ gate, subject, seats }) => [
      gate,
      `signs ${subject.join(', ')}`,
      `seats ${seats.map(({ id }) => id).join(', ')}`,
    ]),
  );
  for (const { step, windows, window, checks } of overview.rollout)
    part(`Rollout: ${step}, ${windows} × ${span(window)}`, checks.map(checkRow));
  part('Live', overview.live.map(checkRow));
  part('Guard', guardRows(guard));
  part(
    'Queues',
    overview.queues.map(({ id, owner, sla, default: settled }) => [
      id,
      owner,
      `in ${sla}`,
      `else ${settled}`,
    ]),
  );
  if (load !== null) part('Load', [[load.arithmetic]]);
  part(
    'Alerts',
    overview.alerts.map(({ clause, alert, group, severity, for: wait }) => [
      clause,
      alert,
      group ?? 'all cases',
      severity,
      wait === null ? 'at once' : `after ${wait}`,
    ]),
  );
  part(
    'Not watched by alerts',
    overview.unwatched.map(({ clause, why }) => [clause, why]),
  );
}

function evidenceRow(line: SpecOverviewAnswer['evidence'][number]): string[] {
  const { kind, before, clause, maxAge, independent, proves } = line;
  return [
    kind,
    `before ${before}`,
    `by ${clause ?? 'the operating model'}`,
    maxAge === null ? 'of any age' : `at most ${span(maxAge)} old`,
    independent ? 'independent' : 'from anybody',
    proves.length === 0 ? '' : `proves ${proves.join(', ')}`,
  ];
}

function checkRow({
  clause,
  metric,
  op,
  limit,
  groups,
  window,
  failAfter,
  minimum,
  onBreach,
}: Check): string[] {
  return [
    clause,
    `${metric} ${op} ${limit}`,
    groups.length === 0 ? 'all cases' : `by ${groups.join(', ')}`,
    window === null ? 'the whole step' : `over ${span(window)}`,
    `${minimum} samples`,
    `${failAfter} in a row: ${onBreach}`,
  ];
}

function guardRows({
  may,
  mustNot,
  toPerson,
  sample,
  sampleQueue,
  whenUnknown,
}: SpecOverviewAnswer['guard']): Rows {
  const most = (limit: number | null) => (limit === null ? '' : `up to ${limit}`);
  return [
    ...may.map(({ clause, action, limit }) => [clause, 'may', action, most(limit)]),
    ...mustNot.map(({ clause, action, limit, onAttempt }) => [
      clause,
      'must not',
      action,
      [limit === null ? '' : `beyond ${limit}`, onAttempt].filter((word) => word !== '').join(': '),
    ]),
    ...toPerson.map(({ clause, when, queue, of }) => [
      clause,
      'to a person',
      when,
      `queue ${queue}${of === null ? '' : `, of ${of.join(', ')}`}`,
    ]),
    ...(sample > 0
      ? [
          [
            'sample',
            'to a person',
            `${sample * 100} % of what is allowed`,
            `queue ${sampleQueue ?? 'default'}`,
          ],
        ]
      : []),
    ['unknown', 'answers', whenUnknown, ''],
  ];
}
