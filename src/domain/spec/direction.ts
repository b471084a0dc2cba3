/** Whether a change of a clause asks for more, or for less, than before; what only differs is neither. */

import { parseDuration } from '../calendar/duration.js';
import type { Json } from '../json.js';
import { isGroup } from './field-words.js';

export type Direction = 'stricter' | 'looser' | 'neither';

/** Of two fields: the old and the new value, and the clauses they stand in. */
interface FieldChange {
  readonly before: Json | undefined;
  readonly after: Json | undefined;
  /** The comparison of the clause, where it has the same before and after. */
  readonly op?: Json | undefined;
}

type Scale = (value: Json | undefined) => number | undefined;

const steps =
  (...ascending: readonly (string | undefined)[]): Scale =>
  (value) => {
    const at = ascending.indexOf(value as string | undefined);
    return at < 0 ? undefined : at;
  };
const amount: Scale = (value) => (typeof value === 'number' ? value : undefined);
/** Of a list, how much it names. */
const length: Scale = (value) => (Array.isArray(value) ? value.length : undefined);
const milliseconds: Scale = (value) => {
  const duration = typeof value === 'string' ? parseDuration(value) : undefined;
  return duration?.kind === 'elapsed' ? duration.ms : undefined;
};
/** A prohibition without a limit forbids every amount, a permission without one allows any. */
const limit =
  (without: number): Scale =>
  (value) =>
    value === undefined ? without : amount(value);
/** No limit on the age is the loosest there is. */
const age: Scale = (value) => (value === undefined ? Number.POSITIVE_INFINITY : milliseconds(value));

const up = (scale: Scale) => [scale, 1] as const;
const down = (scale: Scale) => [scale, -1] as const;

/** By section and field: a scale, and in which direction it becomes stricter. */
const SCALES: { readonly [field: string]: readonly [scale: Scale, sign: 1 | -1] } = {
  'checks.at': up(length),
  'checks.by': up(length),
  'checks.every': down(milliseconds),
  'checks.failAfter': down((value) => amount(value ?? 1)),
  'checks.minSample': up(amount),
  'checks.onBreach': up(steps('warn', 'strengthen', 'hold', 'roll-back', 'fall-back')),
  'may.onAttempt': up(steps('review', 'block', 'block-and-incident')),
  'may.limit': down(limit(Number.POSITIVE_INFINITY)),
  'mustNot.limit': down(limit(Number.NEGATIVE_INFINITY)),
  // Asked of no permission in particular it is asked of all of them.
  'toPerson.of': up((value) => (value === undefined ? Number.POSITIVE_INFINITY : length(value))),
  'guard.sample': up((value) => amount(value ?? 0)),
  'guard.whenUnknown': up(steps('allow', 'review', 'block')),
  'mustNot.onAttempt': up(steps('review', 'block', 'block-and-incident')),
  'evidence.maxAge': down(age),
  'evidence.from': up((value) => steps('any', 'independent')(value ?? 'any')),
  'evidence.proves': up((value) => length(value ?? [])),
};

/** Which way one field of a clause went. Lists count only where one holds all of the other. */
export function directionOf(section: string, field: string, change: FieldChange): Direction {
  const { before, after, op } = change;
  if (section === 'toPerson' && field === 'when') return directionOfCondition(before, after);
  const [scale, sign] = (isLimit(section, field) ? limitScale(op) : SCALES[`${section}.${field}`]) ?? [];
  if (scale === undefined || sign === undefined || !comparable(before, after)) return 'neither';
  const [was, is] = [scale(before), scale(after)];
  if (was === undefined || is === undefined || was === is) return 'neither';
  return is > was === (sign === 1) ? 'stricter' : 'looser';
}

/** The more cases a condition sends to people, the stricter it is; only a moved threshold says so. */
function directionOfCondition(before: Json | undefined, after: Json | undefined): Direction {
  if (!isGroup(before) || !isGroup(after) || before.metric !== after.metric || before.op !== after.op)
    return 'neither';
  const [was, is] = [amount(before.value), amount(after.value)];
  if (was === undefined || is === undefined || was === is) return 'neither';
  const sendsMoreWhenHigher = before.op === '<' || before.op === '<=';
  return is > was === sendsMoreWhenHigher ? 'stricter' : 'looser';
}

const isLimit = (section: string, field: string): boolean => section === 'checks' && field === 'value';

function limitScale(op: Json | undefined): readonly [Scale, 1 | -1] | undefined {
  if (op === '>=') return up(amount);
  return op === '<=' ? down(amount) : undefined;
}

function comparable(before: Json | undefined, after: Json | undefined): boolean {
  if (!Array.isArray(before) || !Array.isArray(after)) return true;
  const [less, more] = before.length <= after.length ? [before, after] : [after, before];
  return less.every((each) => more.includes(each));
}

/** What a clause that comes asks for; one that goes is the opposite. */
export function directionOfNew(section: string): Direction {
  switch (section) {
    case 'mustNot':
    case 'checks':
    case 'toPerson':
    case 'evidence':
    case 'checkpoints':
      return 'stricter';
    case 'may':
      return 'looser';
    default:
      return 'neither';
  }
}

export function opposite(direction: Direction): Direction {
  switch (direction) {
    case 'stricter':
      return 'looser';
    case 'looser':
      return 'stricter';
    case 'neither':
      return 'neither';
  }
}
