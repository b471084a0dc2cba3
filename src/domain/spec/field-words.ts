/** The fields of a spec in the words of whoever approves it. */
import { canonicalForm } from '../digest.js';
import type { Json } from '../json.js';

/** Fields whose own name says too little. */
const NAMES: { readonly [field: string]: string } = {
  at: 'judged in',
  by: 'judged by group',
  every: 'looked at every',
  failAfter: 'failing windows in a row that breach',
  minSample: 'samples needed',
  onBreach: 'on breach',
  onAttempt: 'on attempt',
  secondLine: 'second line',
  default: 'when nobody decides',
  sla: 'time to decide',
  minutesPerItem: 'minutes a case',
  hoursPerDay: 'hours a day',
  before: 'needed before',
  maxAge: 'at most this old',
  standsFor: 'stands for',
  who: 'done by',
  whenUnknown: 'where it cannot know',
  sample: 'share that people look at',
  of: 'asked of',
};

/** `section` tells apart the value of a check and the value of anything else. */
function nameOf(section: string, field: string): string {
  if (section === 'checks' && field === 'value') return 'limit';
  if (section === 'value' && field === 'by') return 'reached by';
  return NAMES[field] ?? field;
}

const SIGNS: { readonly [op: string]: string } = {
  '<=': 'at most',
  '>=': 'at least',
  '<': 'below',
  '>': 'above',
};

/** A comparison and its limit are one thing to say. */
function limitOf(clause: { readonly [field: string]: Json }): string {
  const op = said(clause.op);
  return `${SIGNS[op] ?? op} ${said(clause.value)}`;
}

/** A value as a sentence has it. */
export function said(value: Json | undefined): string {
  if (value === undefined) return 'nothing';
  if (typeof value === 'string') return value;
  if (isList(value)) return value.length === 0 ? 'none' : value.map(said).join(', ');
  if (!isGroup(value)) return canonicalForm(value);
  if ('metric' in value && 'op' in value) return `${said(value.metric)} ${limitOf(value)}`;
  return Object.entries(value)
    .map(([field, each]) => `${field} ${said(each)}`)
    .join(', ');
}

/** All that a clause says, in the order in which it is written; its id stands before it already. */
export function clauseInWords(section: string, clause: Json): string {
  if (!isGroup(clause)) return said(clause);
  const judged = section === 'checks' && 'op' in clause;
  const fields = Object.entries(clause).filter(([field]) => field !== 'id' && !(judged && field === 'op'));
  return fields
    .map(([field, value]) => {
      if (judged && field === 'metric') return said(value);
      if (judged && field === 'value') return limitOf(clause);
      return `${nameOf(section, field)} ${said(value)}`;
    })
    .join(', ');
}

/** One field that differs; for a list, what came and what went. */
export function fieldInWords(
  section: string,
  field: string,
  before: Json | undefined,
  after: Json | undefined,
): string {
  const name = nameOf(section, field);
  if (isList(before) && isList(after)) return `${name} ${listChange(before, after)}`;
  return `${name} ${said(before)} → ${said(after)}`;
}

/** What two lists differ in; where they hold the same, both as they are. */
export function listChange(before: readonly Json[], after: readonly Json[]): string {
  const known = (list: readonly Json[]) => new Set(list.map((each) => canonicalForm(each)));
  const without = (list: readonly Json[], other: ReadonlySet<string>) =>
    list.filter((each) => !other.has(canonicalForm(each)));
  const came = without(after, known(before)).map((each) => `also ${said(each)}`);
  const went = without(before, known(after)).map((each) => `no longer ${said(each)}`);
  const words = [...came, ...went].join(', ');
  return words === '' ? `${said([...before])} → ${said([...after])}` : words;
}

export function isList(value: Json | undefined): value is readonly Json[] {
  return Array.isArray(value);
}

export function isGroup(value: Json | undefined): value is { readonly [key: string]: Json } {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
