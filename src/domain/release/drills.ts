/** Drills of rollback and stop-ship: held on a cadence, judged by code, and evidence that going back works. */
import type { Deadline } from '../lifecycle/deadline.js';
import type { Draft } from '../lifecycle/draft.js';
import { liftHold, machineHold, owners } from '../lifecycle/holds.js';
import { raiseNotice } from '../lifecycle/notices.js';
import { rulesOf } from '../lifecycle/rules.js';
import type { Evidence, State } from '../lifecycle/state.js';
import { DRILL_KINDS, type DrillKind, type Instant } from '../vocabulary.js';
import type { Drill } from './drill.js';

/** When a kind is due next; null where the tier asks for none, or nothing has served yet. */
function drillDue(state: State, kind: DrillKind): Instant | null {
  const { drills } = state;
  const rules = rulesOf(state)?.drills;
  if (rules === undefined || drills.since === null) return null;
  const passed = drills.held.findLast((drill) => drill.kind === kind && drill.passed);
  return Math.max(drills.since, passed?.at ?? 0) + rules.every;
}

/** One deadline for each kind that has to be held again, as long as something serves. */
export function ofDrills(state: State): Deadline[] {
  if (state.serving === null) return [];
  return DRILL_KINDS.flatMap((kind) => {
    const at = drillDue(state, kind);
    if (at === null || state.drills.missed.includes(kind)) return [];
    const what = `a ${kind} drill is due`;
    return [{ at, id: `drill/${kind}`, what, fire: (draft: Draft) => missDrill(draft, kind, at) }];
  });
}

function missDrill(draft: Draft, kind: DrillKind, due: Instant): void {
  draft.emit({ type: 'DrillMissed', kind, due });
  unproven(draft, kind);
}

/** Nobody knows whether going back works: what the model says of that follows. */
function unproven(draft: Draft, kind: DrillKind): void {
  const effect = rulesOf(draft.state)?.drills?.overdue ?? 'warn';
  const known = draft.state.holds.some(({ source, about }) => source === 'drill' && about === kind);
  if (effect === 'warn') raiseNotice(draft, { kind: 'hold', to: owners(draft.state), gate: null, due: null });
  else if (!known) machineHold(draft, { effect, scope: 'serving', source: 'drill', about: kind });
}

/** Takes a drill in. One that passed lifts what its absence held; one that did not is as good as none. */
export function recordDrill(draft: Draft, drill: Omit<Drill, 'passed' | 'release'>, worked: boolean): void {
  const { state } = draft;
  const within = rulesOf(state)?.drills?.within ?? Number.POSITIVE_INFINITY;
  const passed = worked && drill.tookMs <= within;
  const release = state.serving?.release.digest ?? null;
  draft.emit({ type: 'DrillRecorded', drill: { ...drill, passed, release } });
  if (!passed) unproven(draft, drill.kind);
  const due = drillDue(draft.state, drill.kind);
  if (due !== null && due <= draft.now) return;
  const over = draft.state.holds.filter(({ source, about }) => source === 'drill' && about === drill.kind);
  for (const hold of passed ? over : []) liftHold(draft, { hold, by: [], causeClass: null, rootCause: null });
}

/** A drill as the evidence that a gate or a step may ask for, under the kind `rollback-drill` or `stop-ship-drill`. */
export function drillEvidence({ drills }: State, kind: string): Evidence | undefined {
  const held = drills.held.findLast((drill) => kind === `${drill.kind}-drill`);
  if (!held) return undefined;
  const { report: digest, by: producer, at: collectedAt, passed } = held;
  const verdicts = passed ? [] : [{ clause: 'drill', met: false }];
  return { id: kind, kind, digest, producer, independent: false, collectedAt, about: [], verdicts };
}
