/** Ledger entries as lines: what a journey prints, and what its expected sequence is written in. */
import type { Entry } from '../client/lifecycles.js';
import { isGroup } from '../written/read-written.js';

/** What tells an event of a type from another one, as paths into its data; `name=path` shows the name too. */
const TELLING: { readonly [type: string]: readonly string[] } = {
  LifecycleStarted: ['mode'],
  RightOffered: ['right', 'person'],
  RightAssigned: ['right', 'person'],
  RightVacated: ['right', 'person', 'why'],
  HandoverMoved: ['right', 'what', 'step'],
  HoldersDoubted: ['people'],
  HoldersConfirmed: ['asked'],
  DelegationSet: ['delegation.id', 'delegation.from', 'to=delegation.to'],
  DelegationBegan: ['delegation'],
  DelegationEnded: ['delegation', 'why'],
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
  ConditionPassed: ['condition', 'from', 'to'],
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
  RolledBack: ['what', 'to=to'],
  ReleaseServing: ['percent'],
  DrillRecorded: ['drill.kind', 'passed=drill.passed'],
  DrillMissed: ['kind'],
  VendorEndNoted: ['release'],
  BreachObserved: ['clause', 'group', 'action', 'alert=alert'],
  BreachEnded: ['clause', 'group'],
  SilenceObserved: ['action'],
  HoldPlaced: ['hold.id', 'hold.source'],
  HoldLifted: ['hold', 'causeClass', 'by=by'],
  StopShipped: ['scope'],
  FindingRecorded: ['finding.kind', 'finding.gate'],
  FindingRatified: ['by=by.person', 'as=by.as', 'settled'],
  LegalHoldSet: ['on', 'by=by'],
  ChangeQueued: ['change.id', 'change.materiality'],
  ChangeWithdrawn: ['change'],
  MaterialityChanged: ['change', 'materiality'],
  NoticeRaised: ['notice.kind', 'notice.gate'],
  ItemOpened: ['item', 'queue', 'case'],
  ItemPassedOn: ['item', 'to=to'],
  ItemApproved: ['item'],
  ItemDenied: ['item'],
  ItemDefaulted: ['item', 'outcome'],
  ItemUsed: ['item'],
  ItemActionDiffered: ['item'],
  ItemLapsed: ['item'],
  PersonUnreachable: ['person', 'gate'],
  MessageRefused: ['message', 'code'],
  UnverifiedMessage: ['count'],
  RootsChanged: ['serial', 'by'],
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

/** The verdicts of a verification, as what was measured against what was allowed. */
export function verdictLines({ type, data }: Pick<Entry, 'type' | 'data'>): string[] {
  const verdicts = type === 'VerificationRecorded' && isGroup(data) ? data.verdicts : [];
  if (!Array.isArray(verdicts)) return [];
  return verdicts.filter(isGroup).map(({ clause, group, value, limit, n, result, why }) => {
    const judged = group === null ? word(clause) : `${word(clause)} for ${word(group)}`;
    const doubt = result === 'inconclusive' ? ` (${word(why)})` : '';
    return `${judged} ${word(result)}${doubt}: ${measured(value)} against ${word(limit)}, n ${word(n)}`;
  });
}

const measured = (value: unknown): string =>
  typeof value === 'number' ? String(Number(value.toPrecision(3))) : 'nothing';

/** Digests are cut: the beginning tells two of them apart. */
const DIGEST_SHOWN = 'sha256:'.length + 8;

function word(value: unknown): string {
  if (Array.isArray(value)) return value.map(word).join('+');
  if (typeof value !== 'string') return JSON.stringify(value);
  return value.startsWith('sha256:') ? value.slice(0, DIGEST_SHOWN) : value;
}

function at(data: unknown, path: string): unknown {
  return path.split('.').reduce((value: unknown, key) => (isGroup(value) ? value[key] : undefined), data);
}
