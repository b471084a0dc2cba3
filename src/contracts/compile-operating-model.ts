import { digestOf } from '../domain/digest.js';
import type { OperatingModel } from '../domain/policy.js';
import { compileCalendar } from './compile-calendar.js';
import { businessOf, elapsedOf } from './duration-text.js';
import { compileGate } from './operating-model/compile-gate.js';
import { compileTierRules } from './operating-model/compile-tier-rules.js';
import { compileDelegation, compileHandover } from './operating-model/delegation.js';
import type { WrittenOperatingModel } from './operating-model/model-form.js';
import { compileBreakGlass, compileExceptions } from './operating-model/passes.js';
import { compilePolicyChange } from './operating-model/policy-change.js';
import { authorityOf } from './operating-model/words.js';

/**
 * Compiles a parsed operating model into the value that is pinned into lifecycles. Its digest covers the
 * written form, so that publishing the same text twice is the same policy.
 */
export function compileOperatingModel(written: WrittenOperatingModel): OperatingModel {
  const { name, version, demo, timeScale, facts, tierRules, tierOtherwise, specConditions } = written;
  const { defaultCalendar, rules, twoKey, freezes, reentry, editors } = written;
  const column = (mode: 'pilot' | 'governed') => ({
    low: compileTierRules(rules[mode].low),
    medium: compileTierRules(rules[mode].medium),
    high: compileTierRules(rules[mode].high),
  });
  return {
    name,
    version,
    digest: digestOf(written),
    demo,
    timeScale,
    facts,
    tierRules,
    tierOtherwise,
    specConditions,
    calendars: Object.fromEntries(
      Object.entries(written.calendars).map(([id, calendar]) => [id, compileCalendar(id, calendar)]),
    ),
    defaultCalendar,
    rules: { pilot: column('pilot'), governed: column('governed') },
    promotion: compileGate(written.promotion),
    retirement: compileGate(written.retirement),
    twoKey: {
      sla: businessOf(twoKey.sla),
      breakGlassExpires: elapsedOf(twoKey.breakGlassExpires),
      lowerTier: twoKey.lowerTier.map(authorityOf),
      lowerMateriality: twoKey.lowerMateriality.map(authorityOf),
      correctProhibited: twoKey.correctProhibited.map(authorityOf),
      loweredTierExpires: elapsedOf(twoKey.loweredTierExpires),
    },
    policyChange: compilePolicyChange(written.policyChange),
    ...(written.conflict && { conflict: compileGate(written.conflict) }),
    ...(written.breakGlass && { breakGlass: compileBreakGlass(written.breakGlass) }),
    ...(written.exceptions && { exceptions: compileExceptions(written.exceptions) }),
    ...(written.overdue && { overdue: written.overdue }),
    ...(written.delegation && { delegation: compileDelegation(written.delegation) }),
    ...(written.handover && { handover: compileHandover(written.handover) }),
    freezes: freezes.map((freeze) => ({
      name: freeze.name,
      from: Date.parse(freeze.from),
      until: Date.parse(freeze.until),
    })),
    reentry,
    editors,
  };
}
