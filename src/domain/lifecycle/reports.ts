/** Outcomes of work, fed back as commands of the machine: a verdict passes the same rules as a person. */

import type { ReportedFinding } from '../governance/finding.js';
import { observe, type WatchedReport } from '../live/observe.js';
import { type Rejection, reject } from '../rejection.js';
import type { Allocation, ExposureState } from '../release/allocation.js';
import { sameAllocation } from '../release/exposure.js';
import { askExposure, confirmExposure } from '../release/request-exposure.js';
import type { Sample } from '../release/verdict.js';
import { concludeVerification } from '../release/verification.js';
import type { Instant, PersonId } from '../vocabulary.js';
import { approversOf, askedAbout } from './approval.js';
import { refuseExposure } from './approval-end.js';
import { deliveryOf } from './delivery.js';
import { doubtOnWord } from './doubt.js';
import type { Draft } from './draft.js';
import { confirmed } from './gate-outcomes.js';
import { recordFinding } from './handlers/oversight.js';
import { confirmHolders } from './handovers.js';
import { machineHold } from './holds.js';
import type { Engine, Unreached, VacancyCause } from './state.js';
import { noteUnreachable } from './unreachable.js';

export type Report =
  | {
      readonly type: 'gate-confirmed';
      readonly gate: string;
      readonly generation: number;
      readonly ineligible: readonly PersonId[];
      /** Whom the directory was asked about; an answer about other people than those who fill the seats is stale. */
      readonly asked: readonly string[];
    }
  /** Somebody says that these may be gone; it grants nothing, and only the directory's answer takes anything away. */
  | { readonly type: 'people-doubted'; readonly people: readonly PersonId[] }
  | {
      readonly type: 'holders-confirmed';
      readonly asked: readonly PersonId[];
      readonly gone: readonly { readonly person: PersonId; readonly why: VacancyCause }[];
    }
  | { readonly type: 'exposure-applied'; readonly fence: number; readonly allocation: Allocation }
  | { readonly type: 'exposure-refused'; readonly fence: number; readonly people: readonly PersonId[] }
  /** The target stands at a higher fence: the effect is asked for again above it. */
  | { readonly type: 'exposure-fenced'; readonly fence: number; readonly found: number }
  | { readonly type: 'verified'; readonly to: Instant; readonly samples: readonly Sample[] | 'errored' }
  /** What the guard saw change. */
  | ({ readonly type: 'watched' } & WatchedReport)
  | { readonly type: 'notices-delivered'; readonly ids: readonly string[] }
  /** No channel reached somebody in time. */
  | ({ readonly type: 'unreachable' } & Unreached)
  | {
      readonly type: 'message-refused';
      readonly message: string;
      readonly code: string;
      readonly person: PersonId | null;
    }
  /** Signals that nothing proved to be the API's, counted for a while. */
  | {
      readonly type: 'messages-unverified';
      readonly count: number;
      readonly names: readonly string[];
      readonly since: Instant;
    }
  /** A root key that is believed names others. */
  | {
      readonly type: 'roots-changed';
      readonly serial: number;
      readonly roots: readonly string[];
      readonly by: string;
    }
  /** The reconciler saw something that went past us. */
  | { readonly type: 'finding'; readonly finding: ReportedFinding }
  | { readonly type: 'ledger-conflict'; readonly detail: string }
  | { readonly type: 'engine'; readonly engine: Engine }
  /** Nothing happened but time. */
  | { readonly type: 'tick' };

function stale(what: string): Rejection {
  return reject('unchanged', `${what} is no longer what the lifecycle waits for`);
}

function sameAs(people: readonly PersonId[], others: readonly PersonId[]): boolean {
  return [...people].sort().join() === [...others].sort().join();
}

/** Whether an effect is the one under way: repeated answers and answers to earlier effects change nothing. */
function awaited({ fence, applied }: ExposureState, reported: number): boolean {
  return applied === 'unknown' && reported === fence;
}

/** What one outcome does, or why it no longer matters. */
export function conclude(draft: Draft, report: Report): Rejection | undefined {
  const { state } = draft;
  switch (report.type) {
    case 'gate-confirmed': {
      const gate = state.gates[report.gate];
      if (gate?.status !== 'confirming' || gate.generation !== report.generation)
        return stale('this confirmation');
      if (!sameAs(askedAbout(approversOf(gate)), report.asked)) return stale('this confirmation');
      confirmed(draft, gate, report.ineligible);
      return undefined;
    }
    case 'people-doubted':
      doubtOnWord(draft, report.people);
      return undefined;
    case 'holders-confirmed':
      if (!report.asked.every((person) => state.doubted.includes(person))) return stale('this answer');
      confirmHolders(draft, report.asked, report.gone);
      return undefined;
    case 'exposure-applied':
      if (!awaited(state.exposure, report.fence) || !sameAllocation(report.allocation, state.exposure.wanted))
        return stale('this exposure');
      confirmExposure(draft, report);
      return undefined;
    case 'exposure-refused':
      if (!awaited(state.exposure, report.fence)) return stale('this exposure');
      refuseExposure(draft, report.people);
      return undefined;
    case 'exposure-fenced': {
      const { exposure } = state;
      if (!awaited(exposure, report.fence)) return stale('this exposure');
      askExposure(draft, Math.max(report.found, report.fence) + 1, exposure.wanted);
      return undefined;
    }
    case 'verified': {
      const delivery = deliveryOf(state);
      const phase = delivery?.step === 'release' ? delivery.rollout.phase : undefined;
      if (delivery?.step !== 'release' || phase?.name !== 'verifying' || phase.windowTo !== report.to)
        return stale('this verification');
      concludeVerification(draft, delivery, phase, report.samples);
      return undefined;
    }
    case 'watched':
      return observe(draft, report);
    case 'notices-delivered':
      draft.emit({ type: 'NoticesDelivered', ids: report.ids });
      return undefined;
    case 'unreachable':
      return noteUnreachable(draft, report);
    case 'message-refused':
      draft.emit({
        type: 'MessageRefused',
        message: report.message,
        code: report.code,
        person: report.person,
      });
      return undefined;
    case 'messages-unverified': {
      const { count, names, since } = report;
      draft.emit({ type: 'UnverifiedMessage', count, names, since });
      return undefined;
    }
    case 'roots-changed': {
      const { serial, roots, by } = report;
      draft.emit({ type: 'RootsChanged', serial, roots, by });
      return undefined;
    }
    case 'finding':
      return recordFinding(draft, report.finding);
    case 'ledger-conflict':
      if (!state.holds.some(({ source }) => source === 'ledger'))
        machineHold(draft, { effect: 'forward', scope: 'serving', source: 'ledger' });
      return undefined;
    case 'engine':
      if (report.engine !== state.engine)
        draft.emit({ type: 'EngineChanged', from: state.engine, to: report.engine });
      return undefined;
    case 'tick':
      return undefined;
  }
}
