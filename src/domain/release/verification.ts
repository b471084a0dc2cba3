/** What a verification does to the rollout: the clause's own `onBreach`, hysteresis, and silence. */
import type { Draft } from '../lifecycle/draft.js';
import { machineHold } from '../lifecycle/holds.js';
import { raiseNotice } from '../lifecycle/notices.js';
import { rulesOf, scaled } from '../lifecycle/rules.js';
import type { Hold, ReleaseDelivery, State } from '../lifecycle/state.js';
import type { Check, CheckPlace, OnBreach } from '../spec/spec.js';
import type { Instant } from '../vocabulary.js';
import { judge, resultOf } from './judge.js';
import { fallBack, rollBackCandidate } from './rollback.js';
import type { Fails, RolloutPhase } from './rollout.js';
import { passStep } from './rollout-progress.js';
import type { Sample, Verdict, VerificationResult } from './verdict.js';

type Verifying = Extract<RolloutPhase, { name: 'verifying' }>;

/** Where a rollout step is judged: a shadow as shadow, every exposed step as canary. */
function placeOf({ rollout }: ReleaseDelivery): CheckPlace {
  return rollout.steps[rollout.step]?.kind === 'shadow' ? 'shadow' : 'canary';
}

/** Where the window of a clause begins: a shadow is judged as a whole, and so is a clause without a window. */
export function windowStart(
  state: State,
  delivery: ReleaseDelivery,
  { since, windowTo }: Pick<Verifying, 'since' | 'windowTo'>,
  { window }: Pick<Check, 'window'>,
): Instant {
  const whole = placeOf(delivery) === 'shadow' || window === null;
  return whole ? since : Math.max(since, windowTo - scaled(state.model, window));
}

/** The clauses judged at the step that is under way. */
export function checksNow(delivery: ReleaseDelivery): Check[] {
  const place = placeOf(delivery);
  return delivery.spec.spec.checks.filter(({ at }) => at.includes(place));
}

function keyOf({ clause, group }: Verdict): string {
  return group === null ? clause : `${clause}/${group}`;
}

/** Consecutive failures after this window; a clause that did not fail starts again. */
function countFails(before: Fails, verdicts: readonly Verdict[]): Fails {
  const failed = verdicts.filter(({ result }) => result === 'failed').map(keyOf);
  return Object.fromEntries(failed.map((key) => [key, (before[key] ?? 0) + 1]));
}

const SEVERITY: readonly OnBreach[] = ['warn', 'strengthen', 'hold', 'roll-back', 'fall-back'];

/** What a breached clause asks for; in a rollout one that says nothing rolls back. */
export function reaction(check: Check): OnBreach {
  return check.onBreach ?? 'roll-back';
}

/** The most severe of what these clauses ask for; undefined without any. */
export function worst(checks: readonly Check[]): OnBreach | undefined {
  return checks.map(reaction).sort((a, b) => SEVERITY.indexOf(b) - SEVERITY.indexOf(a))[0];
}

/** Judges the samples of the window that was asked for, and does what follows. */
export function concludeVerification(
  draft: Draft,
  delivery: ReleaseDelivery,
  phase: Verifying,
  samples: readonly Sample[] | 'errored',
): void {
  const rules = rulesOf(draft.state);
  if (!rules) return;
  const checks = checksNow(delivery);
  const startOf = (check: Pick<Check, 'window'>) => windowStart(draft.state, delivery, phase, check);
  const verdicts =
    samples === 'errored' ? [] : judge(checks, placeOf(delivery), samples, rules.minSample, startOf);
  const judged = draft.state.engine < 3 ? verdicts : withWindows(verdicts, checks, startOf, phase.windowTo);
  const blocking = judged.filter(({ clause }) =>
    checks.some((check) => check.id === clause && reaction(check) !== 'warn'),
  );
  const onlyWarns = judged.filter((verdict) => verdict.result === 'failed' && !blocking.includes(verdict));
  const counted = judged.filter((verdict) => !onlyWarns.includes(verdict));
  const result: VerificationResult = samples === 'errored' ? 'errored' : resultOf(counted);
  const conclusive = result === 'passed' || result === 'failed';
  if (conclusive || result !== phase.last) {
    draft.emit({ type: 'VerificationRecorded', step: delivery.rollout.step, verdicts: judged, result });
    if (onlyWarns.length > 0) warn(draft);
  }
  if (result === 'passed') windowPassed(draft, delivery, phase);
  else if (result === 'failed') windowFailed(draft, delivery, phase, blocking);
  else wait(draft, delivery, phase, judged, result);
}

function withWindows(
  verdicts: readonly Verdict[],
  checks: readonly Check[],
  startOf: (check: Pick<Check, 'window'>) => Instant,
  to: Instant,
): Verdict[] {
  return verdicts.map((verdict) => {
    const check = checks.find(({ id }) => id === verdict.clause) ?? { window: null };
    return { ...verdict, window: { from: startOf(check), to } };
  });
}

/** Tells those who build and run it; nothing is held. */
export function warn(draft: Draft): void {
  const { technicalOwner, operatingOwner } = draft.state.rights;
  const to = [technicalOwner, operatingOwner].flatMap((person) => person ?? []);
  raiseNotice(draft, { kind: 'hold', to: [...new Set(to)], gate: null, due: null });
}

function nextWindow(
  draft: Draft,
  delivery: ReleaseDelivery,
  phase: Verifying,
  change: Partial<Verifying>,
  what: 'window-passed' | 'window-failed',
): void {
  const { step, steps } = delivery.rollout;
  const { since, windowTo, passes, fails, failed } = { ...phase, ...change };
  const window = scaled(draft.state.model, steps[step]?.window ?? 0);
  const after = { passes, fails, ...(failed && { failed }), silentSince: null, last: null };
  const soaking = { since, windowFrom: windowTo, ...after };
  draft.emit({
    type: 'RolloutMoved',
    step,
    phase: { name: 'soaking', verifyAt: windowTo + window, ...soaking },
    what,
  });
}

function windowPassed(draft: Draft, delivery: ReleaseDelivery, phase: Verifying): void {
  const passes = phase.passes + 1;
  const { windows = 1 } = delivery.rollout.steps[delivery.rollout.step] ?? {};
  const { recover = 1 } = phase.failed ? (rulesOf(draft.state)?.rollout ?? {}) : {};
  if (passes >= Math.max(windows, recover)) passStep(draft);
  else nextWindow(draft, delivery, phase, { passes, fails: {} }, 'window-passed');
}

const FAILED = { failed: true } as const;

function windowFailed(
  draft: Draft,
  delivery: ReleaseDelivery,
  phase: Verifying,
  verdicts: readonly Verdict[],
): void {
  const fails = countFails(phase.fails, verdicts);
  const breached = delivery.spec.spec.checks.filter(({ id, failAfter }) =>
    verdicts.some((verdict) => verdict.clause === id && (fails[keyOf(verdict)] ?? 0) >= failAfter),
  );
  const action = worst(breached);
  if (action === 'roll-back' || action === 'fall-back') {
    takeBack(draft, action, breached.map(({ id }) => id).join(', '));
    return;
  }
  const again = { passes: 0, fails: action ? {} : fails, ...(draft.state.engine >= 3 ? FAILED : {}) };
  nextWindow(draft, delivery, phase, again, 'window-failed');
  if (action === 'strengthen') holdOnce(draft, { effect: 'review-all', scope: 'serving' });
  if (action === 'hold') {
    const effect = rulesOf(draft.state)?.criticalHold ?? 'stopped';
    holdOnce(draft, { effect, scope: 'candidate' });
  }
}

/** A clause that goes on failing does not pile up holds: the one that is there has not been lifted yet. */
export function holdOnce(draft: Draft, { effect, scope }: Pick<Hold, 'effect' | 'scope'>): void {
  const same = (hold: Hold) =>
    hold.source === 'verification' && hold.effect === effect && hold.scope === scope;
  if (!draft.state.holds.some(same)) machineHold(draft, { effect, scope, source: 'verification' });
}

/** Takes the candidate back, and with `fall-back` what serves beside it. */
export function takeBack(draft: Draft, action: 'roll-back' | 'fall-back', clauses: string): void {
  const cause = {
    source: 'rollback',
    reason: null,
    by: null,
    verified: true,
    why: `clause ${clauses} breached`,
  } as const;
  rollBackCandidate(draft, cause);
  if (action === 'fall-back') fallBack(draft, cause);
}

/** A tenth of the window, so that a long wait for samples stays quiet; not below the model's recheck. */
const RECHECKS_PER_WINDOW = 10;

/** Nothing conclusive: the step goes on soaking, and looks again. Silence past its limit is a breach. */
function wait(
  draft: Draft,
  delivery: ReleaseDelivery,
  phase: Verifying,
  verdicts: readonly Verdict[],
  result: VerificationResult,
): void {
  const { state, now } = draft;
  const rules = rulesOf(state);
  if (!rules) return;
  const { step, steps } = delivery.rollout;
  const silent =
    result === 'errored' ||
    verdicts.some((verdict) => verdict.result === 'inconclusive' && verdict.why !== 'few-samples');
  const silentSince = silent ? (phase.silentSince ?? phase.windowTo) : null;
  const silentTooLong = silentSince !== null && now - silentSince >= scaled(state.model, rules.silence.after);
  const recheck = scaled(state.model, rules.rollout.recheck);
  const unhurried = Math.round(scaled(state.model, steps[step]?.window ?? 0) / RECHECKS_PER_WINDOW);
  const quiet = silentSince === null || silentTooLong;
  const verifyAt = now + Math.max(1, recheck, quiet ? unhurried : 0);
  const { since, windowFrom, passes, fails, failed } = phase;
  const kept = { since, windowFrom, passes, fails, ...(failed && { failed }) };
  const soaking = { ...kept, silentSince, last: result };
  draft.emit({
    type: 'RolloutMoved',
    step,
    phase: { name: 'soaking', verifyAt, ...soaking },
    what: 'inconclusive',
  });
  const known = state.holds.some(({ source }) => source === 'silence');
  if (!silentTooLong || known) return;
  const { effect } = rules.silence;
  if (effect === 'warn') warn(draft);
  else machineHold(draft, { effect, scope: 'candidate', source: 'silence' });
}
