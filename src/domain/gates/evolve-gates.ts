import { currentDelivery } from '../lifecycle/delivery.js';
import type { EventOf } from '../lifecycle/events.js';
import type { Evolutions } from '../lifecycle/evolution.js';
import { effectiveTier } from '../lifecycle/rules.js';
import type { State } from '../lifecycle/state.js';
import type { GateOutcome, Instant, PersonId } from '../vocabulary.js';
import type { Gate } from './gate.js';

/** Bounds the state however often a subject changes. */
const KEPT_VOIDED = 50;

function updateGate(state: State, id: string, change: (gate: Gate) => Gate): State {
  const gate = state.gates[id];
  return gate ? { ...state, gates: { ...state.gates, [id]: change(gate) } } : state;
}

function closeGate(state: State, { gate: id, outcome, by }: EventOf<'GateClosed'>, at: Instant): State {
  const { [id]: closing, ...gates } = state.gates;
  if (!closing) return state;
  const ended = { id, outcome, at, by: by.map(({ person }) => person) };
  const unreached = state.unreached.filter(({ gate }) => gate !== id);
  return { ...state, gates, unreached, closed: { ...state.closed, [closing.name]: ended } };
}

/** Conditions go with the approval they came with. */
function withoutConditionsOf(state: State, id: string, person: PersonId): State {
  const name = state.gates[id]?.name;
  const delivery = currentDelivery(state);
  const kept = state.conditions.filter(
    (condition) => condition.gate !== name || condition.by !== person || condition.delivery !== delivery,
  );
  return { ...state, conditions: kept };
}

/** A scoping gate that passes settles scoping for the tier it passed under. */
function scopedBy(state: State, id: string, outcome: GateOutcome): State['scoped'] {
  const passed = outcome === 'passed' && state.gates[id]?.name === 'scoping';
  return passed ? effectiveTier(state.tier) : state.scoped;
}

/** Everything that happens at gates; a closed gate leaves the state. */
export const evolveGates = {
  GateOpened: (state, { gate }) => {
    const counted =
      gate.act === null
        ? state
        : { ...state, counters: { ...state.counters, acts: state.counters.acts + 1 } };
    const generations = { ...state.generations, [gate.name]: gate.generation };
    return { ...counted, generations, gates: { ...state.gates, [gate.id]: gate } };
  },
  DecisionRecorded: (state, { gate, decision }) =>
    updateGate(withoutConditionsOf(state, gate, decision.person), gate, (open) => ({
      ...open,
      decisions: [...open.decisions.filter(({ person }) => person !== decision.person), decision],
    })),
  DecisionRetracted: (state, { gate, person }) =>
    updateGate(withoutConditionsOf(state, gate, person), gate, (open) => ({
      ...open,
      decisions: open.decisions.filter((decision) => decision.person !== person),
    })),
  DecisionVoided: (state, { gate, voided }) => ({
    ...updateGate(withoutConditionsOf(state, gate, voided.person), gate, (open) => ({
      ...open,
      decisions: open.decisions.filter((decision) => decision.person !== voided.person),
    })),
    voided: [...state.voided, voided].slice(-KEPT_VOIDED),
  }),
  CommentAdded: (state) => state,
  ReminderSent: (state, { gate }) =>
    updateGate(state, gate, (open) => ({
      ...open,
      clock: { ...open.clock, reminders: open.clock.reminders.slice(1) },
    })),
  Escalated: (state, { gate, step }) =>
    updateGate(state, gate, (open) => {
      const [next, ...later] = open.clock.steps;
      return next?.step === step ? { ...open, clock: { ...open.clock, steps: later } } : open;
    }),
  GateConfirming: (state, { gate }) => updateGate(state, gate, (open) => ({ ...open, status: 'confirming' })),
  GateReopened: (state, { gate }) => updateGate(state, gate, (open) => ({ ...open, status: 'open' })),
  GateTimedOut: (state, { gate, outcome }) =>
    outcome === 'hold' ? updateGate(state, gate, (open) => ({ ...open, status: 'held' })) : state,
  GateClosed: (state, event, at) => ({
    ...closeGate(state, event, at),
    scoped: scopedBy(state, event.gate, event.outcome),
  }),
  GateClockMoved: (state, { gate, clock }) => updateGate(state, gate, (open) => ({ ...open, clock })),
  ConditionSet: (state, { condition }) => ({
    ...state,
    conditions: [...state.conditions, condition],
    counters: { ...state.counters, conditions: state.counters.conditions + 1 },
  }),
  ConditionFulfilled: (state, { condition }) => ({
    ...state,
    conditions: state.conditions.filter(({ id }) => id !== condition),
  }),
} satisfies Partial<Evolutions>;
