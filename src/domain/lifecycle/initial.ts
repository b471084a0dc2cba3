import type { Facts } from '../governance/facts.js';
import { computeTier } from '../governance/tier.js';
import { NO_WATCH } from '../live/watch.js';
import { NO_DRILLS } from '../release/drill.js';
import { NOTHING } from '../release/exposure.js';
import type { Instant } from '../vocabulary.js';
import type { StartInput, Starting } from './start-input.js';
import type { PilotTerms, Rights, State } from './state.js';

/** A fact nobody answered counts as unsure, which is the worst. */
export function answered(input: Starting): Facts {
  const open = input.model.facts
    .filter(({ id }) => input.facts[id] === undefined)
    .map(({ id }): [string, string] => [id, 'unsure']);
  return { ...Object.fromEntries(open), ...input.facts };
}

/** The starter of a pilot is its technical owner, the partner owns business and operation; the rest is inherited. */
export function startingRights({ rights, pilot, actor }: Starting): Rights {
  if (!pilot) return rights;
  return {
    ...rights,
    technicalOwner: actor.person,
    businessOwner: pilot.partner,
    operatingOwner: pilot.partner,
  };
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

/** The state before the first event. */
export function initial(input: StartInput, now: Instant): State {
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
    nextModel: null,
    rights: startingRights(input),
    facts,
    openedAt: now,
    startedBy: actor.person,
    parked: false,
    seq: 0,
    offers: {},
    handovers: [],
    doubted: [],
    askedAfter: [],
    delegations: [],
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
    conflicts: [],
    exceptions: [],
    glass: [],
    remediations: [],
    findings: [],
    ratified: [],
    legalHold: null,
    serving: null,
    earlier: [],
    exposure: { fence: 0, wanted: NOTHING, applied: NOTHING },
    drills: NO_DRILLS,
    watch: NO_WATCH,
    notices: [],
    unreached: [],
    queued: [],
    counters: {
      deliveries: 0,
      holds: 0,
      acts: 0,
      conditions: 0,
      exceptions: 0,
      delegations: 0,
      changes: 0,
      releases: input.pilot ? 1 : 0,
      evidence: 0,
      notices: 0,
      specs: input.pilot ? 1 : 0,
    },
  };
}
