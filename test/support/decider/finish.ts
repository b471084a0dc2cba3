/** A team that does what is asked of it: whatever happened before, it brings a lifecycle live or to an end. */
import type { CommandName, Payloads } from '../../../src/domain/commands/payloads.js';
import { candidatesFor } from '../../../src/domain/gates/eligible.js';
import type { Gate } from '../../../src/domain/gates/gate.js';
import { openSeats } from '../../../src/domain/gates/seats.js';
import { evidenceReasons } from '../../../src/domain/governance/evidence.js';
import { deadlines } from '../../../src/domain/lifecycle/deadlines.js';
import { deliveryOf } from '../../../src/domain/lifecycle/delivery.js';
import { effectiveTier } from '../../../src/domain/lifecycle/rules.js';
import { waitingOn } from '../../../src/domain/lifecycle/waiting-on.js';
import { RIGHTS, type Right } from '../../../src/domain/vocabulary.js';
import { ALL_WELL, evidence, GOOD_KYC, GOOD_TAX } from './acts.js';
import { type Story, text } from './story.js';
import { DAY } from './time.js';
import { kycSpec, taxSpec } from './use-cases.js';

const reason = text('finishing');
const MOST_TURNS = 400;

/** Sends a command as the first person of whom it is accepted; `from` says with whom to begin. */
function anybody<N extends CommandName>(story: Story, name: N, payload: Payloads[N], from = 0): boolean {
  const { team, rights } = story.state;
  const owners = [rights.technicalOwner, rights.operatingOwner, rights.businessOwner, rights.changeApprover];
  const members = team.members.map(({ person }) => person);
  const people = [...new Set([...owners.flatMap((owner) => owner ?? []), team.lead, ...members])];
  const turned = people.map((_, index) => people[(index + from) % people.length] ?? '');
  return turned.some((by) => story.when(name, payload, by).rejection === null);
}

function answer(story: Story, gate: Gate): boolean {
  const { id, generation, subject } = gate;
  const payload = { gate: id, generation, subject, decision: 'approve' } as const;
  const people = openSeats(gate).flatMap((seat) => candidatesFor(story.state, gate, seat));
  if (people.some((by) => story.when('decide', payload, by).rejection === null)) return true;
  // Nobody is left who could: it is asked again from the start.
  return gate.clock.pausedAt === null && anybody(story, 'withdraw-gate', { gate: id, reason });
}

function lift(story: Story): boolean {
  for (const { id } of story.state.holds) {
    const payload = { hold: id, causeClass: 'model', rootCause: reason } as const;
    if (anybody(story, 'lift-hold', payload)) return true;
  }
  const corrected = { 'eu-prohibited-practice': 'none' };
  if (effectiveTier(story.state.tier) === 'prohibited')
    return anybody(story, 'assess-risk', { facts: corrected });
  const endsAt = Math.max(story.now, story.state.pilot?.endsAt ?? 0) + DAY;
  return anybody(story, 'extend-pilot', { endsAt, reason }) || anybody(story, 'end-pilot', { reason });
}

function scope(story: Story): boolean {
  const { state } = story;
  if (state.stage === 'scoping') {
    if (state.parked) return anybody(story, 'resume', {});
    if (state.brief.missing.length > 0)
      return anybody(story, 'update-brief', { brief: text(`${state.seq}`), missing: [] });
    const vacant = RIGHTS.find((right) => right !== 'stopShipHolder' && state.rights[right] === undefined);
    if (vacant) {
      const spare = state.team.members.find(
        ({ person }) => ![state.rights.technicalOwner, state.rights.changeApprover].includes(person),
      );
      const offered = state.offers[vacant] ?? spare?.person ?? '';
      if (state.offers[vacant] === undefined)
        anybody(story, 'assign-right', { right: vacant, person: offered });
      if (story.when('accept-handover', { right: vacant }, offered).rejection === null) return true;
      return story.state.rights[vacant] !== undefined;
    }
  }
  const name = state.mode === 'pilot' ? 'start' : 'scoping';
  if (prove(story, name) || anybody(story, 'open-gate', { gate: name })) return true;
  if (independently(story)) return true;
  // Whoever wrote the brief may be the only one who could have decided on it.
  const payload = { brief: text(`brief ${state.seq}`), missing: [] };
  return story.when('update-brief', payload, state.team.lead).rejection === null;
}

/** Adds the first evidence that is missing for a place. */
function prove(story: Story, place: 'scoping' | 'start' | 'specification' | 'readiness' | 'canary'): boolean {
  const [missing] = evidenceReasons(story.state, place, story.now);
  return missing ? collect(story, missing.fact ?? '') : false;
}

/** Evidence that members produced keeps them from deciding: the laboratory collects it again. */
function independently(story: Story): boolean {
  const ours = story.state.evidence.find(({ producer }) => producer !== 'lab');
  return ours ? collect(story, ours.kind) : false;
}

function collect(story: Story, kind: string): boolean {
  const results = { ...GOOD_TAX, ...GOOD_KYC };
  const more = { producer: 'lab', independent: true };
  const payload = evidence(story, kind, results, more);
  return story.when('add-evidence', payload, 'lab').rejection === null;
}

/** Whoever drafts is excluded, so that each draft is somebody else's. */
function draft(story: Story): boolean {
  const make = story.state.team.id === 'tax-filing' ? taxSpec : kycSpec;
  const payload = { spec: make({ purpose: `Version ${story.state.seq}` }), missing: [] };
  return anybody(story, 'draft-spec', payload, story.state.counters.specs);
}

function deliver(story: Story): boolean {
  const delivery = deliveryOf(story.state);
  switch (delivery?.step) {
    case 'specification': {
      const version = story.state.counters.specs;
      if (delivery.draft?.missing.length === 0) {
        if (prove(story, 'specification') || anybody(story, 'submit-spec', { version }, version)) return true;
      }
      if (independently(story)) return true;
      return draft(story);
    }
    case 'implementation': {
      const { releases } = story.state.counters;
      if (delivery.release) {
        if (
          prove(story, story.state.mode === 'pilot' ? 'start' : 'readiness') ||
          anybody(story, 'submit-for-review', {}, releases)
        )
          return true;
        if (independently(story)) return true;
      }
      // The spec's own author and submitter may be the ones who are missing at the gate.
      if (delivery.release && releases % 8 === 7) return draft(story);
      const payload = { release: text(`release ${story.state.seq}`), changedSections: [] };
      return anybody(story, 'register-release', payload, releases);
    }
    case 'release':
      return (
        prove(story, 'canary') ||
        anybody(story, 'accept-exposure', {}) ||
        anybody(story, 'start-rollout', {}) ||
        anybody(story, 'advance', {})
      );
    case 'review':
    case undefined:
      return false;
  }
}

/** Somebody who may, and the auditor. */
function ratify(story: Story, finding: string): boolean {
  const payload = { finding, reason };
  const audited = story.when('ratify-finding', payload, 'zoya').rejection === null;
  return anybody(story, 'ratify-finding', payload) || audited;
}

/** Somebody takes over what nobody holds any more. */
function handOver(story: Story, right: Right): boolean {
  const { team, rights, offers, model } = story.state;
  const taken = [rights.technicalOwner, rights.changeApprover, ...model.editors];
  const spare = team.members.find(({ person }) => !taken.includes(person))?.person ?? '';
  const offered = offers[right] ?? spare;
  if (offers[right] === undefined && !anybody(story, 'assign-right', { right, person: offered }))
    return false;
  if (story.state.offers[right] === undefined) return true;
  return story.when('accept-handover', { right }, offered).rejection === null;
}

/** The resolver, or whoever becomes it: the one who raised it, and the policy's editors, never are. */
function resolve(story: Story, conflict: string): boolean {
  const { conflictResolver } = story.state.rights;
  const payload = { conflict, side: 'forward', reason } as const;
  if (story.when('resolve-conflict', payload, conflictResolver ?? '').rejection === null) return true;
  if (story.state.gates[conflict]?.status !== 'open') return false;
  const excluded = story.state.gates[conflict].excluded;
  const other = story.state.team.members.find(
    ({ person }) => person !== conflictResolver && !excluded.includes(person),
  );
  const offered = { right: 'conflictResolver', person: other?.person ?? '' } as const;
  if (!anybody(story, 'assign-right', offered)) return false;
  if (story.state.rights.conflictResolver === offered.person) return true;
  return story.when('accept-handover', { right: offered.right }, offered.person).rejection === null;
}

/** One thing that helps; false where only time does. */
function help(story: Story): boolean {
  const { state } = story;
  for (const { id } of state.findings) if (ratify(story, id)) return true;
  for (const { id, owner } of state.conditions) {
    if (story.when('fulfil-condition', { condition: id }, owner).rejection === null) return true;
  }
  for (const { right } of state.handovers) if (handOver(story, right)) return true;
  for (const { id } of state.conflicts) if (resolve(story, id)) return true;
  const reviews = Object.values(state.gates).filter(
    ({ name, status }) => name === 'retrospective' && status === 'open',
  );
  if (reviews.some((gate) => answer(story, gate))) return true;
  const acts = Object.values(state.gates).filter(({ act }) => act !== null);
  if (acts.some((gate) => answer(story, gate))) return true;
  if (state.holds.length > 0) return lift(story);
  const gates = Object.values(state.gates).filter(({ status }) => status === 'open');
  if (gates.some((gate) => answer(story, gate))) return true;
  const asked = waitingOn(state, story.now).some(
    ({ what }) => what.includes('scoping') || what.includes('start gate'),
  );
  return ((state.stage === 'scoping' || asked) && scope(story)) || deliver(story);
}

/**
 * The walk may have come near the end of the calendar, beyond which nothing is due; and a newer operating model
 * brings its own again.
 */
function publishCalendar(story: Story): void {
  const { calendars, defaultCalendar } = story.state.model;
  const calendar = calendars[defaultCalendar];
  if (!calendar) throw new Error('no calendar');
  if (calendar.validThrough > story.now + 10 * 365 * DAY) return;
  const validThrough = story.now + 20 * 365 * DAY;
  const version = `longer by ${story.state.seq}`;
  anybody(story, 'update-calendar', { calendar: { ...calendar, version, validThrough } });
}

function isDone({ state }: Story): boolean {
  return (
    state.stage === 'retired' ||
    (state.stage === 'live' &&
      state.delivery === null &&
      state.holds.length === 0 &&
      state.findings.length === 0)
  );
}

/** Brings it live with nothing held and nothing open, or to its end. Throws where the team cannot. */
export function finish(story: Story): void {
  Object.assign(story.world, { directory: 'up', target: 'applies', notifier: 'up', metrics: ALL_WELL });
  story.world.unfit.clear();
  story.world.gone.clear();
  story.at(story.now);
  for (let turn = 0; turn < MOST_TURNS; turn++) {
    if (isDone(story)) return;
    publishCalendar(story);
    if (help(story)) continue;
    const next = deadlines(story.state, story.now)[0];
    if (!next) break;
    story.at(Math.max(story.now, next.at));
  }
  const waits = waitingOn(story.state, story.now).map(({ who, what }) => `${who}: ${what}`);
  const why = (story.rejection?.reasons ?? []).map(({ message }) => message).join('; ');
  throw new Error(`${story.state.stage} is never left, waiting on ${waits.join('; ')}; last refused: ${why}`);
}
