import type { Shown as Read, View } from '../client/lifecycles.js';
import { dueTime, localTime } from './instants.js';
import { passRows } from './pass-rows.js';
import { table } from './table.js';
import type { Terminal } from './terminal.js';

/** What the answer to a command carries of it is enough. */
type Shown = Omit<View, 'refused'> & Pick<Read, 'ledger' | 'stale' | 'asOf' | 'because'>;
type Rows = readonly (readonly string[])[];

const WHY_OLD: Readonly<Record<string, string>> = {
  'temporal-unavailable': 'The engine cannot be reached',
  'lifecycle-stuck': 'The lifecycle cannot go on; an operator has to look at it',
  'not-found': 'The engine has forgotten it',
};

/** A lifecycle in words: where it stands, what it waits for, and what the caller may do about it. */
export function showView(view: Shown, { out, paint, width }: Terminal, now: number): void {
  if (view.stale) {
    const asOf = view.asOf === undefined ? 'an earlier time' : localTime(view.asOf);
    out(
      paint.warn(`Old: as recorded at ${asOf}. ${WHY_OLD[view.because ?? ''] ?? 'It gave no answer now'};`),
    );
    const forgotten = view.because === 'not-found';
    out(
      paint.warn(
        forgotten ? 'nothing moves it any more.' : 'what you may do cannot be said until it answers.',
      ),
    );
    out('');
  }
  const change = view.delivery?.change ?? null;
  const under = change === null ? '' : `, ${change.id} (${change.materiality}) in ${view.delivery?.step}`;
  const { tier, model } = view;
  out(`${paint.bold(view.title)}  ${paint.dim(`${view.key}, version ${view.version}`)}`);
  out(
    `${paint.name(view.stage)}${under} · ${view.mode} · tier ${tier.effective} (rule ${tier.rule}) · ${model.name} ${model.version}`,
  );
  out(servingLine(view));
  const behind = view.ledger?.behind ?? 0;
  if (behind > 0) out(paint.warn(`The ledger is ${behind} ${behind === 1 ? 'event' : 'events'} behind.`));
  const section = (title: string, rows: Rows) => {
    if (rows.length === 0) return;
    out('');
    out(paint.bold(title));
    for (const line of table(rows, width)) out(`  ${line}`);
  };
  section(
    'Waits for',
    view.waitingOn.map(({ who, what, due, people }) => [
      who,
      what,
      people.join(', '),
      due === null ? '' : dueTime(due, now),
    ]),
  );
  section(
    'Open gates',
    view.gates.map((gate) => gateRow(gate, now)),
  );
  section(
    'Holds',
    view.holds.map(({ hold, source, effect, scope, at, keys }) => [
      paint.bad(hold),
      `${source}, ${effect}, ${scope}`,
      `since ${localTime(at)}`,
      `lifted by ${keys.join(' and ')}`,
    ]),
  );
  section(
    'Handovers',
    view.handovers.map(({ right, from, why, since, due }) => [
      paint.bad(right),
      `${from} ${why}`,
      `since ${localTime(since)}`,
      due === null ? '' : `due ${dueTime(due, now)}`,
    ]),
  );
  section(
    'Delegations',
    view.delegations.map(({ delegation, from, to, authorities, gates, starts, ends, absence, began }) => [
      delegation,
      `${to.join(', ') || 'nobody'} for ${from}${absence ? ', who is away' : ''}`,
      `${authorities.join(', ')} at ${gates.join(', ')}`,
      began ? `until ${localTime(ends)}` : `from ${localTime(starts)} until ${localTime(ends)}`,
    ]),
  );
  section(
    'Findings',
    view.findings.map(({ finding, kind, gate, detail, at, missing }) => [
      paint.bad(finding),
      `${kind}, freezes ${gate ?? 'every gate'}`,
      detail,
      `since ${localTime(at)}`,
      `to be ratified by an ${missing.join(' and an ')}`,
    ]),
  );
  for (const [title, rows] of passRows(view, now)) section(title, rows);
  section('Candidate', candidateRows(view));
  section(
    'Evidence',
    (view.delivery?.evidence ?? []).map(({ kind, met, digest }) => [
      kind,
      met ? paint.good('met') : paint.bad('not met'),
      paint.dim(digest.slice(0, 19)),
    ]),
  );
  section(
    'Missing',
    (view.delivery?.missing ?? []).map(({ code, message }) => [code, message]),
  );
  section(
    'Caps',
    (view.pilot?.caps ?? []).map(({ cap, limit, enforced }) => [
      cap,
      String(limit),
      enforced ? 'enforced' : 'not enforced',
    ]),
  );
  section('You may', view.allowedCommands.length > 0 ? [[view.allowedCommands.join(', ')]] : []);
}

function servingLine({ serving, exposure }: Shown): string {
  const { applied } = exposure;
  if (applied === 'unknown')
    return `Serving: ${serving?.label ?? 'the manual fallback'}; exposure unknown until read back`;
  const candidate = applied.candidate;
  const shares = [
    ...(applied.serving ? [`${serving?.label ?? 'release'} ${applied.serving.percent} %`] : []),
    ...(candidate ? [`candidate ${candidate.percent} %${candidate.shadow ? ' in shadow' : ''}`] : []),
  ];
  const review = applied.review === 'all' ? '; every case goes to a person' : '';
  return `Serving: ${shares.join(', ') || 'the manual fallback'}${review}`;
}

function gateRow(gate: View['gates'][number], now: number): string[] {
  const filled = gate.seats
    .map(({ seat, filledBy, for: from }) => `${seat} ${filledBy ?? '…'}${from ? ` for ${from}` : ''}`)
    .join(', ');
  const due = gate.paused ? 'its clock stands still' : `due ${dueTime(gate.due, now)}`;
  return [`${gate.gate} (opening ${gate.generation})`, gate.status, filled, due];
}

function candidateRows({ candidate }: Shown): Rows {
  if (candidate === null) return [];
  const { label, step, stepNumber, steps, phase } = candidate;
  return [[label, `${step}, step ${stepNumber} of ${steps}`, phase]];
}
