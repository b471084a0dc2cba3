/** What the output of an action must look like: named fields of plain kinds. No patterns, so that judging takes a bounded time. */
import type { Json } from '../json.js';

export type FieldShape =
  | { readonly is: 'text'; readonly longest: number | null; readonly oneOf: readonly string[] | null }
  | { readonly is: 'number' | 'whole'; readonly from: number | null; readonly to: number | null }
  | { readonly is: 'yes-no' };

/** A field of the output, and whether it may be left out. */
export type Shape = { readonly [field: string]: FieldShape & { readonly optional: boolean } };

/** What is wrong with an output, as the name of the first field at fault; null: nothing. A field nobody named is a fault. */
export function misfit(shape: Shape, output: Json | undefined): string | null {
  if (typeof output !== 'object' || output === null || Array.isArray(output)) return 'output';
  const given = output as { readonly [field: string]: Json };
  for (const field of Object.keys(given)) if (!Object.hasOwn(shape, field)) return field;
  for (const [field, form] of Object.entries(shape)) {
    const value = Object.hasOwn(given, field) ? given[field] : undefined;
    if (value === undefined ? !form.optional : !fits(form, value)) return field;
  }
  return null;
}

function fits(form: FieldShape, value: Json): boolean {
  switch (form.is) {
    case 'text':
      return (
        typeof value === 'string' &&
        (form.longest === null || value.length <= form.longest) &&
        (form.oneOf === null || form.oneOf.includes(value))
      );
    case 'whole':
    case 'number':
      return (
        typeof value === 'number' &&
        (form.is === 'number' || Number.isInteger(value)) &&
        (form.from === null || value >= form.from) &&
        (form.to === null || value <= form.to)
      );
    case 'yes-no':
      return typeof value === 'boolean';
  }
}
