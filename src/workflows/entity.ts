/**
 * The lifecycle in memory: state, outbox and idempotency memory, changed together or not at all. Every way
 * in (update, signal, outcome of work, passing of time) ends in one of the two methods that commit.
 */

import type { Envelope } from '../contracts/envelope.js';
import type { CommandName } from '../domain/commands/payloads.js';
import { isStricter } from '../domain/commands/table.js';
import { completeState } from '../domain/lifecycle/carried-state.js';
import { decide, type Outcome, react } from '../domain/lifecycle/decide.js';
import type { Event, Recorded } from '../domain/lifecycle/events.js';
import type { Report } from '../domain/lifecycle/reports.js';
import { begin } from '../domain/lifecycle/start.js';
import type { State } from '../domain/lifecycle/state.js';
import type { Instant, PersonId } from '../domain/vocabulary.js';
import type { Carry, LifecycleArgument } from './carry.js';
import { type Memory, recall, remember } from './memory.js';
import type { FailureReason, FailureType, LifecycleInput } from './messages.js';
import { Outbox } from './outbox.js';

/** An accepted command's event sequence numbers, or why it is refused. */
export type Judgement =
  | { readonly first: number; readonly last: number; readonly replayed: boolean }
  | { readonly refused: FailureType; readonly reasons: readonly FailureReason[] };

interface Accepted {
  readonly events: readonly Event[];
  readonly state: State;
}

function refuse(refused: FailureType, message: string, fact?: string): Judgement {
  return { refused, reasons: [{ code: refused, message, ...(fact === undefined ? {} : { fact }) }] };
}

export class Entity {
  readonly trust: LifecycleInput['trust'];
  readonly link: string;
  readonly outbox: Outbox;
  /** When a command was last accepted: in a workflow task of this very time its answer is still to leave. */
  answeredAt: Instant | null = null;
  #state: State;
  #memory: Memory;
  #version = 0;
  #wake = (): void => undefined;

  constructor(argument: LifecycleArgument, now: Instant) {
    if ('carry' in argument) {
      const { state, outbox, memory, trust } = argument.carry;
      this.#state = completeState(state);
      this.#memory = memory;
      this.trust = trust;
      this.link = argument.carry.link;
      this.outbox = new Outbox(state.key, outbox);
      if (argument.carry.engine !== state.engine)
        this.report({ type: 'engine', engine: argument.carry.engine }, now);
      return;
    }
    const begun = begin(argument.start, now);
    this.#state = begun.state;
    this.#memory = [];
    this.trust = argument.trust;
    this.link = argument.link;
    this.outbox = new Outbox(begun.state.key, []);
    this.#record(begun.events, 0, now, argument.start.actor.person, 'start');
  }

  get state(): State {
    return this.#state;
  }

  /** Judges a command without doing it: what a validator answers, and what a handler then commits. */
  judge<N extends CommandName>(name: N, envelope: Envelope<N>, now: Instant): Judgement | Accepted {
    const { id, digest, payload, expect } = envelope;
    const known = recall(this.#memory, id, digest);
    if (known === 'another-body') {
      return refuse(
        'idempotency-key-reused',
        'this key was used for another command; take a new one',
        'Idempotency-Key',
      );
    }
    if (known !== 'unknown') return { ...known, replayed: true };
    if (expect !== undefined && expect !== this.#state.seq) {
      return refuse(
        'version-conflict',
        `you saw version ${expect}, it is ${this.#state.seq} now; read it again`,
        'If-Match',
      );
    }
    if (this.outbox.full && !isStricter(name, payload)) {
      return refuse(
        'ledger-behind',
        'the ledger is far behind; only what makes things stricter is accepted until it has caught up',
      );
    }
    const actor = { ...envelope.actor, verified: envelope.actor.verified && this.trust !== 'dev' };
    const outcome = decide<CommandName>({ name, id, actor, payload } as never, this.#state, now);
    return 'rejected' in outcome ? { refused: outcome.rejected, reasons: outcome.reasons } : outcome;
  }

  /** Does a command: state, outbox and memory change together, or nothing does. */
  command<N extends CommandName>(name: N, envelope: Envelope<N>, now: Instant): Judgement {
    const judged = this.judge(name, envelope, now);
    if (!('events' in judged)) return judged;
    const before = this.#state.seq;
    this.#commit(judged, now, envelope.actor.person, name);
    const first = before + 1;
    const last = this.#state.seq;
    this.answeredAt = now;
    this.#memory = remember(this.#memory, [envelope.id, envelope.digest, first, last, now]);
    return { first, last, replayed: false };
  }

  /** Takes in the outcome of work; one that no longer matters changes nothing. */
  report(report: Report, now: Instant): void {
    const outcome: Outcome = react(report, this.#state, now);
    if ('rejected' in outcome || outcome.events.length === 0) return;
    this.#commit(outcome, now, null, null);
  }

  /** Rises with every change, for whoever waits for one. */
  get version(): number {
    return this.#version;
  }

  /** Notes a change, of the state or of something around it. */
  touch(): void {
    this.#version++;
    this.#wake();
  }

  /** Resolves with the next change, still in its activation: a condition would enter the sandbox once more. */
  nextChange(): Promise<void> {
    return new Promise((resolve) => {
      this.#wake = resolve;
    });
  }

  carry(engine: Carry['carry']['engine']): Carry {
    const { trust, link, outbox } = this;
    return {
      carry: { state: this.#state, outbox: outbox.entries, memory: this.#memory, trust, link, engine },
    };
  }

  #commit({ events, state }: Accepted, now: Instant, by: PersonId | null, command: string | null): void {
    const before = this.#state.seq;
    this.#state = state;
    this.#record(events, before, now, by, command);
  }

  #record(
    events: readonly Event[],
    before: number,
    at: Instant,
    by: PersonId | null,
    command: string | null,
  ): void {
    const recorded: Recorded[] = events.map((event, index) => ({
      seq: before + index + 1,
      at,
      by,
      command,
      event,
    }));
    this.outbox.add(recorded, at);
    this.touch();
  }
}
