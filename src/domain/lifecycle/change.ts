import type { Command } from '../commands/payloads.js';
import { moveToModel, refuseMove } from '../migration/migrate.js';
import { type Rejection, reject } from '../rejection.js';
import { candidateUnderWay, rollBackCandidate, rollbackStands } from '../release/rollback.js';
import type { Actor } from './actor.js';
import { authorsOf, deliveryOf } from './delivery.js';
import type { Draft } from './draft.js';
import { closeDeliveryGates, decidesDelivery } from './gate-closing.js';
import { returnGate } from './gate-outcomes.js';
import { refuseWhileHeld } from './rules.js';
import type { Change, Materiality, State } from './state.js';
import { turnFirstKey } from './two-key.js';

/** Bounds the state; more waiting changes than this are a sign that one of them should be withdrawn. */
const MAX_QUEUED = 10;

/**
 * What a change of these sections means: minor while every clause they are bound to is a check, whose
 * limit stays what it was; a section the spec does not bind, or a clause that is no check, is material.
 */
export function materialityOf(state: State, kind: Change['kind'], sections: readonly string[]): Materiality {
  if (kind === 'spec') return 'spec';
  const spec = state.serving?.spec.spec;
  if (!spec || sections.length === 0) return 'material';
  const checks = new Set(spec.checks.map(({ id }) => id));
  const bound = sections.map((section) => spec.binds[section]);
  const minor = bound.every((clauses) => clauses?.every((clause) => checks.has(clause)) ?? false);
  return minor ? 'minor' : 'material';
}

/** The change that begins now: the longest waiting, unless something else is being delivered or decided. */
export function nextChange(state: State): Change | null {
  if (state.stage !== 'live' || state.delivery || state.gates.promotion || state.gates.retirement)
    return null;
  return state.queued[0] ?? null;
}

/**
 * Opens the delivery of a change where its materiality says; what serves goes on serving. A delivery is under the
 * newest model that was known when its change was proposed, unless nobody could decide under that.
 */
export function openDelivery(draft: Draft, queued: Change, newest = draft.state.nextModel): void {
  if (newest && !refuseMove(draft.state, newest)) moveToModel(draft, { model: newest, why: 'delivery' });
  const n = draft.state.counters.deliveries + 1;
  // What serves may have become another release while the change waited.
  const change = { ...queued, materiality: materialityOf(draft.state, queued.kind, queued.changedSections) };
  const step = change.materiality === 'spec' ? 'specification' : 'implementation';
  draft.emit({ type: 'DeliveryOpened', n, step, stage: 'live', change });
}

/** Proposes a change; a second one waits for the first, or supersedes it. */
export function openChange(draft: Draft, { actor, payload }: Command<'open-change'>): Rejection | undefined {
  const { state } = draft;
  const { kind, changedSections, reason, supersede, model } = payload;
  const supersedes = supersede === true && deliveryOf(state) !== null;
  const held = supersedes ? undefined : refuseWhileHeld(state);
  if (held) return held;
  if (state.queued.length >= MAX_QUEUED) {
    return reject('limit-reached', `${MAX_QUEUED} changes already wait; withdraw one first`, 'open-change');
  }
  const unmoved = model && model.digest !== state.model.digest ? refuseMove(state, model) : undefined;
  if (unmoved) return unmoved;
  const id = `change-${state.counters.changes + 1}`;
  const materiality = materialityOf(state, kind, changedSections);
  const change: Change = {
    id,
    kind,
    changedSections,
    reason,
    openedBy: actor.person,
    materiality,
    fixed: false,
  };
  draft.emit({ type: 'ChangeQueued', change });
  if (supersedes) supersedeOpen(draft, actor);
  if (supersedes || nextChange(draft.state)?.id === id) openDelivery(draft, change, model);
  else if (model && model.digest !== draft.state.nextModel?.digest)
    draft.emit({ type: 'OperatingModelNoted', model });
  return undefined;
}

function supersedeOpen(draft: Draft, { person: by, verified }: Actor): void {
  const delivery = deliveryOf(draft.state);
  if (!delivery) return;
  if (candidateUnderWay(draft.state)) {
    rollBackCandidate(draft, {
      source: 'rollback',
      reason: null,
      by,
      verified,
      why: 'superseded by another change',
      blameless: true,
    });
  }
  closeDeliveryGates(draft, 'superseded');
  draft.emit({ type: 'DeliveryClosed', n: delivery.n, stage: 'live', outcome: 'superseded' });
}

/** Withdraws the open change or a queued one. A candidate that is exposed is rolled back instead. */
export function withdrawChange(draft: Draft, { payload }: Command<'withdraw-change'>): Rejection | undefined {
  const { state } = draft;
  const delivery = deliveryOf(state);
  const open = delivery?.change?.id === payload.change;
  if (!open && !state.queued.some(({ id }) => id === payload.change)) {
    return reject('not-found', `no change ${payload.change} is open or waiting`, 'change');
  }
  if (open && candidateUnderWay(state)) {
    return reject('wrong-stage', 'the change is being rolled out; roll it back first', 'change');
  }
  if (open && rollbackStands(state) && state.holds.length > 0) return refuseWhileHeld(state);
  draft.emit({ type: 'ChangeWithdrawn', change: payload.change, reason: payload.reason });
  if (!open || !delivery) return undefined;
  closeDeliveryGates(draft, 'withdrawn');
  draft.emit({ type: 'DeliveryClosed', n: delivery.n, stage: 'live', outcome: 'withdrawn' });
  return undefined;
}

const RISING: readonly Materiality[] = ['minor', 'material', 'spec'];

/** Raising a materiality needs nobody else, not even during the review; lowering it takes two keys. */
export function overrideMateriality(
  draft: Draft,
  command: Command<'override-materiality'>,
): Rejection | undefined {
  const { state } = draft;
  const { actor, payload } = command;
  const { materiality, reason } = payload;
  const delivery = deliveryOf(state);
  const change = delivery?.change;
  if (!change || (delivery.step !== 'implementation' && delivery.step !== 'review')) {
    return reject(
      'wrong-stage',
      'materiality is set while a change is in implementation or review',
      'materiality',
    );
  }
  if (change.materiality === materiality) return reject('unchanged', `the change is already ${materiality}`);
  if (RISING.indexOf(materiality) > RISING.indexOf(change.materiality)) {
    draft.emit({ type: 'MaterialityChanged', change: change.id, materiality });
    const gate = Object.values(state.gates).find(decidesDelivery);
    if (gate) returnGate(draft, gate, 'withdrawn', `materiality raised to ${materiality}`);
    return undefined;
  }
  if (delivery.step === 'review') {
    return reject(
      'wrong-stage',
      'materiality is lowered in implementation; withdraw the gate first',
      'stage',
    );
  }
  const act = { type: 'lower-materiality', change: change.id, materiality, reason } as const;
  // Whoever opened the change or built its release would lower what others look at in their own work.
  const own = state.engine >= 3 ? [change.openedBy, ...authorsOf(state)] : [];
  const excluded = [...new Set([...state.model.editors, ...own])];
  return turnFirstKey(draft, actor, state.model.twoKey.lowerMateriality, act, excluded);
}
