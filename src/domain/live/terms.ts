/** What the guard is to look at, and how often: all of it from the spec and the rules of the tier. */
import { rulesOf, scaled } from '../lifecycle/rules.js';
import type { State } from '../lifecycle/state.js';
import type { OperatingModel, TierRules } from '../policy.js';
import type { Check, CompiledSpec } from '../spec/spec.js';

/** A clause as it is watched, its times scaled, in milliseconds. */
export interface WatchedCheck {
  readonly check: Check;
  /** null: everything since the exposure began. */
  readonly window: number | null;
  /** Between two judgements that count as consecutive. */
  readonly stride: number;
}

export interface WatchTerms {
  readonly checks: readonly WatchedCheck[];
  readonly minSample: TierRules['minSample'];
  /** Milliseconds between two looks. */
  readonly poll: number;
  /** Milliseconds without a measurement that are a breach. */
  readonly silenceAfter: number;
}

/** Where a spec does not say how often: so many looks in one window, and two within the limit of silence. */
const LOOKS_PER_WINDOW = 10;
const LOOKS_PER_SILENCE = 2;
/** Of a clause that names neither a window nor how often. */
const DAY_MS = 86_400_000;
const LEAST_POLL_MS = 1_000;

function pollOf({ every, window }: Check, silenceAfter: number): number {
  return every ?? Math.min((window ?? DAY_MS) / LOOKS_PER_WINDOW, silenceAfter / LOOKS_PER_SILENCE);
}

/** The clauses of a spec that are judged live, as the tier's rules have them watched; null where there are none. */
export function termsOf(state: State, spec: CompiledSpec): WatchTerms | null {
  const rules = rulesOf(state);
  return rules && watchTerms(spec, rules, state.model);
}

/** The same for a spec that is not in force (yet), under rules that are. */
export function watchTerms(
  { checks }: Pick<CompiledSpec, 'checks'>,
  rules: Pick<TierRules, 'silence' | 'minSample'>,
  model: OperatingModel,
): WatchTerms | null {
  const live = checks.filter(({ at }) => at.includes('live'));
  if (live.length === 0) return null;
  const ms = (time: number) => scaled(model, time);
  const { after } = rules.silence;
  return {
    checks: live.map((check) => ({
      check,
      window: check.window === null ? null : ms(check.window),
      stride: ms(check.every ?? check.window ?? DAY_MS),
    })),
    minSample: rules.minSample,
    poll: Math.max(LEAST_POLL_MS, ms(Math.min(...live.map((check) => pollOf(check, after))))),
    silenceAfter: ms(after),
  };
}
