import { closeMet } from '../migration/remediate.js';
import { progressRollout } from '../release/rollout-progress.js';
import { askFormerHolders } from './approval-end.js';
import { nextChange, openDelivery } from './change.js';
import { deadlines } from './deadlines.js';
import type { Draft } from './draft.js';
import { allStandsStill } from './frozen.js';
import { confirmIfComplete, openLaunch } from './gate-outcomes.js';
import { liftMoot } from './overdue.js';
import { gateRule, rulesOf } from './rules.js';
import { scopingComplete } from './scoping.js';
import type { State } from './state.js';

/** Everything that follows by itself once nothing is in its way. */
export function progress(draft: Draft): void {
  if (draft.state.stage !== 'retired') {
    liftMoot(draft);
    for (const id of Object.keys(draft.state.gates)) confirmIfComplete(draft, id);
    if (leavesScoping(draft.state)) openLaunch(draft);
    const change = allStandsStill(draft.state) ? null : nextChange(draft.state);
    if (change) openDelivery(draft, change);
    askFormerHolders(draft);
    if (draft.state.remediations.length > 0) closeMet(draft);
  }
  progressRollout(draft);
}

/** Scoping without a gate is left by its control alone. */
function leavesScoping(state: State): boolean {
  if (state.stage !== 'scoping' || state.mode !== 'governed' || state.parked) return false;
  const stands = allStandsStill(state) || state.gates.scoping !== undefined || !rulesOf(state);
  return !stands && !gateRule(state, 'scoping') && scopingComplete(state).length === 0;
}

/**
 * Fires every deadline that is due, by instant and then id, each with what follows from it, before a
 * command is judged: whoever is late never beats a deadline, however long nothing ran.
 */
export function settleDeadlines(draft: Draft): void {
  // Each firing removes its own deadline from the state; the bound only guards against a rule that does not.
  for (let fired = 0; fired < 1_000; fired++) {
    const [next] = deadlines(draft.state, draft.now).filter(
      ({ at, id }) => at <= draft.now && id !== 'rollout/freeze',
    );
    if (!next) return;
    next.fire(draft);
    progress(draft);
  }
  throw new Error('deadlines do not settle');
}
