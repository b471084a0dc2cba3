import type { Evolutions } from './evolution.js';

/** Holds, from being placed to being lifted. */
export const evolveHolds = {
  HoldPlaced: (state, { hold }) => ({
    ...state,
    holds: [...state.holds, hold],
    counters: { ...state.counters, holds: state.counters.holds + 1 },
  }),
  HoldLifted: (state, { hold }) => ({ ...state, holds: state.holds.filter(({ id }) => id !== hold) }),
  StopShipped: (state) => state,
} satisfies Partial<Evolutions>;
