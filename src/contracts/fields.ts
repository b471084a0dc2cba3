/**
 * The kinds of field that command bodies are made of. Two of them travel to Temporal as something else:
 * free text as the digest of its stored document, an RFC 3339 date-time as milliseconds.
 */
import { z } from 'zod';
import { BUSINESS_FUNCTIONS, RIGHTS } from '../domain/vocabulary.js';

/** Most characters of a reason, a comment or a root cause. */
export const TEXT_LIMIT = 8_000;

/** How a field's value changes on its way from a body into a payload. */
export type Travel = 'text' | 'instant';
/** Marks a body's text that is stored as a document. */
export type Text = string & z.core.$brand<'text'>;
/** Marks a body's date-time that becomes milliseconds. */
export type WrittenInstant = string & z.core.$brand<'instant'>;

const travels = new WeakMap<z.core.$ZodType, Travel>();

/** How a field travels; undefined: as it is. */
export function travelOf(schema: z.core.$ZodType): Travel | undefined {
  return travels.get(schema);
}

function travelling<S extends z.core.$ZodType>(schema: S, travel: Travel): S {
  travels.set(schema, travel);
  return schema;
}

/** Free text of 1 to `max` characters, stored outside Temporal. */
export function text(description: string, max: number = TEXT_LIMIT) {
  const form = z
    .string()
    .max(max)
    .refine((written) => written.trim() !== '', { error: 'say something; it must not be empty' })
    .meta({
      description: `${description} Stored as a document; only its digest goes further.`,
      minLength: 1,
    });
  return travelling(form.brand<'text'>(), 'text');
}

/** A point in time with its offset from UTC, such as 2027-03-01T09:00:00+01:00. */
export function instant(description: string) {
  const form = z.iso
    .datetime({ offset: true, error: 'write a date-time with its offset, such as 2027-03-01T09:00:00Z' })
    .meta({ description });
  return travelling(form.brand<'instant'>(), 'instant');
}

const named = (pattern: RegExp, max: number, error: string) => z.string().max(max).regex(pattern, { error });

const result = z.strictObject({
  value: z.number(),
  n: z.int().min(0).exactOptional(),
  group: z.string().max(80).exactOptional(),
});

/**
 * Fields that need no description of their own. A worker shares this module between its lifecycles and freezes
 * it deeply, which zod's schemas do not survive; what is frozen already it passes over. The same holds for
 * every other table of schemas that workflows load.
 */
export const field = Object.freeze({
  /** Key of a lifecycle, part of addresses and of workflow ids. */
  lifecycleKey: named(
    /^[a-z][a-z0-9]*(-[a-z0-9]+)*$/,
    64,
    'write lower-case words joined by hyphens, such as kyc-onboarding',
  ).meta({ description: 'Names the use case for good.', example: 'kyc-onboarding' }),

  /** Opaque id of a person. */
  personId: named(
    /^[A-Za-z0-9][A-Za-z0-9._-]*$/,
    64,
    "write the person's id as in the directory, such as asha",
  ),

  digest: named(/^sha256:[0-9a-f]{64}$/, 71, 'write sha256: and 64 lower-case hexadecimal digits'),

  /** Id of a gate, hold, condition, change or clause, as the view shows it. */
  id: named(/^[A-Za-z0-9][A-Za-z0-9._:/+-]*$/, 80, 'copy the id from the view'),

  /** Id of an exception item, part of a workflow id. */
  itemId: named(
    /^[A-Za-z0-9][A-Za-z0-9_-]*$/,
    40,
    'write letters, digits, hyphens and underscores, such as i-7f3a91',
  ),

  /** A reference to a case by somebody who keeps it: opaque, so that it says nothing about a person. */
  caseReference: named(
    /^[A-Za-z0-9][A-Za-z0-9_.:-]*$/,
    64,
    'write an opaque reference without spaces, such as case-7f3a91',
  ),

  /** Id of something that went past the system, as the view shows it. */
  findingId: named(/^[A-Za-z0-9][A-Za-z0-9._:/+-]*$/, 120, 'copy the id from the view'),

  /** An artefact section such as `prompt.tone`: the part of a release, and what of it. */
  section: named(
    /^[a-z][a-z0-9-]*(\.[A-Za-z0-9_-]+)*$/,
    80,
    'write the part and the section, such as prompt.tone or model',
  ),

  right: z.enum(RIGHTS),
  businessFunction: z.enum(BUSINESS_FUNCTIONS),

  /** Answers by fact id. Whether the facts exist is for the operating model to say. */
  facts: z
    .record(
      named(/^[A-Za-z][A-Za-z0-9-]*$/, 64, 'name the fact as the operating model does'),
      z.union([z.string().max(64), z.array(z.string().max(64)).max(32)]),
    )
    .refine((answers) => Object.keys(answers).length <= 64, { error: 'answer at most 64 facts' })
    .meta({ description: 'Answers by fact id of the operating model; `unsure` counts as the worst.' }),

  results: z
    .record(z.string().min(1).max(160), result)
    .refine((all) => Object.keys(all).length <= 200, { error: 'give at most 200 results' })
    .meta({
      description: 'By metric; one broken down into groups is written `metric/group`, with its group.',
    }),
});
