/** A lifecycle goes over to another version of its operating model: what that voids, and what it asks for. */
import { digestOf } from '../digest.js';
import { moveClock } from '../gates/clock.js';
import { answerProblems } from '../governance/answers.js';
import type { Facts } from '../governance/facts.js';
import { computeTier } from '../governance/tier.js';
import { assess } from '../lifecycle/assessment.js';
import type { Draft } from '../lifecycle/draft.js';
import { calendarOf, rulesFor } from '../lifecycle/rules.js';
import { staffingReasons } from '../lifecycle/staffing.js';
import type { State } from '../lifecycle/state.js';
import type { OperatingModel } from '../policy.js';
import { type Reason, type Rejection, reject, rejectAll } from '../rejection.js';
import { redraft } from './redraft.js';
import { askForMore, regate } from './regate.js';
import { remediate, shortenTerm } from './remediate.js';

/** The answers under the questions of another model: what it does not offer counts as unsure. */
function factsUnder(model: OperatingModel, facts: Facts): Facts {
  const unfit = new Set(answerProblems(facts, model.facts).map(({ fact }) => fact));
  return Object.fromEntries(
    model.facts.map(({ id }) => [id, unfit.has(id) ? 'unsure' : (facts[id] ?? 'unsure')]),
  );
}

/** Seats that nobody could fill once this model rules. */
function staffingUnder(state: State, model: OperatingModel): Reason[] {
  const facts = factsUnder(model, state.facts);
  const rules = rulesFor(model, state.mode, computeTier(model, facts).tier);
  return staffingReasons(rules, { ...state, editors: model.editors });
}

/** Why a lifecycle cannot go over to a model, whoever asks: another name, no higher version, a seat nobody fills. */
export function refuseMove(state: State, model: OperatingModel): Rejection | undefined {
  const { name, version, digest } = state.model;
  if (model.digest === digest) return reject('unchanged', `${name} ${version} rules already`, 'version');
  if (model.name !== name) {
    return reject(
      'no-such-version',
      `the rules here are versions of ${name}, not of ${model.name}`,
      'version',
    );
  }
  if (model.version <= version) {
    return reject('no-such-version', `version ${version} rules already; name a higher one`, 'version');
  }
  return rejectAll(staffingUnder(state, model));
}

/** Goes over. What is exposed stays exposed; what is not decided yet is decided by the new rules. */
export function moveToModel(
  draft: Draft,
  { model, why }: { readonly model: OperatingModel; readonly why: 'migration' | 'delivery' },
): void {
  const before = draft.state;
  const { version, digest } = before.model;
  draft.emit({ type: 'OperatingModelMoved', from: { version, digest }, model, why });
  moveClocks(draft, before);
  reassess(draft);
  redraft(draft, before, `operating model ${model.name} ${model.version} asks other things of a spec`);
  regate(draft, before);
  askForMore(draft, before);
  remediate(draft, before);
  shortenTerm(draft);
}

/** What clocks run by; where the offsets come from is the machine's. */
function hours({ zone, offsets, week, holidays, validThrough }: ReturnType<typeof calendarOf>) {
  return digestOf({ zone, offsets, week, holidays, validThrough });
}

function moveClocks(draft: Draft, before: State): void {
  const was = calendarOf(before);
  const is = calendarOf(draft.state);
  if (hours(was) === hours(is)) return;
  for (const gate of Object.values(draft.state.gates)) {
    const from = gate.clock.pausedAt ?? draft.now;
    const clock = moveClock(gate.clock, was, is, from, from);
    draft.emit({ type: 'GateClockMoved', gate: gate.id, clock, why: 'calendar' });
  }
}

/** Other questions or rules of the tier. A tier lowered by hand stays lowered while the facts say the same. */
function reassess(draft: Draft): void {
  const { model, facts, tier } = draft.state;
  const next = factsUnder(model, facts);
  const computed = computeTier(model, next);
  if (digestOf(next) !== digestOf(facts) || computed.tier !== tier.computed) assess(draft, next);
  else if (computed.rule !== tier.rule) {
    draft.emit({ type: 'RiskAssessed', facts, tier: { ...tier, rule: computed.rule } });
  }
}
