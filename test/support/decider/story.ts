/** Given a start, when people act and time passes, then events or a refusal. Plays the shell around the decider. */
import { deepStrictEqual } from 'node:assert';
import { expect } from 'vitest';
import type { Command, CommandName, Payloads } from '../../../src/domain/commands/payloads.js';
import { digestOf } from '../../../src/domain/digest.js';
import type { Actor } from '../../../src/domain/lifecycle/actor.js';
import { askedAbout } from '../../../src/domain/lifecycle/approval.js';
import { deadlines } from '../../../src/domain/lifecycle/deadlines.js';
import { decide, type Outcome, react } from '../../../src/domain/lifecycle/decide.js';
import type { Event, EventOf, EventType } from '../../../src/domain/lifecycle/events.js';
import type { Report } from '../../../src/domain/lifecycle/reports.js';
import { begin, decideStart } from '../../../src/domain/lifecycle/start.js';
import type { StartInput } from '../../../src/domain/lifecycle/start-input.js';
import type { Approver, State } from '../../../src/domain/lifecycle/state.js';
import { type Verify, type Work, work } from '../../../src/domain/lifecycle/work.js';
import type { Rejection, RejectionCode } from '../../../src/domain/rejection.js';
import type { Sample } from '../../../src/domain/release/verdict.js';
import { checkState, checkStep } from './invariants.js';
import { actor } from './people.js';
import { inIndia, ist } from './time.js';

/** The outside world as a test scripts it. */
export interface World {
  /** `down`: it does not answer. */
  directory: 'up' | 'down';
  /** People whom the directory no longer finds eligible. */
  readonly unfit: Set<string>;
  /** People whom it no longer finds in the team at all. */
  readonly gone: Set<string>;
  target: 'applies' | 'silent';
  /** Measurements of a window; null while the source has not answered. */
  metrics: (asked: Verify) => readonly Sample[] | 'errored' | null;
  notifier: 'up' | 'down';
}

/** Documents are told apart by their text. */
export const text = (written: string): string => digestOf({ text: written });

/** Events that no rule of a gate or rollout depends on; left out of expectations. */
const NOTICES: readonly EventType[] = ['NoticeRaised', 'NoticesDelivered'];

/** A state never changes in place: an attempt to throws. */
function frozen<T>(value: T): T {
  if (typeof value !== 'object' || value === null || Object.isFrozen(value)) return value;
  for (const part of Object.values(value)) frozen(part);
  return Object.freeze(value);
}

export class Story {
  state: State;
  now: number;
  readonly world: World = {
    directory: 'up',
    unfit: new Set(),
    gone: new Set(),
    target: 'applies',
    metrics: () => null,
    notifier: 'up',
  };
  /** Everything that happened, in order. */
  readonly events: Event[] = [];
  /** The same with the instant of each, as the ledger has it. */
  readonly recorded: { readonly at: number; readonly event: Event }[] = [];
  readonly start: StartInput;
  #last: readonly Event[] = [];
  #rejection: Rejection | null = null;
  #commands = 0;

  constructor(start: StartInput, now: number) {
    const begun = begin(start, now);
    this.start = start;
    this.now = now;
    this.state = frozen(begun.state);
    this.#record(begun.events);
    this.#last = begun.events;
    checkState(this.state, now);
    this.perform();
  }

  actor(person: string): Actor {
    return actor(person, this.state.team);
  }

  /** One command, at the present instant; work it leads to is done at once. */
  when<N extends CommandName>(name: N, payload: Payloads[N], by: string): this {
    this.attempt(name, payload, by);
    if (!this.#rejection) this.perform();
    return this;
  }

  /** One command, without doing the work it leads to. */
  attempt<N extends CommandName>(name: N, payload: Payloads[N], by: string): this {
    const id = `command-${++this.#commands}`;
    const command = { name, id, actor: this.actor(by), payload } as Command<N>;
    const outcome = decide(command, this.state, this.now);
    deepStrictEqual(decide(command, this.state, this.now), outcome, 'decide is deterministic');
    this.#take(outcome);
    return this;
  }

  report(report: Report): this {
    this.#take(react(report, this.state, this.now));
    return this;
  }

  /** Lets time pass to an instant (or a wall time in India), everything due on the way happening when it is due. */
  at(instant: number | string): this {
    const until = typeof instant === 'string' ? ist(instant) : instant;
    if (until < this.now) throw new Error(`${inIndia(until)} is over, it is ${inIndia(this.now)}`);
    const seen = this.events.length;
    this.perform();
    for (;;) {
      const next = deadlines(this.state, this.now)[0];
      if (!next || next.at > until) break;
      this.now = Math.max(this.now, next.at);
      this.report({ type: 'tick' });
      this.perform();
    }
    this.now = until;
    this.report({ type: 'tick' });
    this.perform();
    this.#last = this.events.slice(seen);
    return this;
  }

  after(ms: number): this {
    return this.at(this.now + ms);
  }

  /** Time passes while nothing runs: no deadline fires, no work is done. */
  sleepUntil(instant: number | string): this {
    this.now = typeof instant === 'string' ? ist(instant) : instant;
    return this;
  }

  /** Does the work that the state wants, until it wants nothing that the world would answer. */
  perform(): this {
    const seen = this.events.length;
    for (let turns = 0; turns < 200; turns++) {
      const reports = work(this.state).flatMap((wanted) => this.#do(wanted) ?? []);
      const [next] = reports;
      if (!next) {
        if (this.events.length > seen) this.#last = [...this.#last, ...this.events.slice(seen)];
        return this;
      }
      const last = this.#last;
      this.report(next);
      // An outcome that came too late for something due changes nothing; what was due still happens.
      if (this.#rejection) this.report({ type: 'tick' });
      this.#last = last;
      this.#rejection = null;
    }
    throw new Error('the work never ends');
  }

  #do(wanted: Work): Report | null {
    const { directory, gone, target, metrics, notifier } = this.world;
    switch (wanted.kind) {
      case 'confirm-gate': {
        if (directory === 'down') return null;
        const asked = askedAbout(wanted.approvers);
        const ineligible = this.#ineligible(wanted.approvers);
        return {
          type: 'gate-confirmed',
          gate: wanted.gate,
          generation: wanted.generation,
          asked,
          ineligible,
        };
      }
      case 'confirm-holders': {
        if (directory === 'down') return null;
        const left = wanted.people.filter((person) => gone.has(person));
        const found = left.map((person) => ({ person, why: 'left' as const }));
        return { type: 'holders-confirmed', asked: wanted.people, gone: found };
      }
      case 'set-exposure': {
        if (target === 'silent') return null;
        const { fence, allocation, approvers } = wanted;
        const people = this.#ineligible(approvers);
        return people.length > 0
          ? { type: 'exposure-refused', fence, people }
          : { type: 'exposure-applied', fence, allocation };
      }
      case 'verify': {
        const samples = metrics(wanted);
        return samples && { type: 'verified', to: wanted.to, samples };
      }
      case 'watch':
        // Looks have tests of their own; here the guard tells what a test lets it see.
        return null;
      case 'notify':
        if (notifier === 'down') return null;
        return { type: 'notices-delivered', ids: wanted.notices.map(({ id }) => id) };
    }
  }

  /** Approvers who are not eligible any more, themselves or those for whom they spoke. */
  #ineligible(approvers: readonly Approver[]): string[] {
    const { unfit, gone } = this.world;
    return approvers
      .filter(({ person, mandate }) =>
        [person, mandate?.from ?? person].some((each) => unfit.has(each) || gone.has(each)),
      )
      .map(({ person }) => person);
  }

  #take(outcome: Outcome): void {
    if ('rejected' in outcome) {
      this.#rejection = outcome;
      this.#last = [];
      return;
    }
    checkStep(this.state, outcome.events, outcome.state, this.now);
    this.#rejection = null;
    this.#last = outcome.events;
    this.state = frozen(outcome.state);
    this.#record(outcome.events);
  }

  #record(events: readonly Event[]): void {
    this.events.push(...events);
    this.recorded.push(...events.map((event) => ({ at: this.now, event })));
  }

  get last(): readonly Event[] {
    if (this.#rejection) {
      throw new Error(`refused: ${this.#rejection.reasons.map(({ message }) => message).join('; ')}`);
    }
    return this.#last;
  }

  get rejection(): Rejection | null {
    return this.#rejection;
  }

  /** The last step's events by type, in order, notices left out. */
  thenEvents(types: readonly EventType[]): this {
    const happened = this.last.map(({ type }) => type).filter((type) => !NOTICES.includes(type));
    expect(happened).toEqual(types);
    return this;
  }

  /** The one event of a type in the last step. */
  the<T extends EventType>(type: T): EventOf<T> {
    const found = this.all(type);
    expect(found, `${type} among ${this.last.map((event) => event.type).join(', ')}`).toHaveLength(1);
    return found[0] as EventOf<T>;
  }

  /** The last step's events of a type. */
  all<T extends EventType>(type: T): EventOf<T>[] {
    return this.last.filter((event): event is Event & EventOf<T> => event.type === type) as EventOf<T>[];
  }

  thenAccepted(): this {
    expect(this.#rejection).toBeNull();
    return this;
  }

  /** The last command was refused for this reason among others, and nothing changed. */
  thenRejected(code: RejectionCode, fact?: string): this {
    const reasons = this.#rejection?.reasons ?? [];
    expect(
      reasons.map((reason) => [reason.code, ...(fact === undefined ? [] : [reason.fact])]),
      'refused',
    ).toContainEqual([code, ...(fact === undefined ? [] : [fact])]);
    for (const { message } of reasons) expect(message.length).toBeGreaterThan(10);
    return this;
  }
}

/** A lifecycle that was allowed to start. */
export function given(start: StartInput, at: number | string): Story {
  const now = typeof at === 'string' ? ist(at) : at;
  expect(decideStart(start, now)).toBeUndefined();
  return new Story(start, now);
}
