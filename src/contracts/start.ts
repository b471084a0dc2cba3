/** The body that starts a lifecycle: a governed one by its brief, a pilot by its light form. */
import { z } from 'zod';
import { releaseDigests } from './bodies/intake.js';
import { briefForm } from './brief.js';
import { field, instant } from './fields.js';
import { permission, prohibition, words } from './spec/clauses.js';
import { specForm } from './spec.js';

const rights = z
  .strictObject({
    businessOwner: field.personId.exactOptional(),
    technicalOwner: field.personId.exactOptional(),
    operatingOwner: field.personId.exactOptional(),
    changeApprover: field.personId.exactOptional(),
    conflictResolver: field.personId.exactOptional(),
    stopShipHolder: z.array(field.personId).min(1).max(20).exactOptional(),
  })
  .meta({ description: "By right; the team's defaults fill what is left out." });

const common = {
  key: field.lifecycleKey,
  title: z.string().trim().min(1).max(120),
  team: z.string().min(1).max(64),
  operatingModel: z
    .string()
    .regex(/^[a-z][a-z0-9-]{0,39}$/, { error: 'name an operating model, such as standard' })
    .default('standard'),
  rights: rights.default({}),
  facts: field.facts.default({}),
};

const governed = z.strictObject({ ...common, mode: z.literal('governed'), brief: briefForm });

/** Opaque ids, so that neither the target nor the store learns who they are. */
const cohort = z.strictObject({
  description: words,
  people: z
    .array(z.string().regex(/^[\w.:@-]{1,64}$/, { error: 'write opaque ids, without names or spaces' }))
    .min(1)
    .max(5_000)
    .refine((people) => new Set(people).size === people.length, { error: 'list everybody once' }),
});

const pilot = z.strictObject({
  ...common,
  mode: z.literal('pilot'),
  brief: briefForm.exactOptional(),
  purpose: words,
  learn: z.array(words).min(1).max(10).exactOptional(),
  may: z.array(permission).min(1).max(40),
  mustNot: z.array(prohibition).min(1).max(40),
  cohort,
  fallback: specForm.shape.fallback,
  endsAt: instant('When the time box ends.'),
  partner: field.personId.describe('Holds product, decides at the start gate, owns it with you.'),
  release: releaseDigests.exactOptional(),
});

export const startForm = z.discriminatedUnion('mode', [governed, pilot]);
export type StartBody = z.output<typeof startForm>;
export type PilotBody = z.output<typeof pilot>;

/** Examples for the OpenAPI document. */
export const START_EXAMPLES: { readonly [M in StartBody['mode']]: z.input<typeof startForm> } = {
  governed: {
    key: 'kyc-onboarding',
    title: 'Broker KYC onboarding',
    mode: 'governed',
    team: 'onboarding',
    brief: {
      summary: 'Opens broker accounts from a photographed document; a person decides every doubtful case.',
      value: 'Hours to open at the median: from 26 to 4.',
      users: 'Applicants in India; the operations desk in Mumbai.',
    },
    rights: { businessOwner: 'asha', technicalOwner: 'ravi' },
    facts: {},
  },
  pilot: {
    key: 'meeting-notes',
    title: 'Minutes of team meetings',
    mode: 'pilot',
    team: 'onboarding',
    purpose: 'Draft the minutes; whoever led the meeting corrects and sends them.',
    may: [{ id: 'y1', action: 'draft minutes' }],
    mustNot: [{ id: 'n1', action: 'send anything by itself', onAttempt: 'block' }],
    cohort: { description: 'The two teams on the third floor.', people: ['p-001', 'p-002'] },
    fallback: { manual: 'somebody takes notes', runbook: 'RB-3', standsFor: '30d' },
    endsAt: '2027-01-31T18:00:00Z',
    partner: 'priya',
    facts: {},
  },
};
