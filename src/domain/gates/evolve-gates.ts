import type { Evolutions } from '../lifecycle/evolve.js';
import type { State } from '../lifecycle/state.js';
import type { Gate } from './gate.js';

/** Bounds the state however often a subject changes. */
const KEPT_VOIDED = 50;

function updateGate(state: State, id: string, change: (gate: Gate) => Gate): State {
  const gate = state.gates[id];
  return gate ? { ...state, gates: { ...state.gates, [id]: change(gate) } } : state;
}

function withoutGate(state: State, id: string): State {
  const { [id]: _closed, ...gates } = state.gates;
  return { ...state, gates };
}

/** Everything that happens at gates; a closed gate leaves the state. */
export const evolveGates = {
  GateOpened: (state, { gate }) => {
    const counted =
      gate.act === null ? state : { ...state, counters: { ...state.counters, acts: state.counters.acts + 1 } };
    const generations = { ...state.generations, [gate.name]: gate.generation };
    return { ...counted, generations, gates: { ...state.gates, [gate.id]: gate } };
  },
  DecisionRecorded: (state, { gate, decision }) =>
    updateGate(state, gate, (open) => ({
      ...open,
      decisions: [...open.decisions.filter(({ person }) => person !== decision.person), decision],
    })),
  DecisionRetracted: (state, { gate, person }) =>
    updateGate(state, gate, (open) => ({
      ...open,
      decisions: open.decisions.filter((decision) => decision.person !== person),
    })),
  DecisionVoided: (state, { gate, voided }) => ({
    ...updateGate(state, gate, (open) => ({
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
  GateClosed: (state, { gate }) => withoutGate(state, gate),
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
