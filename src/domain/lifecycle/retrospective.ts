/** The gate that looks at broken glass afterwards: what follows when it says no, or when nobody looks in time. */
import type { Gate } from '../gates/gate.js';
import type { Glass } from '../governance/glass.js';
import { candidateUnderWay, rollBackCandidate, rollBackServing } from '../release/rollback.js';
import type { GateOutcome } from '../vocabulary.js';
import { deliveryOf } from './delivery.js';
import type { Draft } from './draft.js';
import { machineHold } from './holds.js';
import type { State } from './state.js';

function serves({ serving }: State, { release }: Glass): boolean {
  return release !== null && serving?.release.digest === release;
}

function isCandidate(state: State, { release }: Glass): boolean {
  const delivery = deliveryOf(state);
  const known = delivery?.step === 'release' && delivery.release.digest === release;
  return known && candidateUnderWay(state);
}

/** Holds the release that glass let through; `gate`: whose time starts again once the hold is lifted. */
function holdBehind(draft: Draft, glass: Glass, gate: string | null): void {
  const effect = draft.state.model.overdue?.retrospective ?? 'forward';
  const scope = serves(draft.state, glass) ? 'serving' : 'candidate';
  machineHold(draft, { effect, scope, source: 'retrospective', gate });
}

/** Nobody looked in time: the release is held, and the gate stays open for those who lift it. */
export function missRetrospective(draft: Draft, { id }: Gate): void {
  const glass = draft.state.glass.find((each) => each.id === id);
  if (glass) holdBehind(draft, glass, id);
}

/** Records how the review ended. An approval that nobody stands behind is none: what it let through is taken back. */
export function reviewGlass(draft: Draft, { id }: Gate, outcome: GateOutcome): void {
  const glass = draft.state.glass.find((each) => each.id === id);
  if (!glass) return;
  draft.emit({ type: 'GlassReviewed', glass: id, outcome });
  if (outcome === 'passed') return;
  const why = `the review of broken glass ${id}: ${outcome}`;
  const cause = { source: 'rollback', reason: null, by: null, verified: true, why } as const;
  const takesBack = glass.passes === 'approval' && outcome === 'rejected';
  if (takesBack && isCandidate(draft.state, glass)) rollBackCandidate(draft, cause);
  else if (takesBack && serves(draft.state, glass)) rollBackServing(draft, cause);
  else holdBehind(draft, glass, null);
}
