/**
 * The lifecycle in memory: state, outbox and idempotency memory, changed together or not at all. Every way
 * in (update, signal, outcome of work, passing of time) ends in one of the two methods that commit.
 */

import type { Envelope } from '../contracts/envelope.js';
import { type Proof, provenOf, SKEW_MS } from '../contracts/proof/proof.js';
import { parseRootSet } from '../contracts/proof/roots.js';
import { signableStart } from '../contracts/proof/start.js';
import type { Signable } from '../contracts/proof/statement.js';
import type { CommandName } from '../domain/commands/payloads.js';
import { isStricter } from '../domain/commands/table.js';
import type { Json } from '../domain/json.js';
import { completeState } from '../domain/lifecycle/carried-state.js';
import { decide, type Outcome, react } from '../domain/lifecycle/decide.js';
import type { Event, Recorded } from '../domain/lifecycle/events.js';
import type { Report } from '../domain/lifecycle/reports.js';
import { begin } from '../domain/lifecycle/start.js';
import type { State } from '../domain/lifecycle/state.js';
import type { Instant, PersonId } from '../domain/vocabulary.js';
import { Belief, rootIds, saidOf, stopsWithoutProof } from './belief.js';
import type { Carry, LifecycleArgument } from './carry.js';
import { forgottenBefore, type Memory, recall, remember } from './memory.js';
import type { FailureReason, FailureType } from './messages.js';
import { Outbox } from './outbox.js';
import { Unverified } from './unverified.js';

/** An accepted command's event sequence numbers, or why it is refused. */
export type Judgement =
  | { readonly first: number; readonly last: number; readonly replayed: boolean }
  | {
      readonly refused: FailureType;
      readonly reasons: readonly FailureReason[];
      /** Whether it is proven who sent it, as far as this lifecycle asks. */
      readonly believed: boolean;
    };

interface Accepted {
  readonly events: readonly Event[];
  readonly state: State;
  /** Where it stands in the memory, and with which proof the ledger keeps it. */
  readonly as: string;
  readonly proof: Json | undefined;
}

/** The engine from which on a stop is recorded at once: systems that ask before they act learn of it from there. */
const STOPS_HURRY = 3;

/** What whoever is about to act must know within a second, beside holds that stop. */
const STOPS: readonly Event['type'][] = ['StopShipped', 'RolledBack', 'PilotEnded', 'Retired'];

const isStop = (event: Event): boolean =>
  event.type === 'HoldPlaced' ? event.hold.effect !== 'forward' : STOPS.includes(event.type);

function refusal(believed: boolean) {
  return (refused: FailureType, message: string, fact?: string): Judgement => ({
    refused,
    reasons: [{ code: refused, message, ...(fact === undefined ? {} : { fact }) }],
    believed,
  });
}

const kept = (signable: Signable, proof: Proof): Json => provenOf(signable, proof) as unknown as Json;

export class Entity {
  readonly belief: Belief;
  readonly unverified: Unverified;
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
      const { state, outbox, memory, trust, unverified } = argument.carry;
      this.#state = completeState(state);
      this.#memory = memory;
      this.belief = new Belief(trust);
      this.unverified = new Unverified(unverified ?? null);
      this.link = argument.carry.link;
      this.outbox = new Outbox(state.key, outbox);
      if (argument.carry.engine !== state.engine)
        this.report({ type: 'engine', engine: argument.carry.engine }, now);
      return;
    }
    const begun = begin(argument.start, now);
    this.#state = begun.state;
    this.#memory = [];
    this.belief = new Belief(argument.trust);
    this.unverified = new Unverified(null);
    this.link = argument.link;
    this.outbox = new Outbox(begun.state.key, []);
    // Whether the API signed it is for the reconciler to say: who starts a run chooses what that run believes.
    const { proof: proven, trust, start } = argument;
    const proof = proven && kept(signableStart(start, trust, proven), proven.proof);
    this.#record(begun.events, 0, now, argument.start.actor.person, 'start', proof);
  }

  get state(): State {
    return this.#state;
  }

  /** Judges a command without doing it: what a validator answers, and what a handler then commits. */
  judge<N extends CommandName>(name: N, envelope: Envelope<N>, now: Instant): Judgement | Accepted {
    const { id, digest, payload, expect, proof } = envelope;
    const signable: Signable = { lifecycle: this.#state.key, command: name, ...envelope };
    const standing = this.belief.of(signable, proof, now);
    const believed = standing === 'dev' || standing === 'verified';
    const refuse = refusal(believed);
    if (!believed && !stopsWithoutProof(name)) return refuse('unverified', saidOf(standing));
    // Under an id of its own: nobody takes the place of a command that is yet to come.
    const as = believed ? id : `~${id}`;
    const known = recall(this.#memory, as, digest);
    if (known === 'another-body') {
      return refuse(
        'idempotency-key-reused',
        'this key was used for another command; take a new one',
        'Idempotency-Key',
      );
    }
    if (known !== 'unknown') return { ...known, replayed: true };
    if (standing === 'verified' && proof) {
      const doubt = this.#doubtNow(name, payload, proof);
      if (doubt) return doubt;
    }
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
    if (!believed && this.#stands(name, payload)) return refuse('unchanged', 'it is stopped already');
    const actor = { ...envelope.actor, verified: standing === 'verified' };
    const outcome = decide<CommandName>({ name, id, actor, payload } as never, this.#state, now);
    if ('rejected' in outcome) return { refused: outcome.rejected, reasons: outcome.reasons, believed };
    return { ...outcome, as, proof: standing === 'verified' && proof ? kept(signable, proof) : undefined };
  }

  /** Does a command: state, outbox and memory change together, or nothing does. */
  command<N extends CommandName>(name: N, envelope: Envelope<N>, now: Instant): Judgement {
    const judged = this.judge(name, envelope, now);
    if (!('events' in judged)) return judged;
    const before = this.#state.seq;
    this.#commit(judged, now, envelope.actor.person, name, judged.proof);
    const first = before + 1;
    const last = this.#state.seq;
    this.answeredAt = now;
    this.#memory = remember(this.#memory, [judged.as, envelope.digest, first, last, now]);
    return { first, last, replayed: false };
  }

  /** Notes that a signal came which nothing proves; it is counted, and recorded once a minute. */
  countUnverified(name: string, now: Instant): void {
    this.unverified.add(name, now);
    this.touch();
  }

  /** When the count is to be recorded; not while the ledger takes nothing, which what others send must not burden. */
  get countedBy(): Instant | null {
    return this.outbox.full ? null : this.unverified.dueAt;
  }

  /** Fires what time alone makes due. */
  tick(now: Instant): void {
    this.report({ type: 'tick' }, now);
    const counted = this.outbox.full ? undefined : this.unverified.take(now);
    if (counted) this.report({ type: 'messages-unverified', ...counted }, now);
  }

  /** Takes other root keys over; answers whether a root that is believed named them. */
  updateRoots(message: unknown, now: Instant): boolean {
    const set = parseRootSet(message);
    if (set === undefined || !this.belief.take(set)) return false;
    this.report({ type: 'roots-changed', serial: set.serial, roots: rootIds(set), by: set.by }, now);
    return true;
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
    const { link, outbox } = this;
    const { trust } = this.belief;
    const { counted } = this.unverified;
    const carried = { state: this.#state, outbox: outbox.entries, memory: this.#memory, trust, link, engine };
    return { carry: { ...carried, ...(counted && { unverified: counted }) } };
  }

  /** What stands against a proven command now, which its signature cannot say. */
  #doubtNow<N extends CommandName>(name: N, payload: Envelope<N>['payload'], proof: Proof) {
    if (proof.issued < forgottenBefore(this.#memory) + SKEW_MS) {
      return refusal(true)(
        'unverified',
        'its proof is older than what is remembered of commands here, so that it may have been done; send it anew',
      );
    }
    const { digest } = this.#state.model;
    // A stop that was signed before the rules changed, and waited for a worker, is a stop.
    if (proof.policy === digest || isStricter(name, payload)) return undefined;
    return refusal(true)(
      'stale-policy',
      `it was authorized under other rules than ${digest}; look at it again`,
    );
  }

  /** Whether the very stop stands: nobody fills state and ledger by pulling it again and again, in whosever name. */
  #stands(name: CommandName, payload: object): boolean {
    const scope = 'scope' in payload ? payload.scope : null;
    const effect = 'effect' in payload ? payload.effect : null;
    return this.#state.holds.some(
      (held) =>
        held.scope === scope &&
        (held.source === 'stop-ship' || (name === 'hold' && !held.verified && held.effect === effect)),
    );
  }

  #commit(
    { events, state }: Pick<Accepted, 'events' | 'state'>,
    now: Instant,
    by: PersonId | null,
    command: string | null,
    proof?: Json,
  ): void {
    const before = this.#state.seq;
    this.#state = state;
    this.#record(events, before, now, by, command, proof);
  }

  #record(
    events: readonly Event[],
    before: number,
    at: Instant,
    by: PersonId | null,
    command: string | null,
    proof?: Json,
  ): void {
    // With the decision, where there is one: it is looked for there. Else with the first.
    const proven = Math.max(
      0,
      events.findIndex(({ type }) => type === 'DecisionRecorded'),
    );
    const recorded: Recorded[] = events.map((event, index) => ({
      seq: before + index + 1,
      at,
      by,
      command,
      event,
      ...(proof !== undefined && index === proven && { proof }),
    }));
    this.outbox.add(recorded, at);
    if (this.#state.engine >= STOPS_HURRY && events.some(isStop)) this.outbox.hurryAtOnce(at);
    this.touch();
  }
}
