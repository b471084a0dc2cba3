import type { Evolutions } from './evolution.js';

/** Bounds the state: one that is found again later than this is ratified again. */
const KEPT_RATIFIED = 50;

/** Findings, from being recorded to being ratified, and the legal hold. */
export const evolveOversight = {
  FindingRecorded: (state, { finding }, at) => ({
    ...state,
    findings: [...state.findings, { ...finding, at, ratified: [] }],
  }),
  FindingRatified: (state, { finding, by, settled }) =>
    settled
      ? {
          ...state,
          findings: state.findings.filter(({ id }) => id !== finding),
          ratified: [...state.ratified, finding].slice(-KEPT_RATIFIED),
        }
      : {
          ...state,
          findings: state.findings.map((open) =>
            open.id === finding ? { ...open, ratified: [...open.ratified, by] } : open,
          ),
        },
  LegalHoldSet: (state, { on, by, reason }, at) => ({ ...state, legalHold: on ? { by, reason, at } : null }),
} satisfies Partial<Evolutions>;
