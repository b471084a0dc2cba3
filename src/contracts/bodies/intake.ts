/**
 * Bodies of the commands that bring a document: it is checked, compiled and stored by the API, and what
 * travels is small. Kept from the sandbox, which has no use for these forms.
 */
import { z } from 'zod';
import { CAUSE_CLASSES } from '../../domain/vocabulary.js';
import { briefForm } from '../brief.js';
import { writtenCalendar } from '../calendar.js';
import { field, instant, text } from '../fields.js';
import { specForm } from '../spec.js';
import { body } from './body.js';
import { evidenceForm } from './evidence.js';

/** Parts of a release: each by digest, or by the exact version that a vendor serves. */
const RELEASE_PARTS = ['model', 'prompt', 'policy', 'data', 'code', 'vendor'] as const;

const part = z.string().min(1).max(200);

export const releaseDigests = z
  .strictObject({
    model: part.exactOptional(),
    prompt: part.exactOptional(),
    policy: part.exactOptional(),
    data: part.exactOptional(),
    code: part.exactOptional(),
    vendor: part.exactOptional(),
  })
  .refine((digests) => Object.keys(digests).length > 0, {
    error: `name at least one part: ${RELEASE_PARTS.join(', ')}`,
  })
  .meta({ description: 'Digest of each part, or the exact version of what a vendor serves.' });

export const INTAKE_BODIES = {
  'update-brief': body(z.strictObject({ brief: briefForm }), {
    brief: {
      summary: 'Opens broker accounts from a photographed document; a person decides every doubtful case.',
      value: 'Hours to open at the median: from 26 to 4.',
      users: 'Applicants in India; the operations desk in Mumbai.',
    },
  }),
  'draft-spec': body(z.strictObject({ spec: specForm }), {
    spec: {
      spec: 'kyc-onboarding',
      purpose: 'Open broker accounts sooner; a person decides every doubtful case.',
      may: [{ id: 'y1', action: 'extract' }],
      mustNot: [{ id: 'n1', action: 'reject', onAttempt: 'block-and-incident' }],
      checks: [
        {
          id: 'c2',
          metric: 'false-accept-rate',
          op: '<=',
          value: 0.0005,
          at: ['evidence', 'canary', 'live'],
          window: '3d',
          onBreach: 'roll-back',
        },
      ],
      fallback: { manual: 'branch desk keys the case', runbook: 'RB-17', standsFor: '5d' },
    },
  }),
  'register-release': body(
    z.strictObject({
      digests: releaseDigests,
      changedSections: z
        .array(field.section)
        .max(100)
        .describe('Artefact sections that differ from what serves.'),
      irreversible: z
        .boolean()
        .exactOptional()
        .describe('Whether no earlier release can run after it has served, such as on data it has changed.'),
      vendorUntil: instant('Until when the vendor’s endpoint is announced to answer.').exactOptional(),
    }),
    {
      digests: {
        model: `sha256:${'1a'.repeat(32)}`,
        prompt: `sha256:${'2b'.repeat(32)}`,
        vendor: 'ocr-api@2026-09-01',
      },
      changedSections: ['model.face'],
    },
  ),
  'add-evidence': body(evidenceForm, {
    kind: 'eval',
    content: { dataset: 'holdout-2026-10', report: 'Confusion matrix and per-group gaps.' },
    mediaType: 'application/json',
    collectedAt: '2026-11-20T10:00:00+05:30',
    about: [`sha256:${'5f'.repeat(32)}`],
    results: {
      f1: { value: 0.985, n: 4_000 },
      'liveness-gap-pp/age-60+': { value: 1.2, n: 900, group: 'age-60+' },
    },
  }),
  'open-change': body(
    z.strictObject({
      kind: z.enum(CAUSE_CLASSES),
      changedSections: z.array(field.section).max(100).describe('Artefact sections that change.'),
      reason: text('Why it has to change.'),
      supersede: z.boolean().exactOptional().describe('Closes the open delivery instead of waiting for it.'),
    }),
    { kind: 'prompt', changedSections: ['prompt.tone'], reason: 'Customers found the reminders curt.' },
  ),
  'accept-migration': body(
    z.strictObject({
      version: z.int().min(1).describe('A published version, higher than the one that rules.'),
    }),
    { version: 8 },
  ),
  'update-calendar': body(
    z.strictObject({
      id: field.id.describe('Id of a calendar of the operating model.'),
      calendar: writtenCalendar,
    }),
    {
      id: 'in-mumbai',
      calendar: {
        version: '2026.2',
        zone: 'Asia/Kolkata',
        week: {
          mon: ['09:30-18:30'],
          tue: ['09:30-18:30'],
          wed: ['09:30-18:30'],
          thu: ['09:30-18:30'],
          fri: ['09:30-18:30'],
        },
        holidays: ['2026-11-23'],
        validThrough: '2027-12-31',
      },
    },
  ),
};
