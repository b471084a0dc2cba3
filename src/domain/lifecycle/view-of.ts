import { formatLocal } from '../calendar/local.js';
import type { Gate } from '../gates/gate.js';
import { seating } from '../gates/seats.js';
import { evidenceReasons, speaksOfDelivery } from '../governance/evidence.js';
import { missingFrom } from '../governance/finding.js';
import { subjects } from '../live/subjects.js';
import { stepName } from '../release/plan.js';
import type { Instant } from '../vocabulary.js';
import type { Actor } from './actor.js';
import { allowedCommands } from './allowed.js';
import { deliveryOf } from './delivery.js';
import { calendarOf, effectiveTier, liftedBy, reviewGateName, rulesOf } from './rules.js';
import type { Delivery, State } from './state.js';
import type { CommonView, GateView, LifecycleView } from './view.js';
import { deadlinesView, passesView } from './view-of-passes.js';
import { waitingOn } from './waiting-on.js';

function gateView(state: State, gate: Gate): GateView {
  const { id, generation, subject, status, clock, seats, decisions } = gate;
  const seated = seating(gate);
  const answered = new Set(decisions.map(({ person }) => person));
  const reaffirm = state.voided
    .filter((vote) => vote.gate === id && vote.generation === generation - 1 && !answered.has(vote.person))
    .map(({ person }) => person);
  return {
    gate: id,
    generation,
    subject,
    status,
    due: clock.due,
    dueLocal: formatLocal(calendarOf(state), clock.due),
    paused: clock.pausedAt !== null,
    seats: seats.map(({ id: seat }) => ({
      seat,
      filledBy: seated.get(seat)?.person ?? null,
      for: seated.get(seat)?.mandate?.from ?? null,
    })),
    decisions: decisions.map(({ person, decision, late }) => ({ person, decision, late })),
    reaffirm,
  };
}

function specOf(delivery: Delivery) {
  if (delivery.step !== 'specification') return delivery.spec;
  return delivery.submitted ?? delivery.draft;
}

function deliveryView(state: State, now: Instant): LifecycleView['delivery'] {
  const delivery = deliveryOf(state);
  if (!delivery) return null;
  const { n, step, change } = delivery;
  const spec = specOf(delivery);
  const release = delivery.step === 'specification' ? null : delivery.release;
  const place =
    delivery.step === 'specification'
      ? 'specification'
      : reviewGateName(state, change?.materiality === 'minor');
  return {
    n,
    step,
    change: change && { id: change.id, kind: change.kind, materiality: change.materiality },
    spec: spec && { version: spec.version, digest: spec.spec.digest },
    release: release && { label: release.label, digest: release.digest },
    evidence: state.evidence
      .filter(({ about }) => speaksOfDelivery(state, about))
      .map(({ kind, digest, verdicts }) => ({ kind, digest, met: verdicts.every(({ met }) => met) })),
    missing: step === 'release' ? [] : evidenceReasons(state, place, now),
  };
}

function candidateView(state: State): LifecycleView['candidate'] {
  const delivery = deliveryOf(state);
  if (delivery?.step !== 'release') return null;
  const { release, rollout } = delivery;
  const step = rollout.steps[rollout.step] ?? rollout.steps.at(-1);
  return {
    label: release.label,
    release: release.digest,
    step: step ? stepName(step) : '',
    stepNumber: Math.min(rollout.step + 1, rollout.steps.length),
    steps: rollout.steps.length,
    phase: rollout.phase.name,
  };
}

/** The people of the cohort list and the end of the box are enforced; the other caps are stated, not counted. */
function pilotView(state: State): LifecycleView['pilot'] {
  const { pilot } = state;
  if (!pilot) return null;
  const caps = rulesOf(state)?.caps;
  return {
    endsAt: pilot.endsAt,
    people: pilot.cohort.people,
    caps: caps
      ? [
          { cap: 'people', limit: caps.people, enforced: true },
          { cap: 'box-days', limit: Math.round(caps.box / 86_400_000), enforced: true },
          { cap: 'share-percent', limit: caps.sharePercent, enforced: true },
          { cap: 'cases', limit: caps.cases, enforced: false },
          ...(caps.moneyEur === null ? [] : [{ cap: 'money-eur', limit: caps.moneyEur, enforced: false }]),
        ]
      : [],
  };
}

/** The lifecycle as one caller sees it at one instant (`now` is the asker's). */
export function viewOf(state: State, actor: Actor, now: Instant): LifecycleView {
  const { allowed, refused } = allowedCommands(state, actor, now);
  return { ...commonView(state, now), allowedCommands: allowed, refused };
}

/** What everybody sees of a lifecycle alike, whatever they may do. */
export function commonView(state: State, now: Instant): CommonView {
  const { serving, tier, model, exposure } = state;
  return {
    key: state.key,
    title: state.title,
    stage: state.stage,
    mode: state.mode,
    facts: state.facts,
    tier: { effective: effectiveTier(tier), computed: tier.computed, rule: tier.rule },
    team: state.team.id,
    model: { name: model.name, version: model.version, digest: model.digest },
    version: state.seq,
    rights: state.rights,
    offers: state.offers,
    handovers: state.handovers.map(({ clock, ...handover }) => ({ ...handover, due: clock?.due ?? null })),
    delegations: state.delegations.map(({ id, ...delegation }) => ({ delegation: id, ...delegation })),
    delivery: deliveryView(state, now),
    gates: Object.values(state.gates).map((gate) => gateView(state, gate)),
    holds: state.holds.map((hold) => ({
      hold: hold.id,
      effect: hold.effect,
      scope: hold.scope,
      source: hold.source,
      by: hold.by,
      at: hold.at,
      verified: hold.verified,
      keys: liftedBy(hold),
    })),
    findings: state.findings.map((finding) => ({
      finding: finding.id,
      kind: finding.kind,
      gate: finding.gate,
      detail: finding.detail,
      at: finding.at,
      ratifiedBy: finding.ratified.map(({ person }) => person),
      missing: missingFrom(finding),
    })),
    legalHold: state.legalHold && { by: state.legalHold.by, since: state.legalHold.at },
    conditions: state.conditions.map(({ id, owner, due, beforeRelease, missed }) => ({
      condition: id,
      owner,
      due,
      beforeRelease,
      overdue: missed === true,
    })),
    ...passesView(state),
    deadlines: deadlinesView(state, now),
    remediations: state.remediations.map(({ id, evidence, due, missed }) => ({
      remediation: id,
      evidence,
      due,
      missed,
    })),
    serving: serving && {
      label: serving.release.label,
      release: serving.release.digest,
      percent: serving.percent,
      since: serving.since,
      serveUntil: serving.approval.serveUntil,
    },
    watched: subjects(state).map(({ release: { label }, watched }) => ({ label, ...watched })),
    candidate: candidateView(state),
    exposure: { fence: exposure.fence, wanted: exposure.wanted, applied: exposure.applied },
    pilot: pilotView(state),
    waitingOn: waitingOn(state, now),
  };
}
