/** The external acts that a state wants now. Pure: after a restart or a continue-as-new it is read again. */

import type { Digest } from '../digest.js';
import { type WatchRelease, watches } from '../live/watch-work.js';
import type { Allocation } from '../release/allocation.js';
import { exposureKey } from '../release/exposure.js';
import { stepName } from '../release/plan.js';
import { checksNow, windowStart } from '../release/verification.js';
import type { Instant, PersonId } from '../vocabulary.js';
import { answeringFor, approversOf, askedAbout } from './approval.js';
import { deliveryOf } from './delivery.js';
import type { Approver, State } from './state.js';
import { type ToldNotice, told } from './telling.js';

interface WorkBase {
  /** Lifecycle, step and generation: never a run id or an attempt. The adapter looks it up before it acts. */
  readonly key: string;
  /** Of the works of one lane one runs at a time. */
  readonly lane: string;
  /** What an operator reads on the activity: why, and for whom. */
  readonly summary: string;
}

export interface ConfirmGate extends WorkBase {
  readonly kind: 'confirm-gate';
  readonly gate: string;
  readonly generation: number;
  readonly team: string;
  readonly approvers: readonly Approver[];
}
export interface SetExposure extends WorkBase {
  readonly kind: 'set-exposure';
  readonly lifecycle: string;
  readonly team: string;
  readonly fence: number;
  readonly allocation: Allocation;
  /** Asked once more whether they are eligible; empty where exposure only falls. */
  readonly approvers: readonly Approver[];
}
export interface ConfirmHolders extends WorkBase {
  readonly kind: 'confirm-holders';
  readonly team: string;
  readonly people: readonly PersonId[];
}
export interface MetricWindow {
  readonly metric: string;
  readonly by: readonly string[];
  readonly from: Instant;
}
export interface Verify extends WorkBase {
  readonly kind: 'verify';
  readonly lifecycle: string;
  readonly team: string;
  readonly release: Digest;
  /** How the series call the release and the step. */
  readonly label: string;
  readonly step: string;
  readonly since: Instant;
  readonly to: Instant;
  readonly metrics: readonly MetricWindow[];
}
export interface Notify extends WorkBase {
  readonly kind: 'notify';
  readonly lifecycle: string;
  readonly title: string;
  readonly team: string;
  readonly notices: readonly ToldNotice[];
}
export type Work = ConfirmGate | ConfirmHolders | SetExposure | Verify | WatchRelease | Notify;
export type WorkKind = Work['kind'];

function confirmations(state: State): ConfirmGate[] {
  return Object.values(state.gates)
    .filter(({ status }) => status === 'confirming')
    .map((gate) => {
      const approvers = approversOf(gate);
      const people = askedAbout(approvers);
      // The people are part of the key: a confirmation that changed hands is asked anew.
      const key = `${state.key}/confirm/${gate.id}/${gate.generation}/${people.join('+')}`;
      const summary = `confirm that the approvers of ${gate.id} are still eligible`;
      return {
        kind: 'confirm-gate',
        key,
        lane: `confirm/${gate.id}`,
        summary,
        gate: gate.id,
        generation: gate.generation,
        team: state.team.id,
        approvers,
      };
    });
}

/** Somebody is said to be gone: until the directory has answered, and whatever else goes on. */
function doubts({ key, team, doubted, stage }: State): ConfirmHolders[] {
  if (doubted.length === 0 || stage === 'retired') return [];
  return [
    {
      kind: 'confirm-holders',
      key: `${key}/holders/${doubted.join('+')}`,
      lane: 'holders',
      summary: `ask the directory whether ${doubted.join(', ')} are still there`,
      team: team.id,
      people: doubted,
    },
  ];
}

function inWords({ candidate, serving }: Allocation): string {
  const parts = [
    candidate ? `candidate ${candidate.percent} %${candidate.shadow ? ' in shadow' : ''}` : '',
    serving ? `serving release ${serving.percent} %` : '',
  ].filter((part) => part !== '');
  return parts.length > 0 ? parts.join(', ') : 'exposure zero, the manual fallback serves';
}

function exposure(state: State): SetExposure[] {
  const { fence, wanted, applied } = state.exposure;
  if (applied !== 'unknown') return [];
  const approvers = answeringFor(state)?.approval.approvers ?? [];
  const key = exposureKey(state.key, fence);
  const summary = `set exposure: ${inWords(wanted)}`;
  return [
    {
      kind: 'set-exposure',
      key,
      lane: 'exposure',
      summary,
      lifecycle: state.key,
      team: state.team.id,
      fence,
      allocation: wanted,
      approvers,
    },
  ];
}

function verifications(state: State): Verify[] {
  const delivery = deliveryOf(state);
  if (delivery?.step !== 'release' || delivery.rollout.phase.name !== 'verifying') return [];
  const { release, rollout } = delivery;
  const { since, windowTo: to } = delivery.rollout.phase;
  const step = rollout.steps[rollout.step];
  if (!step) return [];
  const metrics = checksNow(delivery).map((check) => {
    const { metric, by } = check;
    return { metric, by, from: windowStart(state, delivery, { since, windowTo: to }, check) };
  });
  const key = `${state.key}/verify/${release.label}/${rollout.step}/${to}`;
  const summary = `verify ${release.label} at ${stepName(step)}`;
  return [
    {
      kind: 'verify',
      key,
      lane: 'verify',
      summary,
      lifecycle: state.key,
      team: state.team.id,
      release: release.digest,
      label: release.label,
      step: stepName(step),
      since,
      to,
      metrics,
    },
  ];
}

function notices(state: State): Notify[] {
  const first = state.notices[0];
  if (!first) return [];
  const gates = [
    ...new Set(state.notices.map(({ kind, gate }) => (gate ? `${kind} for ${gate}` : kind))),
  ].join(', ');
  return [
    {
      kind: 'notify',
      key: `${state.key}/notify/${first.id}`,
      lane: 'notify',
      summary: `tell people: ${gates}`,
      lifecycle: state.key,
      title: state.title,
      team: state.team.id,
      notices: state.notices.slice(0, 20).map((notice) => told(state, notice)),
    },
  ];
}

/** In order of urgency; the shell starts what is wanted and stops what no longer is. */
export function work(state: State): Work[] {
  return [
    ...exposure(state),
    ...confirmations(state),
    ...doubts(state),
    ...verifications(state),
    ...watches(state),
    ...notices(state),
  ];
}
