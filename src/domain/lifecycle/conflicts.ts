/** Speed against control: what a conflict holds, and what follows once its resolver has said which side stands. */
import type { Digest } from '../digest.js';
import type { Gate } from '../gates/gate.js';
import type { ConflictSide } from '../governance/conflict.js';
import type { PersonId } from '../vocabulary.js';
import type { Draft } from './draft.js';
import { giveBack } from './gate-return.js';
import { liftHold, ordinaryLift, placeHold } from './holds.js';

/** Ends a conflict the way its gate ended. `by`: null where nobody said so in time. */
export function settleConflict(draft: Draft, gate: Gate, side: ConflictSide): void {
  const conflict = draft.state.conflicts.find(({ id }) => id === gate.id);
  if (!conflict) return;
  const [said] = gate.decisions;
  const by = said?.person ?? null;
  draft.emit({
    type: 'ConflictResolved',
    conflict: conflict.id,
    side,
    by,
    reason: said?.comment ?? null,
  });
  if (side === 'stricter') standStrict(draft, conflict.gate, by, said?.comment ?? null);
  liftConflict(draft, conflict.hold, by);
}

/** Whoever raised a conflict takes it back: nothing is decided by it. */
export function dropConflict(draft: Draft, gate: Gate): void {
  const conflict = draft.state.conflicts.find(({ id }) => id === gate.id);
  if (!conflict) return;
  draft.emit({
    type: 'ConflictResolved',
    conflict: conflict.id,
    side: 'forward',
    by: conflict.by,
    reason: null,
  });
  liftConflict(draft, conflict.hold, conflict.by);
}

function liftConflict(draft: Draft, id: string, by: PersonId | null): void {
  const hold = draft.state.holds.find((held) => held.id === id);
  if (!hold) return;
  liftHold(draft, { hold, by: by === null ? [] : [by], causeClass: null, rootCause: null });
}

/** A gate goes back; where it was about all that moves, that stays held until the ordinary keys lift it. */
function standStrict(draft: Draft, about: string | null, by: PersonId | null, reason: Digest | null): void {
  const gate = about === null ? undefined : draft.state.gates[about];
  if (gate) giveBack(draft, gate, 'returned', 'a conflict about it was resolved for the stricter side');
  if (about !== null) return;
  const lift = ordinaryLift(draft.state);
  const scope = draft.state.stage === 'live' ? 'serving' : 'candidate';
  const held = { effect: 'forward', scope, source: 'conflict', verified: true, gate: null } as const;
  placeHold(draft, { ...held, reason, by, lift });
}
