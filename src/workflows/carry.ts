import type { Recorded } from '../domain/lifecycle/events.js';
import type { Engine, State } from '../domain/lifecycle/state.js';
import type { Memory } from './memory.js';
import type { LifecycleInput } from './messages.js';
import type { UnverifiedCount } from './unverified.js';

/** What one run hands to the next: the whole lifecycle as data. Code position is never state. */
export interface Carry {
  readonly carry: {
    readonly state: State;
    /** Events the ledger has not acknowledged yet. */
    readonly outbox: readonly Recorded[];
    readonly memory: Memory;
    readonly trust: LifecycleInput['trust'];
    readonly link: string;
    /** Absent: none were counted. */
    readonly unverified?: UnverifiedCount;
    /** The engine asked for by `poke`; the next run decides with it. */
    readonly engine: Engine;
  };
}

export type LifecycleArgument = LifecycleInput | Carry;
