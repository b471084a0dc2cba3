/** The smallest parts of a written operating model. */
import { z } from 'zod';
import type { Authority } from '../../domain/policy.js';
import { BUSINESS_FUNCTIONS, type BusinessFunction, RIGHTS, type Right } from '../../domain/vocabulary.js';

/** An id that people write: lower-case words with hyphens, letters of any case where names are proper. */
export const slug = z
  .string()
  .regex(/^[A-Za-z0-9]+(-[A-Za-z0-9]+)*$/, {
    error: 'write an id of letters, digits and single hyphens',
  })
  .max(48)
  // The one word of this form that every JavaScript object already has.
  .refine((id) => id !== 'constructor', { error: 'choose another id; this one is reserved' });

export const businessFunction = z.enum(BUSINESS_FUNCTIONS);

/** A function (anyone of it in the team) or a right (its holder), by name. */
export const authority = z.enum([...BUSINESS_FUNCTIONS, ...RIGHTS]);

/** A written authority as the decider reads it. */
export function authorityOf(name: z.output<typeof authority>): Authority {
  return isFunction(name) ? { function: name } : { right: name };
}

const isFunction = (name: BusinessFunction | Right): name is BusinessFunction =>
  BUSINESS_FUNCTIONS.some((known) => known === name);
