import { holdersOf } from '../gates/authority.js';
import type { Facts } from '../governance/facts.js';
import { computeTier } from '../governance/tier.js';
import type { TierRules } from '../policy.js';
import { type Reason, type Rejection, rejectAll } from '../rejection.js';
import { NOTHING } from '../release/exposure.js';
import { type Instant, RIGHTS } from '../vocabulary.js';
import { applyTier } from './assessment.js';
import { beginDraft } from './draft.js';
import type { Event } from './events.js';
import { progress } from './progress.js';
import { openScopingGate } from './review.js';
import { rulesFor } from './rules.js';
import { staffingReasons } from './staffing.js';
import type { StartInput } from './start-input.js';
import type { PilotTerms, Rights, State } from './state.js';

/** A fact nobody answered counts as unsure, which is the worst. */
function answered(input: StartInput): Facts {
  const open = input.model.facts
    .filter(({ id }) => input.facts[id] === undefined)
    .map(({ id }): [string, string] => [id, 'unsure']);
  return { ...Object.fromEntries(open), ...input.facts };
}

/** The rules a use case starts under; null for a prohibited one. */
function startingRules({ model, mode, ...input }: StartInput): TierRules | null {
  const { tier } = computeTier(model, answered({ model, mode, ...input }));
  return rulesFor(model, mode, tier);
}

/** The starter of a pilot is its technical owner, the partner owns business and operation; the rest is inherited. */
function startingRights({ rights, pilot, actor }: StartInput): Rights {
  if (!pilot) return rights;
  return {
    ...rights,
    technicalOwner: actor.person,
    businessOwner: pilot.partner,
    operatingOwner: pilot.partner,
  };
}

function pilotReasons(input: StartInput, now: Instant): Reason[] {
  const { pilot, team, actor } = input;
  if (!pilot) return [];
  const reasons: Reason[] = [];
  if (pilot.partner === actor.person) {
    const message = `${actor.person} starts the pilot and so does not decide its start; name another partner`;
    reasons.push({ code: 'excluded', message, fact: 'partner' });
  }
  const partner = team.members.find(({ person }) => person === pilot.partner);
  if (!partner?.functions.includes('product')) {
    reasons.push({
      code: 'unstaffed',
      message: `the partner ${pilot.partner} decides the start and so holds product in team ${team.id}; name somebody who does`,
      fact: 'partner',
    });
  }
  const caps = startingRules(input)?.caps;
  if (caps && pilot.cohort.people > caps.people) {
    reasons.push({
      code: 'over-cap',
      message: `the cohort has ${pilot.cohort.people} people; this tier allows ${caps.people}`,
      fact: 'cohort',
    });
  }
  if (caps && (pilot.endsAt <= now || pilot.endsAt > now + caps.box)) {
    const latest = new Date(now + caps.box).toISOString();
    reasons.push({
      code: 'over-cap',
      message: `the pilot ends in the future and by ${latest} at the latest`,
      fact: 'endsAt',
    });
  }
  return reasons;
}

/** Whether a use case may start: its gates can be staffed and a pilot keeps within its caps. */
export function decideStart(input: StartInput, now: Instant): Rejection | undefined {
  const { team, model } = input;
  const people = { team, rights: startingRights(input), editors: model.editors };
  const staffing = staffingReasons(startingRules(input), people);
  return rejectAll([...staffing, ...pilotReasons(input, now)]) ?? refusedAtStart(input, now);
}

/**
 * A pilot's start gate opens with it, so what would refuse the gate refuses the start. Evidence is the
 * exception: it can only be added to what has started, and the gate is opened by command once it is there.
 */
function refusedAtStart(input: StartInput, now: Instant): Rejection | undefined {
  const { refused } = open(input, now);
  return refused?.rejected.startsWith('evidence-') ? undefined : refused;
}

function terms(input: StartInput, now: Instant): PilotTerms | null {
  const { pilot, actor } = input;
  if (!pilot) return null;
  const { person } = actor;
  const spec = { version: 1, spec: pilot.spec, author: person, submittedBy: person, frozenAt: now };
  const release = { digest: pilot.release, label: 'r1', changedSections: [], registeredBy: person };
  const { cohort, endsAt, partner } = pilot;
  return { spec, cohort, endsAt, extensions: 0, release, partner };
}

function initial(input: StartInput, now: Instant): State {
  const facts = answered(input);
  const { tier, rule } = computeTier(input.model, facts);
  const { engine, key, title, mode, team, model, actor } = input;
  return {
    stage: 'scoping',
    engine,
    key,
    title,
    mode,
    team,
    model,
    rights: startingRights(input),
    facts,
    openedAt: now,
    startedBy: actor.person,
    parked: false,
    seq: 0,
    offers: {},
    brief: { ...input.brief, author: actor.person },
    tier: { computed: tier, rule, lowered: null },
    scoped: null,
    pilot: terms(input, now),
    evidence: [],
    gates: {},
    closed: {},
    generations: {},
    voided: [],
    holds: [],
    conditions: [],
    serving: null,
    earlier: [],
    exposure: { fence: 0, wanted: NOTHING, applied: NOTHING },
    notices: [],
    queued: [],
    counters: {
      deliveries: 0,
      holds: 0,
      acts: 0,
      conditions: 0,
      changes: 0,
      releases: input.pilot ? 1 : 0,
      evidence: 0,
      notices: 0,
      specs: input.pilot ? 1 : 0,
    },
  };
}

function open(input: StartInput, now: Instant) {
  const draft = beginDraft(initial(input, now), now);
  const { mode, team, model, engine } = input;
  draft.emit({ type: 'LifecycleStarted', mode, team: team.id, model: model.digest, engine });
  for (const right of RIGHTS) {
    for (const person of holdersOf(draft.state.rights, right))
      draft.emit({ type: 'RightAssigned', right, person });
  }
  draft.emit({ type: 'RiskAssessed', facts: draft.state.facts, tier: draft.state.tier });
  applyTier(draft, draft.state.tier.computed);
  const refused =
    mode === 'pilot' && draft.state.tier.computed !== 'prohibited'
      ? openScopingGate(draft, input.actor.person)
      : undefined;
  progress(draft);
  return { draft, refused };
}

/** The first events of a lifecycle and the state they lead to. What `decideStart` let pass is not refused here. */
export function begin(
  input: StartInput,
  now: Instant,
): { readonly events: readonly Event[]; readonly state: State } {
  const { draft } = open(input, now);
  return { events: draft.events, state: draft.state };
}
