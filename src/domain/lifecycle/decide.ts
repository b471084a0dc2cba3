/**
 * The decider. Deadlines that are due fire first; then the command is judged on what they left; then
 * everything follows that nothing stands in the way of. Pure: the same state, command and instant always
 * give the same answer.
 */
import type { Command, CommandName } from '../commands/payloads.js';
import { permits } from '../commands/permits.js';
import { reportBreach } from '../live/alerts.js';
import type { Rejection } from '../rejection.js';
import type { Instant } from '../vocabulary.js';
import { openChange, overrideMateriality, withdrawChange } from './change.js';
import { beginDraft, type Draft } from './draft.js';
import type { Event } from './events.js';
import { raiseConflict, resolveConflict } from './handlers/conflicts.js';
import { delegate, setAbsence, withdrawDelegation } from './handlers/delegation.js';
import { addEvidence, draftSpec, registerRelease, submitReview, submitSpec } from './handlers/delivery.js';
import { noteVendorEnd, recordDrillByCommand } from './handlers/drills.js';
import { breakGlassByCommand, grantException } from './handlers/emergency.js';
import { decideAtGate, fulfilCondition, retractDecision, withdrawGate } from './handlers/gates.js';
import { acceptMigration } from './handlers/migration.js';
import { ratifyFinding, setLegalHold } from './handlers/oversight.js';
import { endPilot, extendPilot, promoteToGoverned, retire } from './handlers/pilot.js';
import {
  acceptExposure,
  advance,
  hold,
  liftHoldByCommand,
  rollBack,
  startRollout,
  stopShip,
} from './handlers/release.js';
import {
  acceptHandover,
  assessRisk,
  assignRight,
  cancel,
  comment,
  openGateByCommand,
  overrideTier,
  park,
  resume,
  updateBrief,
  updateCalendar,
} from './handlers/standing.js';
import { progress, settleDeadlines } from './progress.js';
import { conclude, type Report } from './reports.js';
import type { State } from './state.js';

type Handler<N extends CommandName> = (draft: Draft, command: Command<N>) => Rejection | undefined;

const HANDLERS: { readonly [N in CommandName]: Handler<N> } = {
  'update-brief': updateBrief,
  'assign-right': assignRight,
  'accept-handover': acceptHandover,
  'assess-risk': assessRisk,
  'override-tier': overrideTier,
  'open-gate': openGateByCommand,
  decide: decideAtGate,
  'retract-decision': retractDecision,
  'withdraw-gate': withdrawGate,
  comment,
  'fulfil-condition': fulfilCondition,
  'raise-conflict': raiseConflict,
  'resolve-conflict': resolveConflict,
  'break-glass': breakGlassByCommand,
  'grant-exception': grantException,
  delegate,
  'set-absence': setAbsence,
  'withdraw-delegation': withdrawDelegation,
  park,
  resume,
  cancel,
  'draft-spec': draftSpec,
  'submit-spec': submitSpec,
  'register-release': registerRelease,
  'add-evidence': addEvidence,
  'submit-for-review': submitReview,
  'start-rollout': startRollout,
  advance,
  'accept-exposure': acceptExposure,
  hold,
  'lift-hold': liftHoldByCommand,
  'stop-ship': stopShip,
  'roll-back': rollBack,
  'report-breach': reportBreach,
  'open-change': openChange,
  'withdraw-change': withdrawChange,
  'override-materiality': overrideMateriality,
  'promote-to-governed': promoteToGoverned,
  'extend-pilot': extendPilot,
  'end-pilot': endPilot,
  'update-calendar': updateCalendar,
  'accept-migration': acceptMigration,
  'ratify-finding': ratifyFinding,
  'set-legal-hold': setLegalHold,
  'record-drill': recordDrillByCommand,
  'note-vendor-end': noteVendorEnd,
  retire,
};

/** What happens, in order, with the state it leads to; or why nothing does. */
export type Outcome = { readonly events: readonly Event[]; readonly state: State } | Rejection;

function settle(state: State, now: Instant, act: (draft: Draft) => Rejection | undefined): Outcome {
  const draft = beginDraft(state, now);
  settleDeadlines(draft);
  const rejection = act(draft);
  if (rejection) return rejection;
  progress(draft);
  // What was decided now may be due already, such as the window of a step that nobody looked at for long.
  settleDeadlines(draft);
  return { events: draft.events, state: draft.state };
}

/** Judges a command of a person or a machine. */
export function decide<N extends CommandName>(command: Command<N>, state: State, now: Instant): Outcome {
  const handler = HANDLERS[command.name] as Handler<N>;
  return settle(
    state,
    now,
    (draft) => permits(draft.state, command.actor, command.name) ?? handler(draft, command),
  );
}

/** Takes in the outcome of work, or the passing of time. */
export function react(report: Report, state: State, now: Instant): Outcome {
  return settle(state, now, (draft) => conclude(draft, report));
}
