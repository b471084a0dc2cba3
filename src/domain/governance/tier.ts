import type { OperatingModel, TierRule } from '../policy.js';
import { type BusinessFunction, TIERS, type Tier } from '../vocabulary.js';
import type { Fact, Facts } from './facts.js';
import { holds } from './holds.js';
import { possibleFacts } from './possible-facts.js';

/** Stands as the rule where none matched. */
export const NO_RULE = 'otherwise';

export interface ComputedTier {
  readonly tier: Tier;
  /** Id of the rule that matched, such as H5, or `otherwise`. */
  readonly rule: string;
  /** Function whose member lifts the hold that the rule brings with it. */
  readonly holdFor?: BusinessFunction;
}

type TierPolicy = Pick<OperatingModel, 'facts' | 'tierRules' | 'tierOtherwise'>;

/**
 * The first matching rule's tier. Where answers are `unsure` and unordered: the strictest over all they may
 * stand for, which is the highest tier, with a hold before without, and then the first rule of the list.
 */
export function computeTier(model: TierPolicy, facts: Facts): ComputedTier {
  const matches = new Set(
    possibleFacts(facts, model.facts).map((assignment) =>
      firstMatch(model.tierRules, assignment, model.facts),
    ),
  );
  const strictest = [...matches].reduce((a, b) => (compareStrictness(model, a, b) >= 0 ? a : b));
  if (strictest === undefined) return { tier: model.tierOtherwise, rule: NO_RULE };
  const { id, tier, holdFor } = strictest;
  return { tier, rule: id, ...(holdFor === undefined ? {} : { holdFor }) };
}

function firstMatch(
  rules: readonly TierRule[],
  facts: Facts,
  definitions: readonly Fact[],
): TierRule | undefined {
  return rules.find((rule) => holds(rule.when, facts, definitions));
}

/** Positive where `a` is the stricter; undefined is the tier of no rule. */
function compareStrictness(model: TierPolicy, a: TierRule | undefined, b: TierRule | undefined): number {
  const severity = (rule: TierRule | undefined) => TIERS.indexOf(rule?.tier ?? model.tierOtherwise);
  const held = (rule: TierRule | undefined) => Number(rule?.holdFor !== undefined);
  const place = (rule: TierRule | undefined) =>
    rule === undefined ? model.tierRules.length : model.tierRules.indexOf(rule);
  return severity(a) - severity(b) || held(a) - held(b) || place(b) - place(a);
}
