import type { CompiledCalendar } from '../calendar/calendar.js';
import type { OperatingModel } from '../policy.js';
import type { Evolutions } from './evolution.js';

/** A calendar that was replaced since, and reaches further than the model's own, goes on counting. */
function withLongerCalendars(model: OperatingModel, known: OperatingModel['calendars']): OperatingModel {
  const longer = Object.values(known).filter(
    ({ id, validThrough }) => validThrough > (model.calendars[id]?.validThrough ?? Number.POSITIVE_INFINITY),
  );
  if (longer.length === 0) return model;
  return { ...model, calendars: { ...model.calendars, ...byId(longer) } };
}

function byId(calendars: readonly CompiledCalendar[]): OperatingModel['calendars'] {
  return Object.fromEntries(calendars.map((calendar) => [calendar.id, calendar]));
}

/** Which version of the operating model rules, and what it asks of what was exposed before it did. */
export const evolvePolicy = {
  OperatingModelNoted: (state, { model }) => ({ ...state, nextModel: model }),
  OperatingModelMoved: (state, { model }) => ({
    ...state,
    model: withLongerCalendars(model, state.model.calendars),
    nextModel: null,
  }),
  RemediationSet: (state, { remediation }) => ({
    ...state,
    remediations: [...state.remediations, remediation],
  }),
  RemediationMet: (state, { id }) => ({
    ...state,
    remediations: state.remediations.filter((open) => open.id !== id),
  }),
  RemediationMissed: (state, { id }) => ({
    ...state,
    remediations: state.remediations.map((open) => (open.id === id ? { ...open, missed: true } : open)),
  }),
  GateExclusionsAdded: (state, { gate, people }) => {
    const open = state.gates[gate];
    if (!open) return state;
    return {
      ...state,
      gates: { ...state.gates, [gate]: { ...open, excluded: [...open.excluded, ...people] } },
    };
  },
} satisfies Partial<Evolutions>;
