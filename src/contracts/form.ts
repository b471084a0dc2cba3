/**
 * What every written form shares: objects that refuse unknown fields, and problems in words. The words are
 * made here, from zod's issues, so that a form itself only states what is so.
 */
import { z } from 'zod';

/** One thing wrong with a value: where, as keys and indexes from its root, and what to do. */
export interface FieldProblem {
  readonly path: readonly (string | number)[];
  readonly detail: string;
}

export type Parsed<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly problems: readonly FieldProblem[] };

/** Parses a value against a form; never throws on bad input. */
export function parseForm<T>(form: z.ZodType<T>, value: unknown): Parsed<T> {
  const result = form.safeParse(value, { error: wordsFor });
  if (result.success) return { ok: true, value: result.data };
  return { ok: false, problems: problemsOf(result.error.issues, []) };
}

/** Problems that begin with the id of the list entry they are in: people know a clause by it, not by its place. */
export function namingEntries(value: unknown, problems: readonly FieldProblem[]): FieldProblem[] {
  return problems.map(({ path, detail }) => {
    const entry = entryAt(value, path);
    return { path, detail: entry === undefined ? detail : `${quoted(entry)}: ${detail}` };
  });
}

/** Of the innermost entry; none for a problem of the id itself, which quotes it already. */
function entryAt(value: unknown, path: FieldProblem['path']): string | undefined {
  if (path.at(-1) === 'id') return undefined;
  let entry: string | undefined;
  let at = value;
  for (const key of path) {
    if (typeof at !== 'object' || at === null) break;
    const listed = Array.isArray(at);
    at = (at as Record<string | number, unknown>)[key];
    const id = listed && typeof at === 'object' && at !== null && 'id' in at ? at.id : undefined;
    if (typeof id === 'string' && id !== '') entry = id;
  }
  return entry;
}

/** Writes a path the way people do: `queues[0].sla`. */
export function fieldName(path: FieldProblem['path']): string {
  const text = path.map((key) => (typeof key === 'number' ? `[${key}]` : `.${key}`)).join('');
  return text.startsWith('.') ? text.slice(1) : text;
}

function problemsOf(issues: readonly z.core.$ZodIssue[], above: FieldProblem['path']): FieldProblem[] {
  // A list where a text belongs is not also too short.
  const mistaken = new Set(
    issues.filter(({ code }) => code === 'invalid_type').map(({ path }) => path.join('/')),
  );
  const telling = issues.filter(
    ({ code, path }) => (code !== 'too_small' && code !== 'too_big') || !mistaken.has(path.join('/')),
  );
  return telling.flatMap((issue) => {
    const path = [...above, ...issue.path.filter((key) => typeof key !== 'symbol')];
    // Of the forms a value may take, the one with the fewest complaints is the one that was meant.
    const [meant] = issue.code === 'invalid_union' ? issue.errors.toSorted(byDistance) : [];
    if (meant?.some((inner) => inner.path.length > 0)) return problemsOf(meant, path);
    if (issue.code === 'unrecognized_keys') {
      return issue.keys
        .slice(0, MOST_NAMED)
        .map((key) => ({ path: [...path, quoted(key)], detail: issue.message }));
    }
    return [{ path, detail: issue.message }];
  });
}

const byDistance = (a: readonly z.core.$ZodIssue[], b: readonly z.core.$ZodIssue[]): number =>
  distance(a) - distance(b);

/** A field that does not belong, or a value of another kind altogether, weighs more than a wrong value in place. */
const distance = (issues: readonly z.core.$ZodIssue[]): number =>
  issues.reduce((sum, issue) => sum + (issue.path.length === 0 ? 100 : 1), 0);

function wordsFor(issue: z.core.$ZodRawIssue): string | undefined {
  switch (issue.code) {
    case 'unrecognized_keys':
      return `unknown field ${list(issue.keys)}; correct the name or remove it${knownFields(issue.inst)}`;
    case 'invalid_type':
      if (issue.input === undefined) return `is missing; add ${article(issue.expected)}`;
      return `must be ${article(issue.expected)}, not ${describe(issue.input)}`;
    case 'invalid_value':
      if (issue.input === undefined) return `is missing; write ${oneOf(issue.values)}`;
      return `must be ${oneOf(issue.values)}, not ${describe(issue.input)}`;
    case 'too_small':
      return `must be ${issue.inclusive === false ? 'more than' : 'at least'} ${amount(issue.minimum, issue.origin)}`;
    case 'too_big':
      return `must be ${issue.inclusive === false ? 'less than' : 'at most'} ${amount(issue.maximum, issue.origin)}`;
    case 'invalid_key':
      return 'has a key that is not allowed here; correct its name';
    case 'invalid_format':
    case 'invalid_element':
    case 'invalid_union':
    case 'not_multiple_of':
    case 'custom':
      return undefined;
  }
}

function knownFields(form: unknown): string {
  return form instanceof z.ZodObject ? ` (known here: ${Object.keys(form.shape).join(', ')})` : '';
}

function amount(limit: number | bigint, origin: string): string {
  if (origin === 'string')
    return limit === 1 || limit === 1n ? 'one character long' : `${limit} characters long`;
  if (origin === 'array') return `${limit} ${limit === 1 ? 'entry' : 'entries'} long`;
  return `${limit}`;
}

function article(expected: string): string {
  const names: Record<string, string> = {
    string: 'a text',
    number: 'a number',
    int: 'a whole number',
    boolean: 'true or false',
    array: 'a list',
    object: 'a group of fields',
    record: 'a group of fields',
  };
  return names[expected] ?? expected;
}

function describe(input: unknown): string {
  if (input === null) return 'empty';
  if (Array.isArray(input)) return 'a list';
  if (typeof input === 'object') return 'a group of fields';
  return typeof input === 'string' ? JSON.stringify(quoted(input)) : `${input as number | boolean}`;
}

// What was sent is quoted only so far: an answer must not grow with a senseless question.
const MOST_QUOTED = 80;
const MOST_NAMED = 10;

const quoted = (text: string): string =>
  text.length <= MOST_QUOTED ? text : `${text.slice(0, MOST_QUOTED)}…`;

const list = (words: readonly string[]): string => {
  const named = words.slice(0, MOST_NAMED).map((word) => `"${quoted(word)}"`);
  return named.join(', ') + (words.length > MOST_NAMED ? ` and ${words.length - MOST_NAMED} more` : '');
};

const oneOf = (values: readonly unknown[]): string =>
  values.length === 1 ? String(values[0]) : `one of ${values.join(', ')}`;
