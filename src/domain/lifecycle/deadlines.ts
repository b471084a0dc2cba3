/** Every instant at which time alone changes something, read from the state, and what it changes. */
import { chainTargets } from '../gates/chain.js';
import type { Gate } from '../gates/gate.js';
import { seatPeople } from '../gates/open.js';
import { openSeats } from '../gates/seats.js';
import { missRemediation } from '../migration/remediate.js';
import { ofDrills } from '../release/drills.js';
import { freezeAt } from '../release/rollout-progress.js';
import { checksNow, concludeVerification } from '../release/verification.js';
import type { Instant } from '../vocabulary.js';
import { lapse } from './approval-end.js';
import { applyTier } from './assessment.js';
import type { Deadline } from './deadline.js';
import { ofDelegations } from './delegations.js';
import { deliveryOf } from './delivery.js';
import type { Draft } from './draft.js';
import { returnGate } from './gate-outcomes.js';
import { ofHandovers } from './handovers.js';
import { machineHold, ordinaryLift } from './holds.js';
import { raiseNotice } from './notices.js';
import { overdue } from './overdue.js';
import { missRetrospective } from './retrospective.js';
import { effectiveTier, rulesOf } from './rules.js';
import type { State } from './state.js';

/** From engine 2 on a gate that has its quorum reminds nobody; re-opened, it makes up for it at once. */
function reminds(state: State, { status }: Gate): boolean {
  return state.engine === 1 || status !== 'confirming';
}

function ofGate(state: State, gate: Gate): Deadline[] {
  const { clock, id, status } = gate;
  if (clock.pausedAt !== null || status === 'held') return [];
  const [reminder] = clock.reminders;
  const [step] = clock.steps;
  const { length } = clock.reminders;
  const share = gate.rule.reminders[gate.rule.reminders.length - length] ?? 0;
  const kind: Deadline['kind'] & string = clock.elapsed ? 'calendar' : 'business';
  return [
    ...(reminder === undefined || !reminds(state, gate)
      ? []
      : [
          {
            at: reminder,
            id: `${id}/1-reminder`,
            what: `remind ${id}`,
            kind,
            fire: (draft: Draft) => remind(draft, id, share),
          },
        ]),
    ...(step === undefined
      ? []
      : [
          {
            at: step.at,
            id: `${id}/2-${step.step}`,
            what: `escalate ${id} to ${step.step}`,
            kind,
            fire: (draft: Draft) => escalate(draft, id),
          },
        ]),
    {
      at: clock.timeout,
      id: `${id}/3-timeout`,
      what: `${id} times out: ${gate.rule.timeout}`,
      kind,
      fire: (draft: Draft) => timeOut(draft, id),
    },
  ];
}

function remind(draft: Draft, id: string, share: number): void {
  const gate = draft.state.gates[id];
  if (!gate) return;
  const { due } = gate.clock;
  draft.emit({ type: 'ReminderSent', gate: id, share, due });
  raiseNotice(draft, { kind: 'reminder', to: seatPeople(draft.state, gate), gate: id, due });
}

/** Takes the next step of a gate's escalation chain; without one left nothing happens. */
export function escalate(draft: Draft, id: string): void {
  const gate = draft.state.gates[id];
  const next = gate?.clock.steps[0];
  if (!gate || !next) return;
  const { due } = gate.clock;
  const asked = chainTargets(draft.state, gate, openSeats(gate), next.step);
  // Who was there when the clock started may be away by now.
  const to = asked.length === 0 && draft.state.delegations.length > 0 ? [draft.state.team.lead] : asked;
  draft.emit({ type: 'Escalated', gate: id, step: next.step, to, due });
  raiseNotice(draft, { kind: 'escalation', to, gate: id, due });
}

function timeOut(draft: Draft, id: string): void {
  const gate = draft.state.gates[id];
  if (!gate) return;
  const outcome = gate.rule.timeout;
  draft.emit({ type: 'GateTimedOut', gate: id, outcome });
  if (outcome === 'return') returnGate(draft, gate, 'expired', 'nobody decided in time');
  else if (gate.name === 'retrospective') missRetrospective(draft, gate);
  else machineHold(draft, { effect: 'forward', scope: 'candidate', source: 'timeout', gate: id });
}

function ofRollout(state: State, now: Instant): Deadline[] {
  const delivery = deliveryOf(state);
  if (delivery?.step !== 'release') return [];
  const { phase, step } = delivery.rollout;
  const { startBy } = delivery.approval;
  if (phase.name === 'soaking') {
    return [
      {
        at: phase.verifyAt,
        id: 'rollout/verify',
        what: `verify step ${step + 1} of the rollout`,
        fire: verify,
      },
    ];
  }
  if (phase.name !== 'pending' && phase.name !== 'accepting') return [];
  const freeze = freezeAt(state, now);
  return [
    ...(freeze
      ? [{ at: freeze.until, id: 'rollout/freeze', what: `freeze ${freeze.name} ends`, fire: () => {} }]
      : []),
    ...(startBy !== null && phase.name === 'pending' && step === 0
      ? [
          {
            at: startBy,
            id: 'rollout/start-by',
            what: 'approval lapses unless the rollout begins',
            fire: lapse,
          },
        ]
      : []),
  ];
}

function verify(draft: Draft): void {
  const delivery = deliveryOf(draft.state);
  if (delivery?.step !== 'release' || delivery.rollout.phase.name !== 'soaking') return;
  const { verifyAt, name: _soaking, ...soak } = delivery.rollout.phase;
  const phase = { name: 'verifying', windowTo: verifyAt, ...soak } as const;
  draft.emit({ type: 'RolloutMoved', step: delivery.rollout.step, phase, what: 'verifying' });
  // A step that no clause is judged at passes by its time alone.
  if (checksNow(delivery).length === 0) concludeVerification(draft, delivery, phase, []);
}

function ofServing(state: State): Deadline[] {
  const end = state.serving?.approval.serveUntil ?? null;
  const known = state.holds.some(({ source }) => source === 'approval');
  if (end === null || known) return [];
  const what = 'approval to serve ends';
  return [{ at: end, id: 'serving/approval', what, kind: 'business', fire: endServing }];
}

function endServing(draft: Draft): void {
  const { serving } = draft.state;
  if (!serving) return;
  draft.emit({ type: 'ApprovalLapsed', gate: serving.approval.gate, end: 'serve-until' });
  machineHold(draft, { effect: 'review-all', scope: 'serving', source: 'approval' });
}

function ofBox(state: State): Deadline[] {
  const ended = state.holds.some(({ source }) => source === 'box');
  const inBox = state.pilot !== null && state.stage !== 'scoping' && state.stage !== 'retired';
  const exposed = state.mode === 'pilot' || state.serving?.approval.serveUntil === null;
  if (!inBox || ended || !exposed || !state.pilot) return [];
  return [{ at: state.pilot.endsAt, id: 'pilot/box', what: 'the time box of the pilot ends', fire: endBox }];
}

/** Never prolonged silently: what the box allowed is over, whoever forgot to decide. */
function endBox(draft: Draft): void {
  const { mode, serving } = draft.state;
  const why = 'the time box ended';
  if (mode === 'pilot') {
    const keys = rulesOf(draft.state)?.extension?.keys;
    const lift = keys ? { keys, rootCause: false } : ordinaryLift(draft.state);
    machineHold(draft, { effect: 'stopped', scope: 'serving', source: 'box', lift });
  } else if (serving) {
    // Promoted in time, so it is not undecided; but what the pilot was allowed to serve, it no longer is.
    draft.emit({ type: 'RolledBack', what: 'serving', release: serving.release.digest, to: 'fallback', why });
    machineHold(draft, { effect: 'forward', scope: 'serving', source: 'box' });
  }
}

function ofTier(state: State): Deadline[] {
  const { lowered } = state.tier;
  if (!lowered) return [];
  const fire = (draft: Draft) => {
    const before = effectiveTier(draft.state.tier);
    draft.emit({ type: 'TierLoweringExpired', tier: { ...draft.state.tier, lowered: null } });
    applyTier(draft, before);
  };
  return [{ at: lowered.until, id: 'tier/lowered', what: 'the lowered tier expires', fire }];
}

function ofRemediations({ remediations }: State): Deadline[] {
  return remediations
    .filter(({ missed }) => !missed)
    .map(({ id, evidence, due }) => ({
      at: due,
      id: `remediation/${id}`,
      what: `evidence ${evidence} for what serves is due`,
      fire: (draft: Draft) => missRemediation(draft, id),
    }));
}

/** All pending deadlines, soonest first, those of one instant by id. */
export function deadlines(state: State, now: Instant): Deadline[] {
  if (state.stage === 'retired') return [];
  const all = [
    ...Object.values(state.gates).flatMap((gate) => ofGate(state, gate)),
    ...ofRollout(state, now),
    ...ofServing(state),
    ...ofBox(state),
    ...ofDrills(state),
    ...ofTier(state),
    ...ofDelegations(state),
    ...ofHandovers(state),
    ...overdue(state),
    ...ofRemediations(state),
  ];
  return all.sort((a, b) => a.at - b.at || (a.id < b.id ? -1 : 1));
}
