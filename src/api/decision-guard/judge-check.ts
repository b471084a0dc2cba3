import type { GuardCheck } from '../../contracts/guard.js';
import {
  actingReleases,
  blocked,
  type Judgement,
  judgeAction,
  stricterJudgement,
  unknown,
} from '../../domain/guard/judge.js';
import { type GuardRules, stricter } from '../../domain/guard/rules.js';
import type { GuardBook } from './book.js';
import type { Caps } from './caps.js';

/** What is said where something cannot be known, of everything that acts. */
type Fallback = Pick<GuardRules, 'whenUnknown' | 'queue'>;

export interface Checked {
  readonly judged: Judgement;
  /** null: no spec is known. */
  readonly fallback: Fallback | null;
}

/** Judges an action by what this instance has in memory. Asks nobody. */
export function judgeCheck(book: GuardBook, caps: Caps, key: string, check: GuardCheck): Checked {
  const standing = book.standing(key);
  if (standing === undefined) {
    return { judged: blocked(book.current ? 'not-exposed' : 'out-of-date'), fallback: null };
  }
  const acting = actingReleases(standing, check);
  if ('verdict' in acting) return { judged: acting, fallback: null };

  let judged: Judgement | undefined;
  let fallback: Fallback | undefined;
  for (const { spec } of acting) {
    const rules = book.rules(spec);
    if (rules === undefined) return { judged: unknown(null, 'rules-unknown'), fallback: null };
    const one = judgeAction(rules, standing, check);
    judged = judged === undefined ? one : stricterJudgement(judged, one);
    fallback = {
      whenUnknown: stricter(rules.whenUnknown, fallback?.whenUnknown ?? 'allow'),
      queue: fallback?.queue ?? rules.queue,
    };
  }
  if (judged === undefined || fallback === undefined)
    return { judged: blocked('not-exposed'), fallback: null };
  if (!book.current) judged = unknown(fallback, 'out-of-date', judged);
  if (judged.verdict === 'block' || standing.caps === null) return { judged, fallback };
  return { judged: withinCaps(caps, key, check, judged, fallback), fallback };
}

/** A case that a person looks at is a case of the pilot too. */
function withinCaps(
  caps: Caps,
  key: string,
  { person, case: reference }: GuardCheck,
  judged: Judgement,
  fallback: Fallback,
): Judgement {
  if (person === undefined) return blocked('person-missing');
  switch (caps.admit(key, { person, case: reference })) {
    case 'counted':
      return judged;
    case 'reached':
      return blocked('cap-reached');
    case 'unknown': {
      // Allowed uncounted, there would be no end of cases: a person looks at each at least.
      const whenUnknown = stricter('review', fallback.whenUnknown);
      return unknown({ ...fallback, whenUnknown }, 'caps-unknown', judged);
    }
  }
}
