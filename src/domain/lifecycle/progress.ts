import { scopingComplete } from './scoping.js';
import { confirmIfComplete, openLaunch } from './gate-outcomes.js';
import { deadlines } from './deadlines.js';
import { deliveryOf } from './delivery.js';
import type { Draft } from './draft.js';
import { gateRule } from './rules.js';
import { openDelivery } from './change.js';
import { progressRollout } from '../release/rollout-progress.js';

/** Everything that follows by itself once nothing is in its way. */
export function progress(draft: Draft): void {
  const { state } = draft;
  if (state.stage === 'retired') return progressRollout(draft);
  for (const id of Object.keys(state.gates)) confirmIfComplete(draft, id);
  if (state.stage === 'scoping' && state.mode === 'governed' && !gateRule(state, 'scoping')) {
    if (!state.parked && scopingComplete(state).length === 0) openLaunch(draft);
  }
  const [next] = draft.state.queued;
  if (next && draft.state.stage === 'live' && !deliveryOf(draft.state) && draft.state.holds.length === 0) {
    openDelivery(draft, next);
  }
  progressRollout(draft);
}

/**
 * Fires every deadline that is due, by instant and then id, each with what follows from it, before a
 * command is judged: whoever is late never beats a deadline, however long nothing ran.
 */
export function settleDeadlines(draft: Draft): void {
  // Each firing removes its own deadline from the state; the bound only guards against a rule that does not.
  for (let fired = 0; fired < 1_000; fired++) {
    const [next] = deadlines(draft.state, draft.now).filter(({ at, id }) => at <= draft.now && id !== 'rollout/freeze');
    if (!next) return;
    next.fire(draft);
    progress(draft);
  }
  throw new Error('deadlines do not settle');
}
