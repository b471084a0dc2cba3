/** What is true of every state and every decision, whatever the rules say. */
import { deepStrictEqual, ok, strictEqual } from 'node:assert';
import { deadlines } from '../../../src/domain/lifecycle/deadlines.js';
import { deliveryOf } from '../../../src/domain/lifecycle/delivery.js';
import type { Event, EventOf } from '../../../src/domain/lifecycle/events.js';
import { evolve } from '../../../src/domain/lifecycle/evolve.js';
import { effectiveTier, rulesOf, scopingOwed } from '../../../src/domain/lifecycle/rules.js';
import type { State } from '../../../src/domain/lifecycle/state.js';
import { waitingOn } from '../../../src/domain/lifecycle/waiting-on.js';
import { work } from '../../../src/domain/lifecycle/work.js';
import type { Allocation } from '../../../src/domain/release/allocation.js';
import { isOnMap, movesOf, nameOf } from './moves.js';

const MAX_STATE_BYTES = 256 * 1024;
const MAX_EVENT_BYTES = 64 * 1024;

/** Bytes of a value as JSON in UTF-8. */
export function bytes(value: unknown): number {
  return Buffer.byteLength(JSON.stringify(value));
}

/** A decision: its events fold to its state, and nothing in it is lost in JSON. */
export function checkStep(before: State, events: readonly Event[], after: State, now: number): void {
  // The pinned model is the same object throughout; leaving it out keeps long walks quick.
  const plain = { ...after, model: null };
  deepStrictEqual(JSON.parse(JSON.stringify(plain)), plain, 'the state survives JSON');
  let folded = before;
  for (const event of events) {
    deepStrictEqual(JSON.parse(JSON.stringify(event)), event, `${event.type} survives JSON`);
    ok(bytes(event) <= MAX_EVENT_BYTES, `${event.type} fits into a payload`);
    checkEvent(folded, event, now);
    checkForward(folded, event, now);
    folded = evolve(folded, event, now);
    if ('stage' in event) strictEqual(folded.stage, event.stage, `${event.type} leads where it says`);
  }
  deepStrictEqual(folded, after, 'the fold of the events is the state');
  for (const move of movesOf(before, events, now))
    ok(isOnMap(move), `no such move on the map: ${nameOf(move)}`);
  strictEqual(after.seq, before.seq + events.length);
  checkStops(events, after);
  checkState(after, now);
}

/** It goes to a release that may serve, or to nobody. */
function checkRollback(state: State, { what, to }: EventOf<'RolledBack'>, now: number): void {
  if (to === 'fallback') return;
  if (what === 'candidate') return strictEqual(to, state.serving?.release.digest, 'what served goes on');
  const target = state.earlier.findLast(({ release }) => release.digest === to);
  ok(target, 'it served before, and was not taken back since');
  ok((target.approval.serveUntil ?? state.pilot?.endsAt ?? now) > now, 'its approval is unexpired');
  ok((target.release.vendorUntil ?? now + 1) > now, 'its vendor answers');
}

function checkEvent(state: State, event: Event, now: number): void {
  checkFrozen(state, event);
  if (event.type === 'ExposureConfirmed' || event.type === 'ExposureRefused') {
    const effect = work(state).find(({ kind }) => kind === 'set-exposure');
    strictEqual(event.key, effect?.key, 'the effect is recorded under its key');
  }
  if (event.type === 'ExposureRequested') {
    ok(event.fence > state.exposure.fence, 'the fence rises');
    checkCandidate(state, event.allocation);
  }
  if (event.type === 'RolledBack') checkRollback(state, event, now);
  if (event.type === 'HoldLifted' && state.holds.find(({ id }) => id === event.hold)?.source === 'person')
    ok(event.by.length > 0, 'a hold made by a person is lifted by a person');
  if (event.type === 'GateClosed' && event.outcome === 'passed') {
    const gate = state.gates[event.gate];
    strictEqual(gate?.status, 'confirming', 'only a confirmed gate passes');
    const seated = event.by.filter(({ seat }) => seat !== '');
    strictEqual(
      new Set(seated.map(({ person }) => person)).size,
      gate.seats.length,
      'a person for every seat',
    );
    const behind = seated.flatMap(({ person, for: from }) =>
      from === undefined ? [person] : [person, from],
    );
    strictEqual(new Set(behind).size, behind.length, 'nobody counts twice, themselves or through others');
    for (const person of behind) {
      ok(!gate.excluded.includes(person), `${person} was excluded`);
      ok(!state.model.editors.includes(person), `${person} edits the policy`);
    }
  }
}

/** What went past us freezes the gate it touches, or all of them; two keys loosen nothing, and nobody is exposed anew. */
function checkFrozen(state: State, event: Event): void {
  const { findings, exposure } = state;
  if (findings.length === 0) return;
  if (event.type === 'DecisionRecorded' || event.type === 'GateConfirming' || event.type === 'GateClosed') {
    const stands = findings.some(({ gate }) => gate === null || gate === event.gate);
    const frozen = stands || state.gates[event.gate]?.name === 'two-key';
    const ends = event.type === 'GateClosed' && event.outcome !== 'passed';
    ok(ends || !frozen, `${event.type} at ${event.gate}, which is frozen`);
  }
  ok(
    event.type !== 'HoldLifted' || event.by.length === 0,
    'a hold is lifted while a finding is not ratified',
  );
  if (event.type === 'ExposureRequested')
    ok(
      exposedBy(event.allocation) <= exposedBy(exposure.wanted),
      'more is exposed while a finding is not ratified',
    );
}

function exposedBy({ candidate, serving }: Allocation): number {
  return (candidate?.shadow ? 0 : (candidate?.percent ?? 0)) + (serving?.percent ?? 0);
}

/** Nothing moves forward while something is held or frozen, and nothing is exposed before its conditions are met. */
function checkForward(state: State, event: Event, now: number): void {
  const delivery = deliveryOf(state);
  const pending = delivery?.step === 'release' && delivery.rollout.phase.name === 'pending';
  const takesStep = event.type === 'RolloutMoved' && event.what === 'step-taken' && pending;
  const serves = event.type === 'ReleaseServing';
  if (takesStep || serves) {
    deepStrictEqual(state.holds, [], 'a rollout moves while something is held');
    deepStrictEqual(state.findings, [], 'a rollout moves while a finding is not ratified');
    const broken = state.glass.filter(({ passes, until }) => passes === 'freeze' && now < until);
    const frozen = state.model.freezes.some(
      ({ name, from, until }) => from <= now && now < until && !broken.some(({ what }) => what === name),
    );
    ok(!frozen, 'a rollout moves in a freeze');
  }
  if (takesStep && delivery.rollout.step === 0) {
    const unmet = state.conditions.filter(({ beforeRelease }) => beforeRelease);
    deepStrictEqual(unmet, [], 'exposed although a condition before release is unmet');
    ok(!scopingOwed(state), 'exposed although a scoping gate is owed');
  }
  if (event.type === 'GateClosed' && event.outcome === 'passed') {
    const { name, act } = state.gates[event.gate] ?? {};
    // None of these lets anything go forward: they end holds themselves, take away, or only look back.
    const apart = act || ['retirement', 'conflict', 'retrospective'].includes(name ?? '');
    if (!apart) deepStrictEqual(state.holds, [], `${name} passed while held`);
    ok(apart || effectiveTier(state.tier) !== 'prohibited', `${name} passed`);
  }
  if (event.type === 'DeliveryOpened') deepStrictEqual(delivery ?? null, null, 'one delivery at a time');
}

/** What a stop takes away is gone in the same decision; a timeout never passes a gate. */
function checkStops(events: readonly Event[], after: State): void {
  const { candidate, serving, cohort } = after.exposure.wanted;
  for (const event of events) {
    if (event.type === 'StopShipped') {
      strictEqual(candidate, null, 'stop-ship: no candidate is wanted');
      if (event.scope === 'serving') strictEqual(serving, null, 'stop-ship: nothing serves');
    }
    if (event.type === 'GateTimedOut') {
      const passed = (other: Event) =>
        other.type === 'GateClosed' && other.gate === event.gate && other.outcome === 'passed';
      ok(!events.some(passed), 'a timeout passed a gate');
    }
  }
  if (effectiveTier(after.tier) === 'prohibited') {
    deepStrictEqual({ candidate, serving }, { candidate: null, serving: null }, 'prohibited, yet exposed');
  }
  const caps = after.mode === 'pilot' ? rulesOf(after)?.caps : null;
  if (caps && (candidate || serving)) {
    ok(cohort, 'a pilot is limited to its people');
    const share = (candidate?.shadow ? 0 : (candidate?.percent ?? 0)) + (serving?.percent ?? 0);
    ok(share <= caps.sharePercent, 'a pilot is within its share');
  }
}

/** A candidate is exposed only with an approval of it by distinct people who were not excluded. */
function checkCandidate(state: State, { candidate }: Allocation): void {
  if (candidate === null) return;
  const delivery = deliveryOf(state);
  ok(delivery?.step === 'release', 'a candidate is exposed in its release step only');
  strictEqual(candidate.release, delivery.release.digest);
  const people = delivery.approval.approvers.flatMap(({ person, mandate }) => [
    person,
    ...(mandate ? [mandate.from] : []),
  ]);
  ok(people.length > 0, 'somebody approved it');
  strictEqual(new Set(people).size, people.length, 'its approvers are distinct');
  const authors = [delivery.spec.author, delivery.spec.submittedBy, delivery.release.registeredBy];
  for (const author of authors) ok(!people.includes(author), `${author} approved their own work`);
}

/** A state at rest. `now` is the instant up to which its deadlines are settled. */
export function checkState(state: State, now: number): void {
  const due = deadlines(state, now);
  const instants = due.map(({ at }) => at);
  deepStrictEqual(
    instants,
    [...instants].sort((a, b) => a - b),
    'deadlines are in order',
  );
  const late = due.filter(({ at, id }) => at <= now && id !== 'rollout/freeze');
  deepStrictEqual(late, [], 'nothing that is due is left');
  if (state.stage !== 'retired')
    ok(waitingOn(state, now).length > 0, 'an open lifecycle waits for something');
  const stopped = state.holds.some(({ effect, scope }) => effect === 'stopped' && scope === 'serving');
  if (stopped) {
    strictEqual(state.exposure.wanted.candidate, null, 'stopped: no candidate is wanted');
    strictEqual(state.exposure.wanted.serving, null, 'stopped: nothing serves');
  }
  const rolledBack = deliveryOf(state);
  if (rolledBack?.step === 'release' && rolledBack.rollout.phase.name === 'rolled-back') {
    strictEqual(state.exposure.wanted.candidate, null, 'rolled back: no candidate is wanted');
    ok(state.holds.length > 0, 'rolled back: somebody has to lift a hold');
  }
  if (rolledBack?.step === 'review') {
    ok(Object.values(state.gates).length > 0, 'what is in review is being decided');
  }
  ok(bytes(state) <= MAX_STATE_BYTES, `the state has ${bytes(state)} bytes`);
}
