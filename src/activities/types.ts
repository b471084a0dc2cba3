/**
 * The activities by name, as workflows see them. Each file beside this one makes its own from the ports it
 * needs; workflows import nothing but this type.
 */

import type { VacancyCause } from '../domain/lifecycle/state.js';
import type { ConfirmGate, ConfirmHolders, SetExposure, Verify } from '../domain/lifecycle/work.js';
import type { Seen } from '../domain/live/counters.js';
import type { WatchRelease } from '../domain/live/watch-work.js';
import type { Allocation } from '../domain/release/allocation.js';
import type { Sample } from '../domain/release/verdict.js';
import type { Instant, PersonId } from '../domain/vocabulary.js';
import type { ChannelName } from '../ports/channel.js';
import type { LedgerEntry } from '../ports/ledger.js';
import type { Telling } from '../ports/notifier.js';
import type { Addressed, NoticeInput } from '../workflows/messages/notices.js';

/** What became of an exposure effect, read back from the target. */
export type ExposureOutcome =
  | { readonly outcome: 'applied'; readonly allocation: Allocation }
  /** Approvers who are no longer eligible: nothing was done. */
  | { readonly outcome: 'ineligible'; readonly people: readonly PersonId[] }
  /** The target stands at a higher fence than this effect's. */
  | { readonly outcome: 'fenced'; readonly fence: number };

/** A page of the reconciler's pass over what Temporal and the ledger have. */
export interface PassPage {
  /** When the pass began. */
  readonly pass: Instant;
  readonly part: 'open' | 'closed' | 'recorded';
  /** null: the first of its part. */
  readonly cursor: string | null;
}

/** What was seen on a page: runs, those of them with anything new to read, and findings that were new. */
export interface PageSeen {
  /** null: the pass is at its end. */
  readonly next: PassPage | null;
  readonly runs: number;
  readonly read: number;
  readonly found: number;
}

/** The newest checkpoint (null: nothing to seal yet), whether this call sealed it, and who is to have it. */
interface SealedCheckpoint {
  readonly number: number | null;
  readonly fresh: boolean;
  readonly witnesses: readonly string[];
}

/** What is asked for somebody who is to be told something. */
interface Routing extends NoticeInput {
  /** Whether it may be gathered for later. */
  readonly mayWait: boolean;
  /** The workflow's time. */
  readonly now: Instant;
}

/** How a message goes: over these channels now (none: nobody can be told), or later with others. */
export type Route = { readonly over: readonly ChannelName[] } | 'gathered';

export interface Activities {
  /** Appends entries in order; repeating it changes nothing. Fails for good with `LedgerConflict`, `LedgerGap`. */
  appendEntries(entries: readonly LedgerEntry[]): Promise<void>;
  /** Which of the approvers the directory no longer finds eligible. */
  confirmApprovers(work: Pick<ConfirmGate, 'team' | 'approvers'>): Promise<readonly PersonId[]>;
  /** Which of the people the directory no longer finds in the team, and whether it finds them at all. */
  confirmHolders(
    work: Pick<ConfirmHolders, 'team' | 'people'>,
  ): Promise<readonly { person: PersonId; why: VacancyCause }[]>;
  /** Has lifecycles ask after holders whom the directory no longer finds, those behind a key; `next`: where to go on. */
  askAfterHolders(after: string | null): Promise<{ readonly next: string | null; readonly told: number }>;
  /** Sets the exposure once by its key and reads it back. Heartbeats; stops when cancelled. */
  setExposure(work: Omit<SetExposure, 'kind' | 'lane' | 'summary'>): Promise<ExposureOutcome>;
  /** What was measured in the windows asked for. */
  sampleMetrics(work: Omit<Verify, 'kind' | 'lane' | 'summary'>): Promise<readonly Sample[]>;
  /**
   * Looks at what is measured of a release, and answers with what changed. While nothing does, the attempt fails
   * benignly until the next look is due, with its counters in the heartbeat.
   */
  watchRelease(work: Omit<WatchRelease, 'kind' | 'key' | 'lane' | 'summary'>): Promise<readonly Seen[]>;
  /** Hands notices over, each once by its id. */
  deliverNotices(telling: Telling): Promise<void>;
  /** How to tell somebody. Where that is later, it sees to it that it happens. */
  routeNotice(asked: Routing): Promise<Route>;
  /** Begins the workflow that tells of what was gathered; once by its id. */
  beginMessage(gathered: NoticeInput & { readonly id: string }): Promise<void>;
  /** Sends over one channel, at least once; fails for good with `AddressRefused`, until somebody corrects it. */
  sendMessage(asked: Addressed & { readonly channel: ChannelName }): Promise<void>;
  /** Compares one page with the ledger and records what went past us. Heartbeats; repeating it changes nothing. */
  reconcilePage(page: PassPage): Promise<PageSeen>;
  /** Deletes a page of documents that need not be kept; `more`: there may be another. Repeating it is safe. */
  sweepDocuments(): Promise<{ readonly more: boolean }>;
  /** Seals all chains, unless none changed. Fails for good with `LedgerRewritten`, `SigningKeyUnusable`. */
  sealCheckpoint(): Promise<SealedCheckpoint>;
  /** Hands a witness what it has not taken yet. Heartbeats. Fails for good with `WitnessConflict`. */
  publishCheckpoints(witness: string): Promise<number>;
}
