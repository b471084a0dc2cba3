/** What must agree within one column of the operating model's table. */
import type { Mode, RuledTier } from '../../domain/vocabulary.js';
import { elapsedOf } from '../duration-text.js';
import type { FieldProblem } from '../form.js';
import type { WrittenTierRules } from './tier-rules.js';

const MS_PER_DAY = 86_400_000;

/** Problems with paths relative to the column. */
export function tierRulesProblems(
  mode: Mode,
  tier: RuledTier,
  rules: WrittenTierRules,
): readonly FieldProblem[] {
  const column = `${mode} ${tier}`;
  return [
    ...(mode === 'pilot' ? pilotProblems(column, rules) : governedProblems(column, rules)),
    ...evidenceProblems(column, rules),
    ...stepProblems(rules),
  ];
}

function pilotProblems(column: string, { gates, caps, review, rollout }: WrittenTierRules): FieldProblem[] {
  const problems: FieldProblem[] = [];
  if (gates.start === undefined) {
    problems.push({ path: ['gates'], detail: `${column} needs the gate "start": a pilot is live after it` });
  }
  for (const name of Object.keys(gates).filter((gate) => gate !== 'start')) {
    problems.push({ path: ['gates', name], detail: `a pilot's only gate is "start"; remove "${name}"` });
  }
  for (const [index, { kind, percent }] of rollout.steps.entries()) {
    const path = ['rollout', 'steps', index];
    if (kind !== 'cohort')
      problems.push({
        path: [...path, 'kind'],
        detail: 'a pilot is exposed to its cohort only; write cohort',
      });
    if (caps !== undefined && percent > caps.sharePercent) {
      problems.push({
        path: [...path, 'percent'],
        detail: `is above the cap of ${caps.sharePercent} percent`,
      });
    }
  }
  if (caps === undefined) {
    problems.push({ path: ['caps'], detail: `${column} needs caps: people, cases, sharePercent and box` });
    return problems;
  }
  const last = Math.floor(elapsedOf(caps.box) / MS_PER_DAY);
  const late = 'boxDays' in review ? review.boxDays.findIndex((day) => day > last) : -1;
  if (late >= 0) {
    problems.push({ path: ['review', 'boxDays', late], detail: `lies beyond the box of ${last} days` });
  }
  return problems;
}

function governedProblems(column: string, rules: WrittenTierRules): FieldProblem[] {
  const { gates, caps, extension, review, approval, rollout } = rules;
  const problems: FieldProblem[] = [];
  if (gates.start !== undefined) {
    problems.push({
      path: ['gates', 'start'],
      detail: 'is the gate of a pilot; governed use cases have launch or readiness',
    });
  }
  if ((gates.launch === undefined) === (gates.readiness === undefined)) {
    const detail = `${column} needs exactly one of the gates "launch" and "readiness", so that people approve every release`;
    problems.push({ path: ['gates'], detail });
  }
  if (rules.change === undefined) {
    problems.push({ path: ['change'], detail: `${column} needs the gate that approves a minor change` });
  }
  if (caps !== undefined) problems.push({ path: ['caps'], detail: 'only a pilot has caps; remove them' });
  if (extension !== undefined)
    problems.push({ path: ['extension'], detail: 'only a pilot is extended; remove it' });
  if ('boxDays' in review)
    problems.push({ path: ['review'], detail: 'only a pilot has a box; write everyMonths' });
  if (approval.serveUntil === 'end-of-box') {
    problems.push({
      path: ['approval', 'serveUntil'],
      detail: 'only a pilot has a box; write months, and plus if wanted',
    });
  }
  if (!operationsAccepts(rules)) {
    const detail = `${column} would go live without the acceptance of operations; give the exit of review a seat of operations, or a step of the rollout accept: before or after`;
    problems.push({ path: ['gates'], detail });
  }
  const last = rollout.steps.at(-1);
  if (last?.kind !== 'full' || last.percent !== 100) {
    problems.push({ path: ['rollout', 'steps'], detail: 'must end with {kind: full, percent: 100}' });
  }
  return problems;
}

/** Operations accepts the handover before live: by a seat at the exit of review, or during the rollout. */
function operationsAccepts({ gates, rollout }: WrittenTierRules): boolean {
  const seats = (gates.launch ?? gates.readiness)?.seats ?? [];
  const seated = seats.includes('operations') || seats.includes('operatingOwner');
  return seated || rollout.steps.some(({ accept }) => accept === 'before' || accept === 'after');
}

function evidenceProblems(column: string, { gates, rollout, evidence }: WrittenTierRules): FieldProblem[] {
  const places = [...Object.keys(gates), ...rollout.steps.map(({ kind }) => kind)];
  return evidence.flatMap(({ before }, index) =>
    places.includes(before)
      ? []
      : [
          {
            path: ['evidence', index, 'before'],
            detail: `${column} has no "${before}"; evidence is due before one of ${places.join(', ')}`,
          },
        ],
  );
}

function stepProblems({ rollout: { steps } }: WrittenTierRules): FieldProblem[] {
  const problems: FieldProblem[] = [];
  let reached = 0;
  for (const [index, { kind, percent, window, windows }] of steps.entries()) {
    const path = ['rollout', 'steps', index];
    if (windows !== undefined && window === undefined) {
      problems.push({
        path: [...path, 'windows'],
        detail: 'say how long a window is; add window, such as 24h',
      });
    }
    // A shadow serves nobody, so it may see all of the traffic first.
    if (kind === 'shadow') continue;
    if (percent <= reached) {
      problems.push({
        path: [...path, 'percent'],
        detail: `does not go beyond the ${reached} percent before it`,
      });
    }
    reached = percent;
  }
  return problems;
}
