/**
 * Approve, change and release, raced: people read the lifecycle, think, and send what they decided on what they
 * read, in every order that a scheduler finds. Whatever the order, nothing is exposed that was not approved by
 * exactly its digest, by distinct people who did not build it. A run in which nobody was overtaken is no race.
 */
import { deepStrictEqual, ok, strictEqual } from 'node:assert';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { CommandName, Payloads } from '../../../src/domain/commands/payloads.js';
import type { Gate } from '../../../src/domain/gates/gate.js';
import { deliveryOf } from '../../../src/domain/lifecycle/delivery.js';
import type { Event, EventOf } from '../../../src/domain/lifecycle/events.js';
import type { State } from '../../../src/domain/lifecycle/state.js';
import { evidence, GOOD_TAX, specify, taxInReview } from '../../support/decider/acts.js';
import { Story, text } from '../../support/decider/story.js';
import { DAY, ist } from '../../support/decider/time.js';
import { BY_COMMAND, tax, taxSpec } from '../../support/decider/use-cases.js';

const START = ist('2026-11-16 10:00');
const RACES = 1_000;
const SPEC_RACES = 400;
const WORLD_TURNS = 8;
const reason = text('raced');

/** What a person does with what they have read; null: nothing to do. */
type Intent = {
  readonly [N in CommandName]: { readonly name: N; readonly payload: Payloads[N] };
}[CommandName];
type Decide = (read: State) => Intent | null;

const readiness = ({ gates }: State): Gate | undefined => gates.readiness;

const approvesAt =
  (name: 'readiness' | 'specification'): Decide =>
  ({ gates }) => {
    const gate = gates[name];
    if (!gate) return null;
    const { id, generation, subject } = gate;
    return { name: 'decide', payload: { gate: id, generation, subject, decision: 'approve' } };
  };
const approves = approvesAt('readiness');
const approvesSpec = approvesAt('specification');
const drafts =
  (purpose: string): Decide =>
  () => ({ name: 'draft-spec', payload: { spec: taxSpec({ purpose }), missing: [] } });
const submitsSpec: Decide = ({ counters }) => ({ name: 'submit-spec', payload: { version: counters.specs } });
const withdrawsSpec: Decide = ({ gates }) =>
  gates.specification ? { name: 'withdraw-gate', payload: { gate: 'specification', reason } } : null;
const breaksGlass: Decide = (read) => {
  const gate = readiness(read);
  if (!gate) return null;
  return {
    name: 'break-glass',
    payload: { gate: gate.id, subject: gate.subject, until: START + DAY, reason },
  };
};
const turnsKey: Decide = ({ gates }) => {
  const gate = Object.values(gates).find(({ name }) => name === 'two-key');
  if (!gate) return null;
  const { id, generation, subject } = gate;
  return { name: 'decide', payload: { gate: id, generation, subject, decision: 'approve' } };
};
const retracts: Decide = (read) =>
  readiness(read) ? { name: 'retract-decision', payload: { gate: 'readiness' } } : null;
const withdraws: Decide = (read) =>
  readiness(read) ? { name: 'withdraw-gate', payload: { gate: 'readiness', reason } } : null;
const releases: Decide = () => ({ name: 'start-rollout', payload: {} });
const stops: Decide = () => ({ name: 'stop-ship', payload: { scope: 'candidate', reason } });
const conflicts: Decide = (read) =>
  readiness(read) ? { name: 'raise-conflict', payload: { gate: 'readiness', reason } } : null;
const registers =
  (name: string): Decide =>
  () => ({ name: 'register-release', payload: { release: text(name), changedSections: [] } });
const submits: Decide = () => ({ name: 'submit-for-review', payload: {} });

/** A person and what they mean to do, in this order; between two of them they read again. */
interface Client {
  readonly by: string;
  readonly acts: readonly (Decide | 'evidence')[];
}

const CLIENTS: readonly Client[] = [
  { by: 'leena', acts: [approves, approves, approves, approves] },
  { by: 'gita', acts: [approves, approves, approves, approves] },
  { by: 'omkar', acts: [releases, releases, releases, releases, releases, releases] },
  { by: 'tara', acts: [breaksGlass, breaksGlass] },
  { by: 'omkar', acts: [turnsKey, turnsKey, turnsKey, turnsKey] },
];
/** At least one of them changes, stops or takes back what the others decide on. */
const CHANGERS: readonly Client[] = [
  { by: 'hari', acts: [withdraws, registers('r2'), 'evidence', submits] },
  { by: 'esha', acts: [withdraws, registers('r3'), 'evidence', submits] },
  { by: 'gita', acts: [retracts, approves] },
  { by: 'chitra', acts: [conflicts] },
  { by: 'tara', acts: [stops] },
];
const OTHERS: readonly Client[] = [{ by: 'neha', acts: [approves, approves] }];

/** A spec that is replaced, withdrawn and submitted again while people approve it. */
const SPEC_CLIENTS: readonly Client[] = [
  { by: 'leena', acts: [approvesSpec, approvesSpec, approvesSpec] },
  { by: 'gita', acts: [approvesSpec, approvesSpec, approvesSpec] },
  { by: 'hari', acts: [drafts('Another.'), submitsSpec, registers('r1')] },
  { by: 'esha', acts: [drafts('A third.'), submitsSpec, submitsSpec] },
  { by: 'bela', acts: [withdrawsSpec] },
];

interface Tally {
  overtaken: number;
  exposures: number;
  stale: number;
  bypassed: number;
}

/** Reads, waits for the scheduler, and sends. */
async function act(
  story: Story,
  { by, acts }: Client,
  wait: (what: string) => Promise<void>,
  tally: Tally,
): Promise<void> {
  for (const [index, decide] of acts.entries()) {
    const read = story.state;
    await wait(`${by} ${index}`);
    if (read.seq !== story.state.seq) tally.overtaken += 1;
    const intent: Intent | null =
      decide === 'evidence'
        ? { name: 'add-evidence', payload: evidence(story, 'eval', GOOD_TAX) }
        : decide(read);
    if (!intent) continue;
    const before = story.state;
    story.attempt(intent.name, intent.payload, decide === 'evidence' ? 'ci' : by);
    if (!story.rejection) checkCited(intent, before);
    const code = story.rejection?.rejected;
    if (code === 'stale-subject' || code === 'stale-generation' || code === 'gate-closed') tally.stale += 1;
  }
}

/** What was accepted at the gate was meant for what is decided there, and for nothing that was decided there before. */
function checkCited({ name, payload }: Intent, { gates }: State): void {
  if (name === 'decide') {
    const gate = gates[payload.gate];
    strictEqual(payload.subject, gate?.subject, 'an approval of something else was taken');
    strictEqual(payload.generation, gate?.generation);
  }
  if (name === 'break-glass') strictEqual(payload.subject, gates.readiness?.subject);
}

/** The directory and the target answer whenever the scheduler lets them. */
async function answers(story: Story, wait: (what: string) => Promise<void>): Promise<void> {
  for (let turn = 0; turn < WORLD_TURNS; turn++) {
    await wait(`world ${turn}`);
    story.perform();
  }
}

function before(events: readonly Event[], index: number, generation: number): EventOf<'DecisionRecorded'>[] {
  const opened = events.findLastIndex(
    (event, at) =>
      at < index &&
      event.type === 'GateOpened' &&
      event.gate.generation === generation &&
      event.gate.id === 'readiness',
  );
  return events
    .slice(opened, index)
    .filter((event): event is Event & EventOf<'DecisionRecorded'> => event.type === 'DecisionRecorded');
}

/** Every candidate that was exposed was approved, by its digest, in the very opening of the gate that let it pass. */
function checkReleases(story: Story, tally: Tally): void {
  const { events } = story;
  for (const [index, event] of events.entries()) {
    if (event.type !== 'ExposureRequested' || event.allocation.candidate === null) continue;
    tally.exposures += 1;
    const granted = events.slice(0, index).findLast((each) => each.type === 'ApprovalGranted');
    ok(granted?.type === 'ApprovalGranted', 'exposed without an approval');
    const gate = events
      .slice(0, index)
      .findLast((each) => each.type === 'GateOpened' && each.gate.subject === granted.approval.subject);
    ok(gate?.type === 'GateOpened', 'approved under a subject that was never up for decision');
    strictEqual(gate.gate.parts.release, event.allocation.candidate.release, 'another release was approved');
    const bypassed = events
      .slice(0, index)
      .findLast((each) => each.type === 'GateClosed' && each.gate === 'readiness');
    ok(bypassed?.type === 'GateClosed');
    const people = granted.approval.approvers.map(({ person }) => person);
    strictEqual(new Set(people).size, people.length, 'one person twice');
    for (const person of people)
      ok(!gate.gate.excluded.includes(person), `${person} approved their own work`);
    if (bypassed.outcome === 'bypassed') {
      tally.bypassed += 1;
      deepStrictEqual([...people].sort(), ['omkar', 'tara']);
      continue;
    }
    strictEqual(bypassed.outcome, 'passed');
    for (const person of people) {
      const given: EventOf<'DecisionRecorded'> | undefined = before(
        events,
        index,
        gate.gate.generation,
      ).findLast(({ gate: id, decision }) => id === 'readiness' && decision.person === person);
      strictEqual(given?.decision.decision, 'approve', `${person} approved something else`);
    }
  }
}

/** Whatever is being built is built on the spec that the gate passed, and on no draft that came meanwhile. */
function checkSpecs({ events, state }: Story): number {
  const delivery = deliveryOf(state);
  let passed = 0;
  for (const [index, event] of events.entries()) {
    if (event.type !== 'DeliveryMoved' || event.step !== 'implementation') continue;
    passed += 1;
    const earlier = events.slice(0, index);
    const opened = earlier.findLast((each) => each.type === 'GateOpened' && each.gate.id === 'specification');
    const closed = earlier.findLast((each) => each.type === 'GateClosed' && each.gate === 'specification');
    const submitted = earlier.findLast((each) => each.type === 'SpecSubmitted');
    ok(opened?.type === 'GateOpened' && closed?.type === 'GateClosed' && submitted?.type === 'SpecSubmitted');
    strictEqual(closed.outcome, 'passed');
    strictEqual(
      opened.gate.parts.spec,
      submitted.spec.spec.digest,
      'built on another spec than was approved',
    );
    for (const { person } of closed.by) ok(!opened.gate.excluded.includes(person), `${person} approved it`);
    if (delivery?.step === 'implementation' && index === lastMove(events))
      strictEqual(delivery.spec.spec.digest, opened.gate.parts.spec);
  }
  return passed;
}

const lastMove = (events: readonly Event[]): number =>
  events.findLastIndex(({ type }) => type === 'DeliveryMoved' || type === 'DeliveryReturned');

/** A rollout of what is exposed now is of what the delivery holds now. */
function checkEnd({ state }: Story): void {
  const delivery = deliveryOf(state);
  const { candidate } = state.exposure.wanted;
  if (candidate === null) return;
  ok(delivery?.step === 'release');
  strictEqual(candidate.release, delivery.release.digest);
}

/** A story that stands where another stands, with all that happened to it. */
function continued(before: Story): Story {
  const story = new Story(before.start, START);
  story.state = before.state;
  story.events.splice(0, story.events.length, ...before.events);
  return story;
}

test('§3.14 a spec that is replaced while it is approved: nothing is built on another than was approved', {
  timeout: 400_000,
}, async () => {
  const total = { races: 0, overtaken: 0, passed: 0, stale: 0 };
  const submitted = specify(new Story(tax({ model: BY_COMMAND }), START), taxSpec(), 'hari');
  const raced = fc.asyncProperty(fc.scheduler(), async (scheduler) => {
    const story = continued(submitted);
    const tally: Tally = { overtaken: 0, exposures: 0, stale: 0, bypassed: 0 };
    const wait = (what: string) => scheduler.schedule(Promise.resolve(), what);
    const all = SPEC_CLIENTS.map((client) => act(story, client, wait, tally));
    await scheduler.waitFor(Promise.all([...all, answers(story, wait)]));
    story.perform();
    fc.pre(tally.overtaken > 0);
    total.passed += checkSpecs(story);
    total.races += 1;
    total.overtaken += tally.overtaken;
    total.stale += tally.stale;
  });
  await fc.assert(raced, { seed: 20_261_117, numRuns: SPEC_RACES, endOnFailure: true });
  process.stdout.write(`races of specs: ${JSON.stringify(total)}\n`);
  expect(total.races).toBe(SPEC_RACES);
  expect(total.passed).toBeGreaterThan(SPEC_RACES / 20);
  expect(total.stale).toBeGreaterThan(SPEC_RACES / 4);
});

test(`§3.14 approve, change and release raced ${RACES} times: never a release of what was not approved by that digest`, {
  timeout: 400_000,
}, async () => {
  const total: Tally & { races: number } = { races: 0, overtaken: 0, exposures: 0, stale: 0, bypassed: 0 };
  const inReview = taxInReview(new Story(tax({ model: BY_COMMAND }), START));
  const changers = fc.subarray([...CHANGERS], { minLength: 1 });
  const others = fc.subarray([...OTHERS]);
  const raced = fc.asyncProperty(fc.scheduler(), changers, others, async (scheduler, ...more) => {
    const story = continued(inReview);
    const tally: Tally = { overtaken: 0, exposures: 0, stale: 0, bypassed: 0 };
    const wait = (what: string) => scheduler.schedule(Promise.resolve(), what);
    const all = [...CLIENTS, ...more.flat()].map((client) => act(story, client, wait, tally));
    await scheduler.waitFor(Promise.all([...all, answers(story, wait)]));
    story.perform();
    // Nobody was overtaken: everybody acted on what was so, and nothing was shown.
    fc.pre(tally.overtaken > 0);
    checkReleases(story, tally);
    checkEnd(story);
    total.races += 1;
    for (const what of ['overtaken', 'exposures', 'stale', 'bypassed'] as const) total[what] += tally[what];
  });
  await fc.assert(raced, { seed: 20_261_116, numRuns: RACES, endOnFailure: true });
  process.stdout.write(`races: ${JSON.stringify(total)}\n`);
  expect(total.races).toBe(RACES);
  // Each way it can go was seen: releases, by approval and by broken glass, and people who came too late.
  expect(total.exposures).toBeGreaterThan(RACES / 20);
  expect(total.bypassed).toBeGreaterThan(0);
  expect(total.exposures - total.bypassed).toBeGreaterThan(0);
  expect(total.stale).toBeGreaterThan(RACES);
});
