/** For every command a payload that could be meant: mostly about what is there, sometimes about what is not. */
import type { CommandName, Payloads } from '../../../src/domain/commands/payloads.js';
import type { Gate } from '../../../src/domain/gates/gate.js';
import { CONFLICT_SIDES } from '../../../src/domain/governance/conflict.js';
import { evidenceReasons } from '../../../src/domain/governance/evidence.js';
import { deliveryOf } from '../../../src/domain/lifecycle/delivery.js';
import { passableControls } from '../../../src/domain/lifecycle/exceptions.js';
import { freezeAt } from '../../../src/domain/release/rollout-progress.js';
import {
  BUSINESS_FUNCTIONS,
  CAUSE_CLASSES,
  type DecisionKind,
  DRILL_KINDS,
  GATE_NAMES,
  HOLD_EFFECTS,
  RIGHTS,
  STAGES,
} from '../../../src/domain/vocabulary.js';
import { evidence, GOOD_KYC, GOOD_TAX } from './acts.js';
import type { Dice } from './dice.js';
import { type Story, text } from './story.js';
import { DAY, HOUR } from './time.js';
import { kycSpec, STANDARD, taxSpec } from './use-cases.js';
import { VARIANT_NAMES, variantOf } from './variants.js';

type Make<N extends CommandName> = (story: Story, dice: Dice) => Payloads[N];

const MOSTLY_YES: readonly DecisionKind[] = [
  ...Array.from({ length: 12 }, () => 'approve' as const),
  'approve-with-conditions',
  'request-changes',
  'reject',
  'abstain',
  'recuse',
];

const PASSABLE: readonly string[] = ['specification', 'launch', 'readiness', 'change'];

const SECTIONS = [
  'prompt.tone',
  'prompt.waivers',
  'prompt.reminders',
  'model.face',
  'policy.cutoffs',
  'unbound',
];

const reason = (_story: Story, dice: Dice) => text(`reason ${dice.roll(1_000)}`);

function someGate({ state }: Story, dice: Dice): Gate | undefined {
  const gates = Object.values(state.gates);
  return gates.length > 0 && !dice.chance(3) ? dice.pick(gates) : undefined;
}

function decision(story: Story, dice: Dice): Payloads['decide'] {
  const gate = someGate(story, dice);
  const kind = dice.pick(MOSTLY_YES);
  return {
    gate: gate?.id ?? 'readiness',
    generation: gate && !dice.chance(3) ? gate.generation : 1,
    subject: gate && !dice.chance(3) ? gate.subject : text('something else'),
    decision: kind,
    ...(dice.chance(10) && gate ? { seat: dice.pick(gate.seats).id } : {}),
    ...(kind === 'approve-with-conditions'
      ? {
          conditions: [
            {
              text: text('do it'),
              owner: somebody(story, dice),
              due: story.now + DAY,
              beforeRelease: dice.chance(50),
            },
          ],
        }
      : {}),
    ...(kind === 'request-changes' ? { clauses: dice.pick([['c1'], ['c2', 'n1'], ['unknown']]) } : {}),
    ...(kind === 'reject' || kind === 'request-changes' ? { comment: text('because') } : {}),
  };
}

/** A member of the team. */
export function somebody({ state }: Story, dice: Dice): string {
  return dice.pick(state.team.members).person;
}

function spec(story: Story, dice: Dice) {
  const make = story.state.team.id === 'tax-filing' ? taxSpec : kycSpec;
  return make({ purpose: `Version ${dice.roll(1_000)}` });
}

function results(story: Story, dice: Dice) {
  const good = story.state.team.id === 'tax-filing' ? GOOD_TAX : GOOD_KYC;
  return dice.chance(92) ? good : { tone: { value: 0.5 }, f1: { value: 0.5 } };
}

function calendar({ state }: Story, dice: Dice) {
  const { calendars, defaultCalendar } = state.model;
  const known = calendars[defaultCalendar];
  if (!known) throw new Error('no calendar');
  const holidays = [...new Set([...known.holidays, 20_700 + dice.roll(700)])].sort((a, b) => a - b);
  return { ...known, version: `v${dice.roll(100_000)}`, holidays };
}

function facts(dice: Dice): Payloads['assess-risk'] {
  const fact = dice.pick(STANDARD.facts);
  if (fact.type === 'several') return { facts: { [fact.id]: dice.some(fact.answers) } };
  // The answer that prohibits is rare: from there on little else can be tried.
  const answers = fact.id === 'eu-prohibited-practice' && !dice.chance(20) ? ['none'] : fact.answers;
  return { facts: { [fact.id]: dice.pick(answers) } };
}

const EVERY_KIND = ['eval', 'red-team', 'privacy', 'vendor-review', 'misuse-test', 'independent-validation'];

/** Kinds of evidence that are missing where the lifecycle stands, or any. */
function wantedKinds({ state, now }: Story): readonly string[] {
  const places = ['specification', 'readiness', 'start'] as const;
  const missing = places.flatMap((place) => evidenceReasons(state, place, now));
  const kinds = missing.flatMap(({ fact }) => fact ?? []);
  return kinds.length > 0 ? kinds : EVERY_KIND;
}

export const PAYLOADS: { readonly [N in CommandName]: Make<N> } = {
  'update-brief': (_, dice) => ({
    brief: text(`brief ${dice.roll(50)}`),
    missing: dice.chance(10) ? ['value'] : [],
  }),
  'assign-right': (story, dice) => ({
    right: dice.pick([...RIGHTS, ...story.state.handovers.map(({ right }) => right)]),
    person: somebody(story, dice),
  }),
  'accept-handover': (story, dice) => {
    const offered = RIGHTS.filter((right) => story.state.offers[right] !== undefined);
    return { right: offered.length > 0 ? dice.pick(offered) : dice.pick(RIGHTS) };
  },
  'assess-risk': (_, dice) => facts(dice),
  'override-tier': (story, dice) => ({
    tier: dice.pick(['low', 'medium', 'high']),
    reason: reason(story, dice),
  }),
  'open-gate': ({ state }, dice) => ({
    gate: (state.mode === 'pilot') === dice.chance(95) ? 'start' : 'scoping',
  }),
  decide: decision,
  'retract-decision': (story, dice) => ({ gate: someGate(story, dice)?.id ?? 'scoping' }),
  'withdraw-gate': (story, dice) => ({
    gate: someGate(story, dice)?.id ?? 'scoping',
    reason: reason(story, dice),
  }),
  comment: (story, dice) => ({ gate: someGate(story, dice)?.id ?? 'scoping', comment: reason(story, dice) }),
  'fulfil-condition': ({ state }, dice) => ({
    condition: state.conditions.length > 0 ? dice.pick(state.conditions).id : 'c1',
  }),
  'raise-conflict': (story, dice) => {
    const gate = someGate(story, dice);
    return { reason: reason(story, dice), ...(gate && dice.chance(60) ? { gate: gate.id } : {}) };
  },
  'resolve-conflict': (story, dice) => ({
    conflict: story.state.conflicts.length > 0 ? dice.pick(story.state.conflicts).id : 'conflict-1',
    side: dice.pick(CONFLICT_SIDES),
    reason: reason(story, dice),
  }),
  'break-glass': (story, dice) => {
    const gate = Object.values(story.state.gates).find(({ name }) => PASSABLE.includes(name));
    const freeze = freezeAt(story.state, story.now)?.name ?? 'audit';
    const what = gate && dice.chance(90) ? { gate: gate.id, subject: gate.subject } : { freeze };
    return { ...what, until: story.now + (1 + dice.roll(80)) * HOUR, reason: reason(story, dice) };
  },
  'grant-exception': (story, dice) => ({
    control: dice.pick([...passableControls(story.state, story.now), 'evidence:vendor-review']),
    until: story.now + (1 + dice.roll(31)) * DAY,
    reason: reason(story, dice),
  }),
  delegate: (story, dice) => ({
    to: somebody(story, dice),
    authorities: [dice.pick(dice.chance(80) ? BUSINESS_FUNCTIONS : RIGHTS)],
    gates: dice.chance(50) ? GATE_NAMES : dice.some(GATE_NAMES),
    ...(dice.chance(20) ? { starts: story.now + dice.roll(5) * DAY } : {}),
    ends: story.now + (dice.roll(40) - 1) * DAY,
  }),
  'set-absence': (story, dice) => ({
    standIns: [somebody(story, dice), somebody(story, dice)].slice(dice.roll(3)),
    ends: story.now + (1 + dice.roll(20)) * DAY,
  }),
  'withdraw-delegation': ({ state }, dice) => ({
    delegation: state.delegations.length > 0 ? dice.pick(state.delegations).id : 'd1',
  }),
  park: (story, dice) => ({ reason: reason(story, dice) }),
  resume: () => ({}),
  cancel: (story, dice) => ({ reason: reason(story, dice) }),
  'draft-spec': (story, dice) => ({ spec: spec(story, dice), missing: dice.chance(5) ? ['success'] : [] }),
  'submit-spec': ({ state }, dice) => ({
    version: Math.max(1, state.counters.specs - (dice.chance(5) ? 1 : 0)),
  }),
  'register-release': (_, dice) => ({
    release: text(`release ${dice.roll(1_000)}`),
    changedSections: dice.some(SECTIONS),
  }),
  'add-evidence': (story, dice) => {
    const kind = dice.pick(dice.chance(80) ? wantedKinds(story) : EVERY_KIND);
    const about = dice.chance(5) ? [text('another release')] : undefined;
    return evidence(story, kind, results(story, dice), {
      producer: dice.chance(90) ? 'lab' : somebody(story, dice),
      independent: dice.chance(90),
      collectedAt: story.now - (dice.chance(80) ? 0 : dice.roll(200) * DAY),
      ...(about ? { about } : {}),
    });
  },
  'submit-for-review': () => ({}),
  'start-rollout': () => ({}),
  advance: () => ({}),
  'accept-exposure': () => ({}),
  hold: (story, dice) => ({
    effect: dice.pick(HOLD_EFFECTS),
    scope: dice.pick(['candidate', 'serving']),
    reason: reason(story, dice),
  }),
  'lift-hold': ({ state }, dice) => ({
    hold: state.holds.length > 0 ? dice.pick(state.holds).id : 'h1',
    ...(dice.chance(90) ? { causeClass: dice.pick(CAUSE_CLASSES) } : {}),
    ...(dice.chance(90) ? { rootCause: text('root cause') } : {}),
  }),
  'stop-ship': (story, dice) => ({ scope: dice.pick(['candidate', 'serving']), reason: reason(story, dice) }),
  'roll-back': (story, dice) => ({ reason: reason(story, dice) }),
  'report-breach': (story, dice) => ({
    clause: dice.pick(['c1', 'c2', 'c3', 'c9']),
    status: dice.pick(['firing', 'firing', 'resolved']),
    startsAt: story.now - dice.roll(3),
    alert: `alert-${dice.roll(3)}`,
    value: 0.5,
  }),
  'open-change': (story, dice) => ({
    kind: dice.pick(CAUSE_CLASSES),
    changedSections: dice.some(SECTIONS),
    reason: reason(story, dice),
    ...(dice.chance(25) ? { supersede: true } : {}),
    ...(dice.chance(15) ? { model: variantOf(story.state.model, dice.pick(VARIANT_NAMES)) } : {}),
  }),
  'accept-migration': ({ state }, dice) => ({ model: variantOf(state.model, dice.pick(VARIANT_NAMES)) }),
  'withdraw-change': ({ state }, dice) => {
    const open = deliveryOf(state)?.change;
    const known = [...(open ? [open.id] : []), ...state.queued.map(({ id }) => id)];
    return { change: known.length > 0 ? dice.pick(known) : 'change-1', reason: text('no longer') };
  },
  'override-materiality': (story, dice) => ({
    materiality: dice.pick(['minor', 'material']),
    reason: reason(story, dice),
  }),
  'promote-to-governed': (story, dice) => {
    const kinds = [
      'eval',
      'vendor-review',
      'red-team',
      'privacy',
      'shadow',
      'independent-validation',
      'misuse-test',
    ];
    const gates = ['scoping', 'specification', 'launch', 'readiness'];
    const items = [
      ...kinds.map((kind) => `evidence:${kind}`),
      ...gates.map((gate) => `gate:${gate}`),
      'queue-owner',
    ];
    const dated = dice.chance(95) ? items : dice.some(items);
    return {
      skipped: dated.map((item) => ({ item, due: story.now + 30 * DAY })),
      reason: reason(story, dice),
    };
  },
  'ratify-finding': (story, dice) => ({
    finding: story.state.findings.length > 0 ? dice.pick(story.state.findings).id : 'finding-1',
    reason: reason(story, dice),
  }),
  'set-legal-hold': (story, dice) => ({
    on: (story.state.legalHold === null) === dice.chance(90),
    reason: reason(story, dice),
  }),
  'extend-pilot': (story, dice) => ({
    endsAt: (story.state.pilot?.endsAt ?? story.now) + dice.roll(30) * DAY,
    reason: reason(story, dice),
  }),
  'end-pilot': (story, dice) => ({ reason: reason(story, dice) }),
  'update-calendar': (story, dice) => ({ calendar: calendar(story, dice) }),
  'record-drill': (story, dice) => ({
    drill: dice.pick(DRILL_KINDS),
    heldAt: story.now - dice.roll(300) * HOUR,
    seconds: dice.roll(90),
    worked: !dice.chance(4),
    report: reason(story, dice),
  }),
  'note-vendor-end': (story, dice) => ({
    release: `r${dice.roll(4)}`,
    ...(dice.chance(3) ? {} : { until: story.now + dice.roll(60) * DAY }),
  }),
  retire: (story, dice) => ({ reason: reason(story, dice), dependants: [] }),
};

/** Time steps that matter: minutes, hours, days, weeks. */
export const STEPS = [60_000, HOUR, 4 * HOUR, DAY, 3 * DAY, 14 * DAY] as const;

/** Every stage there is, so that a run can say which of them it never saw. */
export const EVERY_STAGE: readonly string[] = STAGES;
