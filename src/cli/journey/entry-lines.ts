/** Ledger entries as lines: what a journey prints, and what its expected sequence is written in. */
import type { Entry } from '../client/lifecycles.js';
import { isGroup } from '../written/read-written.js';

/** What tells an event of a type from another one, as paths into its data; `name=path` shows the name too. */
const TELLING: { readonly [type: string]: readonly string[] } = {
  LifecycleStarted: ['mode'],
  RightOffered: ['right', 'person'],
  RightAssigned: ['right', 'person'],
  RiskAssessed: ['tier.computed', 'tier.rule'],
  GateOpened: ['gate.id', 'opening=gate.generation'],
  DecisionRecorded: ['gate', 'decision.person', 'decision.decision'],
  DecisionRetracted: ['gate', 'person'],
  DecisionVoided: ['gate', 'voided.person'],
  ReminderSent: ['gate', 'share'],
  Escalated: ['gate', 'step'],
  GateConfirming: ['gate'],
  GateReopened: ['gate'],
  GateTimedOut: ['gate', 'outcome'],
  GateClosed: ['gate', 'outcome'],
  GateClockMoved: ['gate', 'why'],
  DeliveryOpened: ['n', 'step'],
  DeliveryMoved: ['n', 'step'],
  DeliveryReturned: ['n', 'step'],
  DeliveryClosed: ['n', 'outcome'],
  SpecDrafted: ['draft.version'],
  SpecSubmitted: ['spec.version'],
  ReleaseRegistered: ['release.label', 'materiality'],
  EvidenceAdded: ['evidence.kind'],
  ApprovalGranted: ['approval.gate'],
  RolloutMoved: ['step', 'what'],
  VerificationRecorded: ['step', 'result'],
  ExposureRequested: ['candidate=allocation.candidate.percent', 'serving=allocation.serving.percent'],
  ExposureConfirmed: ['candidate=allocation.candidate.percent', 'serving=allocation.serving.percent'],
  ExposureAccepted: ['by'],
  RolledBack: ['what'],
  ReleaseServing: ['percent'],
  HoldPlaced: ['hold.id', 'hold.source'],
  HoldLifted: ['hold', 'causeClass'],
  StopShipped: ['scope'],
  ChangeQueued: ['change.id', 'change.materiality'],
  ChangeWithdrawn: ['change'],
  MaterialityChanged: ['change', 'materiality'],
  NoticeRaised: ['notice.kind', 'notice.gate'],
  MessageRefused: ['message', 'code'],
};

/** `GateClosed specification passed`. What is null is not written. */
export function eventLine({ type, data }: Pick<Entry, 'type' | 'data'>): string {
  const told = (TELLING[type] ?? []).flatMap((written) => {
    const [name, path = name] = written.includes('=') ? written.split('=') : [undefined, written];
    const value = at(data, path ?? '');
    if (value === null || value === undefined) return [];
    return [name === undefined ? word(value) : `${name}=${word(value)}`];
  });
  return [type, ...told].join(' ');
}

/** `right-vacant open-gate asha`. */
export function refusalLine({ type, command, by }: Pick<Entry, 'type' | 'command' | 'by'>): string {
  return [type, command, by].filter((part) => part !== null).join(' ');
}

const word = (value: unknown): string => (typeof value === 'string' ? value : JSON.stringify(value));

function at(data: unknown, path: string): unknown {
  return path.split('.').reduce((value: unknown, key) => (isGroup(value) ? value[key] : undefined), data);
}
