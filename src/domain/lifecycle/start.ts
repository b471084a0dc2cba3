import { holdersOf } from '../gates/authority.js';
import { computeTier } from '../governance/tier.js';
import type { TierRules } from '../policy.js';
import { type Reason, type Rejection, rejectAll } from '../rejection.js';
import { type Instant, RIGHTS } from '../vocabulary.js';
import { applyTier } from './assessment.js';
import { beginDraft } from './draft.js';
import type { Event } from './events.js';
import { answered, initial, startingRights } from './initial.js';
import { progress } from './progress.js';
import { openScopingGate } from './review.js';
import { rulesFor } from './rules.js';
import { staffingReasons } from './staffing.js';
import type { StartInput } from './start-input.js';
import type { State } from './state.js';

/** The rules a use case starts under; null for a prohibited one. */
function startingRules({ model, mode, ...input }: StartInput): TierRules | null {
  const { tier } = computeTier(model, answered({ model, mode, ...input }));
  return rulesFor(model, mode, tier);
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

function open(input: StartInput, now: Instant) {
  const draft = beginDraft(initial(input, now), now);
  const { mode, team, model, engine } = input;
  draft.emit({
    type: 'LifecycleStarted',
    mode,
    team: team.id,
    model: model.digest,
    engine,
    start: input.recordedAs,
  });
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
