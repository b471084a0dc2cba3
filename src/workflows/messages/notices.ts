/** The contract with Temporal of those workflows that tell people, and what they may tell a lifecycle. */
import { defineSignal } from '@temporalio/workflow';
import type { Unreached } from '../../domain/lifecycle/state.js';
import type { Instant, PersonId } from '../../domain/vocabulary.js';
import type { MessageItem } from '../../ports/channel.js';

/** Types of the workflows: one notice to one person, what is gathered for a person, and one message of it. */
export const NOTICE_WORKFLOW = 'notice';
export const DIGEST_WORKFLOW = 'digest';
export const MESSAGE_WORKFLOW = 'message';

/** Workflow id of a notice to a person; `notice` is its id across lifecycles, `{lifecycle}/{n}`. */
export function noticeId(notice: string, person: PersonId): string {
  return `notice/${notice}/${person}`;
}

/** Workflow id of what is gathered for a person now: each team may have its own channels. */
export function digestId(person: PersonId, team: string | null): string {
  return team === null ? `digest/${person}` : `digest/${person}/${team}`;
}

/** How long the first and the longest pause between two attempts are, in milliseconds; each is twice the one before. */
export const TRYING = { firstMs: 2_000, longestMs: 600_000 } as const;

/** How long somebody is tried, in milliseconds. */
export interface Patience {
  /** From then on the lifecycle is told that the person is unreachable. */
  readonly unreachableAfterMs: number;
  /** So long it goes on after that. */
  readonly giveUpAfterMs: number;
}

/** What one person is to be told. Opaque ids and a title; addresses are looked up where they are used. */
export interface Addressed {
  readonly person: PersonId;
  /** The team of the lifecycles, for its channels and habits; null where nobody said. */
  readonly team: string | null;
  readonly items: readonly MessageItem[];
}

export interface NoticeInput extends Addressed {
  readonly patience: Patience;
}

/** What joins a digest. */
export interface Gathered {
  readonly item: MessageItem;
  /** When it is to be told, alone if nothing else joins it. */
  readonly at: Instant;
}

export interface DigestInput {
  readonly person: PersonId;
  readonly team: string | null;
  readonly patience: Patience;
  readonly gathered: readonly Gathered[];
}

export const joinDigestSignal = defineSignal<[Gathered], 'join'>('join');

/**
 * That somebody could not be told what waits for them. Nobody signs it, because it only makes a lifecycle ask others
 * sooner; the same again changes nothing.
 */
export const reportUnreachableSignal = defineSignal<[Unreached], 'report-unreachable'>('report-unreachable');
