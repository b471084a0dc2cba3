/** A random walk through a lifecycle: people who try things, people who help, time, and a world that may fail. */
import { ok } from 'node:assert';
import type { CommandName, Payloads } from '../../../src/domain/commands/payloads.js';
import { COMMAND_NAMES } from '../../../src/domain/commands/table.js';
import { allowedCommands } from '../../../src/domain/lifecycle/allowed.js';
import { askedAbout } from '../../../src/domain/lifecycle/approval.js';
import { deadlines } from '../../../src/domain/lifecycle/deadlines.js';
import { decide } from '../../../src/domain/lifecycle/decide.js';
import type { Report } from '../../../src/domain/lifecycle/reports.js';
import { waitingOn } from '../../../src/domain/lifecycle/waiting-on.js';
import { work } from '../../../src/domain/lifecycle/work.js';
import { FINDING_KINDS } from '../../../src/domain/vocabulary.js';
import { ALL_WELL, measured } from './acts.js';
import { Dice } from './dice.js';
import { guardSeesAnything } from './guarding.js';
import { PAYLOADS, STEPS, somebody } from './random-payloads.js';
import type { Story } from './story.js';

export interface Tally {
  attempted: number;
  accepted: number;
  readonly stages: Set<string>;
  readonly commands: Set<string>;
  readonly events: Set<string>;
}

export const newTally = (): Tally => ({
  attempted: 0,
  accepted: 0,
  stages: new Set(),
  commands: new Set(),
  events: new Set(),
});

const SHORTENING_MS = 20_000;

/** Fewer moves that still fail, found by leaving some out for a while. */
export function shortened(
  seeds: readonly number[],
  walk: (seeds: readonly number[]) => void,
): readonly number[] {
  const until = Date.now() + SHORTENING_MS;
  const fails = (fewer: readonly number[]): boolean => {
    try {
      walk(fewer);
      return false;
    } catch {
      return true;
    }
  };
  let kept = seeds;
  for (let size = Math.ceil(seeds.length / 2); size >= 1 && Date.now() < until; size = Math.floor(size / 2)) {
    for (let at = 0; at < kept.length && Date.now() < until; ) {
      const fewer = kept.toSpliced(at, size);
      if (fails(fewer)) kept = fewer;
      else at += size;
    }
  }
  return kept;
}

/** Tried rarely: each ends the story, stops it for long, or moves nothing. */
const DRASTIC: readonly CommandName[] = [
  'cancel',
  'end-pilot',
  'retire',
  'stop-ship',
  'roll-back',
  'park',
  'hold',
  'set-legal-hold',
  'raise-conflict',
  'set-absence',
];

/** Tried often: without them nothing moves. */
const MOVING: readonly CommandName[] = [
  'decide',
  'decide',
  'decide',
  'decide',
  'decide',
  'decide',
  'draft-spec',
  'add-evidence',
  'add-evidence',
  'submit-spec',
  'submit-for-review',
  'register-release',
  'accept-exposure',
  'lift-hold',
  'lift-hold',
  'open-gate',
  'accept-handover',
  'start-rollout',
  'advance',
  'promote-to-governed',
  'override-materiality',
  'fulfil-condition',
  'ratify-finding',
  'resolve-conflict',
  'resolve-conflict',
  'break-glass',
  'grant-exception',
];

function choose(allowed: readonly CommandName[], dice: Dice): CommandName | undefined {
  const moving = MOVING.filter((name) => allowed.includes(name));
  if (moving.length > 0 && dice.chance(70)) return dice.pick(moving);
  const mild = allowed.filter((name) => dice.chance(6) || !DRASTIC.includes(name));
  return mild.length > 0 ? dice.pick(mild) : undefined;
}

function send<N extends CommandName>(story: Story, name: N, by: string, dice: Dice, tally: Tally): boolean {
  const payload: Payloads[N] = PAYLOADS[name](story, dice);
  tally.attempted++;
  story.attempt(name, payload, by);
  const accepted = story.rejection === null;
  if (accepted) {
    tally.accepted++;
    tally.commands.add(name);
  }
  return accepted;
}

/** Somebody who is asked for, or anybody of the team. */
function person(story: Story, dice: Dice): string {
  const { team, rights } = story.state;
  const owners = [rights.businessOwner, rights.technicalOwner, rights.operatingOwner, rights.changeApprover];
  const known = [
    ...owners.flatMap((owner) => owner ?? []),
    team.lead,
    ...rights.stopShipHolder,
    'ci',
    'zoya',
  ];
  const awaited = waitingOn(story.state, story.now).flatMap(({ people }) => people);
  if (awaited.length > 0 && dice.chance(60)) return dice.pick(awaited);
  return dice.chance(50) ? somebody(story, dice) : dice.pick(known);
}

function command(story: Story, dice: Dice, tally: Tally): void {
  if (story.state.findings.length > 0 && dice.chance(40)) {
    const asked = waitingOn(story.state, story.now).filter(({ what }) => what.startsWith('ratify'));
    send(story, 'ratify-finding', dice.pick(['zoya', ...asked.flatMap(({ people }) => people)]), dice, tally);
    return;
  }
  if (story.state.handovers.length > 0 && dice.chance(40)) {
    const awaited = Object.values(story.state.offers);
    const name = awaited.length > 0 ? 'accept-handover' : 'assign-right';
    send(story, name, dice.pick([story.state.team.lead, ...awaited]), dice, tally);
    return;
  }
  const by = person(story, dice);
  const settled = deadlines(story.state, story.now).every(({ at }) => at > story.now);
  const { allowed, refused } = allowedCommands(story.state, story.actor(by), story.now);
  const name = dice.chance(88) ? choose(allowed, dice) : dice.pick(COMMAND_NAMES);
  if (!name) return;
  const accepted = send(story, name, by, dice, tally);
  // Where time has passed unsettled, the command was judged on what the deadlines left.
  if (settled && accepted)
    ok(!refused[name], `${name} was done by ${by}, who was told that it is not allowed`);
}

function time(story: Story, dice: Dice): void {
  const next = deadlines(story.state, story.now)[0];
  if (dice.chance(10)) story.sleepUntil(story.now + dice.pick(STEPS));
  else if (next && dice.chance(60)) story.at(Math.max(story.now, next.at));
  else story.after(dice.pick(STEPS.slice(0, dice.chance(90) ? 4 : 6)));
}

function world(story: Story, dice: Dice): void {
  story.world.unfit.clear();
  if (dice.chance(5)) story.world.unfit.add(somebody(story, dice));
  story.world.gone.clear();
  if (dice.chance(3)) leave(story, dice);
  story.world.directory = dice.chance(95) ? 'up' : 'down';
  story.world.target = dice.chance(92) ? 'applies' : 'silent';
  story.world.notifier = dice.chance(90) ? 'up' : 'down';
  const bad = dice.pick([
    () => [],
    () => 'errored' as const,
    measured({ tone: [1, 2_000], 'false-accept-rate': [50, 9_000] }),
  ]);
  story.world.metrics = dice.chance(85) ? ALL_WELL : bad;
}

/** Somebody leaves, mostly one on whom something hangs, and is asked after. */
function leave(story: Story, dice: Dice): void {
  const holders = Object.values(story.state.rights).flat();
  const person = holders.length > 0 && dice.chance(80) ? dice.pick(holders) : somebody(story, dice);
  story.world.gone.add(person);
  story.report({ type: 'people-doubted', people: [person, somebody(story, dice)] });
}

/** Something went past the system; sometimes the same is found again. */
function find(story: Story, dice: Dice): void {
  const gate = dice.pick([null, 'readiness', 'two-key-1', ...Object.keys(story.state.gates)]);
  const id = `finding-${dice.roll(200)}`;
  story.report({
    type: 'finding',
    finding: { id, kind: dice.pick(FINDING_KINDS), gate, detail: 'done past us' },
  });
}

/** Somebody is said not to be reached, truly or not: that alone never lets anything pass. */
function silence(story: Story, dice: Dice): void {
  const gate = dice.pick([null, 'readiness', ...Object.keys(story.state.gates)]);
  const before = story.events.length;
  story.report({
    type: 'unreachable',
    notice: `n${dice.roll(story.state.counters.notices + 2)}`,
    person: somebody(story, dice),
    gate,
  });
  const passing = story.events.slice(before).find((event) => event.type === 'DecisionRecorded');
  ok(passing === undefined, 'silence decided something');
}

/** An outcome that came too late, or twice: it changes nothing it should not. */
function straggler(story: Story, dice: Dice): void {
  const [wanted] = work(story.state);
  const { fence, wanted: allocation } = story.state.exposure;
  const behind = fence - dice.roll(2);
  const stale: Report[] = [
    { type: 'exposure-applied', fence: behind, allocation },
    { type: 'exposure-refused', fence: behind, people: [somebody(story, dice)] },
    { type: 'exposure-fenced', fence: behind, found: fence + dice.roll(5) },
    { type: 'verified', to: story.now - dice.roll(2), samples: 'errored' },
    { type: 'ledger-conflict', detail: 'a gap' },
  ];
  if (wanted?.kind === 'confirm-gate') {
    const { gate, generation, approvers } = wanted;
    const answer = { type: 'gate-confirmed', gate, ineligible: [] } as const;
    const asked = askedAbout(approvers);
    stale.push({ ...answer, generation: generation - 1, asked });
    stale.push({ ...answer, generation, asked: ['nobody'] });
  }
  story.report(dice.pick(stale));
}

/** Whoever a seat is said to wait for can fill it. */
function awaitedMay(story: Story): void {
  if (story.state.holds.length > 0) return;
  for (const { kind, gate: id, people } of waitingOn(story.state, story.now)) {
    const gate = id === null ? undefined : story.state.gates[id];
    if (!gate || kind !== 'seat') continue;
    const { generation, subject } = gate;
    const payload = { gate: gate.id, generation, subject, decision: 'approve' } as const;
    for (const by of people) {
      const command = { name: 'decide', id: 'probe', actor: story.actor(by), payload } as const;
      const outcome = decide(command, story.state, story.now);
      // A right may have gone, after the first key, to the only one who could review what both keys do: they are
      // told so, and the act expires.
      const refused = 'rejected' in outcome && outcome.rejected !== 'unstaffed';
      ok(!refused, `${by} was asked at ${id} and refused`);
    }
  }
}

/** One move of the walk. */
export function move(story: Story, seed: number, tally: Tally): void {
  const dice = new Dice(seed);
  const before = story.events.length;
  const kind = dice.roll(100);
  if (kind < 62) command(story, dice, tally);
  else if (kind < 80) time(story, dice);
  else if (kind < 96) {
    world(story, dice);
    story.perform();
    if (dice.chance(10)) guardSeesAnything(story, dice);
  } else if (kind < 97) straggler(story, dice);
  else if (kind < 98) find(story, dice);
  else if (kind < 99) silence(story, dice);
  else story.report({ type: 'tick' });
  if (dice.chance(10) && deadlines(story.state, story.now).every(({ at }) => at > story.now))
    awaitedMay(story);
  tally.stages.add(story.state.stage);
  for (const { type } of story.events.slice(before)) tally.events.add(type);
}
