/**
 * Words that a written body may use for what nobody can know beforehand: `$now`, `$now-20d` and `$now+30d`,
 * `$spec` and `$release` (digests of what the open delivery is about), `$hold` (the open hold).
 */
import { elapsedOf, elapsedTime } from '../../contracts/duration-text.js';
import { UsageError } from '../client/problems.js';
import { isGroup } from './read-written.js';

/** The part of a view that words stand for. */
export interface Known {
  readonly delivery: {
    readonly spec: { readonly digest: string } | null;
    readonly release: { readonly digest: string } | null;
  } | null;
  readonly holds: readonly { readonly hold: string }[];
}

const NOW = /^\$now(?:([-+])(\w+))?$/;

/** Whether a body has words that only a lifecycle can tell. */
export function asksForView(body: unknown): boolean {
  return texts(body).some((text) => text === '$spec' || text === '$release' || text === '$hold');
}

/** The body with every word replaced; throws `UsageError` where there is nothing that it stands for. */
export function fillIn(body: unknown, known: Known | undefined, now: number): unknown {
  if (typeof body === 'string') return fillWord(body, known, now);
  if (Array.isArray(body)) return body.map((each: unknown) => fillIn(each, known, now));
  if (!isGroup(body)) return body;
  return Object.fromEntries(Object.entries(body).map(([key, value]) => [key, fillIn(value, known, now)]));
}

function fillWord(text: string, known: Known | undefined, now: number): string {
  const [, sign, away] = NOW.exec(text) ?? [];
  if (away !== undefined) return new Date(now + (sign === '-' ? -1 : 1) * msOf(away)).toISOString();
  switch (text) {
    case '$now':
      return new Date(now).toISOString();
    case '$spec':
      return known?.delivery?.spec?.digest ?? nothing(text, 'no spec is drafted');
    case '$release':
      return known?.delivery?.release?.digest ?? nothing(text, 'no release is registered');
    case '$hold':
      return known?.holds[0]?.hold ?? nothing(text, 'nothing is held');
    default:
      return text;
  }
}

function msOf(written: string): number {
  if (elapsedTime.safeParse(written).success) return elapsedOf(written);
  throw new UsageError(`$now takes elapsed time, such as $now-20d, not ${written}`);
}

function nothing(word: string, why: string): never {
  throw new UsageError(`${word} stands for nothing now: ${why}`);
}

function texts(body: unknown): string[] {
  if (typeof body === 'string') return [body];
  if (Array.isArray(body)) return body.flatMap(texts);
  return isGroup(body) ? Object.values(body).flatMap(texts) : [];
}
