/** What a history says was done to a lifecycle from outside, in our words: the reconciler compares nothing else. */
import type { Instant } from '../../domain/vocabulary.js';

/** How a run ended that did not simply go on as a new one. */
export type Ending = 'completed' | 'terminated' | 'canceled' | 'failed' | 'timed-out';

interface Done {
  /** Number of the event in its run. */
  readonly eventId: number;
  readonly at: Instant;
  /** What the caller calls itself; empty where nobody said. */
  readonly identity: string;
  /** Who the server says it was; null where the server does not say. */
  readonly principal: string | null;
}

export type Started = Done & {
  readonly act: 'started';
  /** Type of the workflow. */
  readonly type: string;
  /** The argument as it was decoded; undefined where it cannot be. */
  readonly argument: unknown;
};

export type Message = Done & {
  readonly act: 'message';
  /** A `request` is one to Temporal itself, such as to cancel, to pause or to change options. */
  readonly how: 'update' | 'signal' | 'request';
  readonly name: string;
  readonly argument: unknown;
};

export type Act =
  | Started
  | Message
  | (Done & {
      readonly act: 'reset';
      /** The run whose history was cut off. */
      readonly from: string;
    })
  | (Done & { readonly act: 'closed'; readonly ending: Ending });
