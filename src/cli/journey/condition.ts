/** What a journey waits for, or looks at: judged by the view alone. */
import { elapsedOf } from '../../contracts/duration-text.js';
import type { View } from '../client/lifecycles.js';
import type { Condition } from './form.js';

/** What a view shows in the words of a condition. */
function shown(view: View): {
  readonly [K in Exclude<keyof Condition, 'waitsFor' | 'verifiedWithin'>]-?: unknown;
} {
  const { stage, delivery, gates, holds, candidate, serving } = view;
  return {
    stage,
    delivery: delivery?.step ?? 'none',
    gates: gates.map(({ gate }) => gate).sort(),
    holds: holds.map(({ source }) => source).sort(),
    rollout: candidate === null ? 'none' : `${candidate.step} ${candidate.phase}`,
    serving: serving?.label ?? 'fallback',
    exposure: exposed(view),
  };
}

function exposed({ exposure: { applied } }: View): number | 'unknown' {
  if (applied === 'unknown') return 'unknown';
  const candidate = applied.candidate === null || applied.candidate.shadow ? 0 : applied.candidate.percent;
  return candidate + (applied.serving?.percent ?? 0);
}

/** Everything that a view does not show and should: `stage is review, not live`. Empty when it all holds. */
export function unmet(condition: Condition, view: View, timeScale: number, now: number): string[] {
  const { waitsFor, verifiedWithin, ...plain } = condition;
  const seen = shown(view);
  const missing = Object.entries(plain).flatMap(([name, wanted]) => {
    const value = seen[name as keyof typeof seen];
    const sorted = Array.isArray(wanted) ? wanted.toSorted() : wanted;
    return JSON.stringify(value) === JSON.stringify(sorted)
      ? []
      : [`${name} is ${text(value)}, not ${text(sorted)}`];
  });
  if (waitsFor !== undefined && !view.waitingOn.some(({ who }) => who === waitsFor)) {
    missing.push(`${waitsFor} is not waited for, but ${view.waitingOn.map(({ who }) => who).join(', ')}`);
  }
  if (verifiedWithin !== undefined && !isNear(view, elapsedOf(verifiedWithin) * timeScale, now)) {
    missing.push(`the next verification is not within ${verifiedWithin}`);
  }
  return missing;
}

function isNear(view: View, withinMs: number, now: number): boolean {
  const due = view.waitingOn.find(({ who }) => who === 'rollout')?.due ?? null;
  return due !== null && due - now <= withinMs;
}

/** A condition as words: `stage live, serving r2`. */
export function inWords(condition: Condition): string {
  const { verifiedWithin, waitsFor, ...plain } = condition;
  const words = Object.entries(plain).map(([name, value]) => `${name} ${text(value)}`);
  if (waitsFor !== undefined) words.push(`waits for ${waitsFor}`);
  if (verifiedWithin !== undefined) words.push(`${verifiedWithin} before the next verification`);
  return words.join(', ');
}

function text(value: unknown): string {
  if (Array.isArray(value)) return value.length === 0 ? 'none' : value.join(' and ');
  return String(value);
}
