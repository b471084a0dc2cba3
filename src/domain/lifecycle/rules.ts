/** Which part of the pinned operating model applies to a state. */
import type { CompiledCalendar } from '../calendar/calendar.js';
import { authorityName } from '../gates/authority.js';
import type { GateRule, OperatingModel, TierRules } from '../policy.js';
import { type Reason, type Rejection, rejectAll } from '../rejection.js';
import type { GateName, Mode, Tier } from '../vocabulary.js';
import { freezingReasons } from './frozen.js';
import type { Hold, State, TierAssessment } from './state.js';

export function effectiveTier(tier: TierAssessment): Tier {
  return tier.lowered?.tier ?? tier.computed;
}

/** The rules of a mode and tier; null for `prohibited`, which has none. */
export function rulesFor(model: OperatingModel, mode: Mode, tier: Tier): TierRules | null {
  return tier === 'prohibited' ? null : model.rules[mode][tier];
}

export function rulesOf(state: State): TierRules | null {
  return rulesFor(state.model, state.mode, effectiveTier(state.tier));
}

/** The team's calendar where the model knows it, else the model's own. */
export function calendarOf(state: Pick<State, 'model' | 'team'>): CompiledCalendar {
  const { calendars, defaultCalendar } = state.model;
  const calendar = calendars[state.team.calendar] ?? calendars[defaultCalendar];
  if (!calendar) throw new Error(`operating model without its default calendar ${defaultCalendar}`);
  return calendar;
}

/** The rule of a gate for the mode and tier; null where the model does not list it. */
export function gateRule(state: State, name: Exclude<GateName, 'two-key'>): GateRule | null {
  const rules = rulesOf(state);
  switch (name) {
    case 'promotion':
      return rules && state.model.promotion;
    case 'retirement':
      return state.model.retirement;
    case 'conflict':
      return state.model.conflict ?? null;
    case 'retrospective':
      return state.model.breakGlass?.retrospective ?? null;
    case 'change':
      return rules?.change ?? null;
    case 'scoping':
    case 'start':
    case 'specification':
    case 'launch':
    case 'readiness':
      return rules?.gates[name] ?? null;
  }
}

/** The exit of review: a material change passes it like a launch, a minor one has the change gate. */
export function reviewGateName(state: State, minor: boolean): 'change' | 'readiness' | 'launch' | 'start' {
  const gates = rulesOf(state)?.gates ?? {};
  if (minor) return 'change';
  return gates.readiness ? 'readiness' : gates.launch ? 'launch' : 'start';
}

/** The exit of scoping: a pilot's is its start. */
export function scopingGateName(state: Pick<State, 'mode'>): 'scoping' | 'start' {
  return state.mode === 'pilot' ? 'start' : 'scoping';
}

/** Whether a tier that rose after scoping asks for a scoping gate that nobody has passed. */
export function scopingOwed(state: State): boolean {
  const { scoped, stage, model, mode } = state;
  if (scoped === null || stage === 'scoping' || stage === 'retired') return false;
  const wasListed = rulesFor(model, mode, scoped)?.gates.scoping !== undefined;
  return mode === 'governed' && !wasListed && gateRule(state, 'scoping') !== null;
}

/** Elapsed time of the model's rollouts and of the spec, shortened where the model is a demonstration. */
export function scaled(model: OperatingModel, ms: number): number {
  return Math.round(ms * model.timeScale);
}

/** Why nothing moves forward, as reasons; empty when no hold is open. */
export function holdReasons(state: State): Reason[] {
  return state.holds.map((hold) => ({
    code: 'held',
    message: `hold ${hold.id} (${hold.source}, ${hold.effect}) is open; it is lifted by ${liftedBy(hold).join(' and ')}`,
    fact: hold.id,
  }));
}

/** What lifts a hold, in words: its keys, or the owner of the condition that it goes with. */
export function liftedBy({ source, about, lift }: Hold): readonly string[] {
  if (source === 'condition') return [`the owner of condition ${about ?? ''}`];
  return lift.keys.map(authorityName);
}

export function refuseWhileHeld(state: State): Rejection | undefined {
  return rejectAll([...holdReasons(state), ...freezingReasons(state)]);
}
