import type { z } from 'zod';
import type { startForm } from '../../src/contracts/start.js';

const IN_A_MONTH_MS = 30 * 86_400_000;

/** Answers that make the lowest tier. */
export const MILD_FACTS = {
  'eu-prohibited-practice': 'none',
  where: ['other'],
  'eu-high-risk-area': 'none',
  effect: 'none',
  autonomy: 'suggests',
  money: 'none',
  data: 'internal',
  activity: 'none',
  technique: 'generative',
  reliance: 'under-1-percent',
  reach: 'staff',
  supplier: 'pinned-vendor',
};

/** A low-tier pilot under the standard operating model; what it takes through its journey is data alone. */
export function pilotBody(key: string): z.input<typeof startForm> {
  return {
    key,
    title: 'Minutes of team meetings',
    mode: 'pilot',
    team: 'bench',
    operatingModel: 'standard',
    rights: {},
    facts: MILD_FACTS,
    purpose: 'Draft the minutes; whoever led the meeting corrects and sends them.',
    may: [{ id: 'y1', action: 'draft minutes' }],
    mustNot: [{ id: 'n1', action: 'send anything by itself', onAttempt: 'block' }],
    cohort: { description: 'The two teams on the third floor.', people: ['p-001', 'p-002'] },
    fallback: { manual: 'somebody takes notes', runbook: 'RB-3', standsFor: '30d' },
    endsAt: new Date(Date.now() + IN_A_MONTH_MS).toISOString(),
    partner: 'partner',
  };
}

/** Who sends each decision. */
export const SENDERS = {
  comment: 'builder',
  decide: 'partner',
  'assess-risk': 'builder',
  'extend-pilot': 'partner',
  'end-pilot': 'builder',
} as const;
