/** One lifecycle as its people move it: commands by name, and the way through the stages of a medium use case. */
import { type Client, type WorkflowHandle, WorkflowUpdateFailedError } from '@temporalio/client';
import { ApplicationFailure } from '@temporalio/common';
import { untilTaken } from '../../src/api/temporal-calls.js';
import type { Envelope } from '../../src/contracts/envelope.js';
import type { CommandName, Payloads } from '../../src/domain/commands/payloads.js';
import type { Actor } from '../../src/domain/lifecycle/actor.js';
import type { LifecycleView } from '../../src/domain/lifecycle/view.js';
import type { DecisionKind } from '../../src/domain/vocabulary.js';
import type { LedgerEntry } from '../../src/ports/ledger.js';
import {
  type CommandResult,
  lifecycleId,
  lifecycleQuery,
  signals,
  updates,
} from '../../src/workflows/messages.js';
import { eventually } from './eventually.js';
import { type Run, runsOf } from './histories.js';
import { compiledSpec, digest, envelope } from './lifecycle.js';

/** What a journey needs of the world around it. */
interface Around {
  readonly client: Client;
  now(): Promise<number>;
  actor(person: string): Promise<Actor>;
  journal(key: string): Promise<LedgerEntry[]>;
  /** Proves what is sent; absent: nobody asks for it. */
  prove?<N extends CommandName>(key: string, name: N, message: Envelope<N>): Envelope<N>;
}

export class Journey {
  readonly key: string;
  readonly firstRunId: string;
  readonly #world: Around;

  constructor(world: Around, key: string, firstRunId: string) {
    this.#world = world;
    this.key = key;
    this.firstRunId = firstRunId;
  }

  get handle(): WorkflowHandle {
    return this.#world.client.workflow.getHandle(lifecycleId(this.key));
  }

  /** Sends a command as the API does and answers with its result. */
  async send<N extends CommandName>(
    name: N,
    person: string,
    payload: Payloads[N],
    id?: string,
  ): Promise<CommandResult> {
    const message = await this.message(name, person, payload, id);
    const updateId = `${message.id}.${message.digest}`;
    return untilTaken(() => this.handle.executeUpdate(updates[name], { args: [message], updateId }));
  }

  /** Sends a command that is to be refused and answers with the failure; throws when it is accepted. */
  async refused<N extends CommandName>(
    name: N,
    person: string,
    payload: Payloads[N],
  ): Promise<ApplicationFailure> {
    try {
      await this.send(name, person, payload);
    } catch (error) {
      return failureOf(error);
    }
    throw new Error(`${name} of ${person} was accepted`);
  }

  async signal<N extends CommandName>(
    name: N,
    person: string,
    payload: Payloads[N],
    id?: string,
  ): Promise<void> {
    const signal = signals[name];
    if (signal === undefined) throw new Error(`${name} is no signal`);
    await this.handle.signal(signal, await this.message(name, person, payload, id));
  }

  /** A command as the API would send it, with its proof where one is asked for. */
  async message<N extends CommandName>(
    name: N,
    person: string,
    payload: Payloads[N],
    id?: string,
  ): Promise<Envelope<N>> {
    const bare = envelope<N>(await this.#world.actor(person), payload, id);
    return this.#world.prove?.(this.key, name, bare) ?? bare;
  }

  async view(person = 'hari'): Promise<LifecycleView> {
    const actor = await this.#world.actor(person);
    return this.handle.query(lifecycleQuery, { actor, now: await this.#world.now() });
  }

  /** The first view of which this holds. */
  until(what: string, holds: (view: LifecycleView) => boolean, withinMs?: number): Promise<LifecycleView> {
    let last: LifecycleView | undefined;
    return eventually(
      `${this.key}: ${what}`,
      async () => {
        last = await this.view();
        return holds(last) && last;
      },
      withinMs,
    ).catch((cause: unknown) => {
      const { stage, delivery, candidate, exposure, holds: held, gates, waitingOn } = last ?? {};
      const seen = JSON.stringify({ stage, delivery, candidate, exposure, held, gates, waitingOn }, null, 1);
      throw new Error(`${what} did not come; last seen: ${seen}`, { cause });
    });
  }

  /** Answers at an open gate, on what is up for decision there now. */
  async decide(
    person: string,
    gate: string,
    decision: DecisionKind = 'approve',
    id?: string,
  ): Promise<CommandResult> {
    return this.send('decide', person, await this.answer(gate, decision), id);
  }

  async answer(gate: string, decision: DecisionKind = 'approve'): Promise<Payloads['decide']> {
    const open = (await this.view()).gates.find((one) => one.gate === gate);
    if (open === undefined) throw new Error(`no gate ${gate} is open`);
    const { generation, subject } = open;
    return { gate, generation, subject, decision, ...(decision !== 'approve' && { comment: digest('why') }) };
  }

  /** Hari drafts and submits a spec: its gate opens. */
  async submitSpec(spec = compiledSpec()): Promise<CommandResult> {
    const drafted = await this.send('draft-spec', 'hari', { spec, missing: [] });
    const version = drafted.view.delivery?.spec?.version ?? 0;
    return this.send('submit-spec', 'hari', { version });
  }

  /** From specification into implementation, with everything that review asks for. */
  async toCompleteEvidence(spec = compiledSpec()): Promise<void> {
    await this.submitSpec(spec);
    await this.decide('leena', 'specification');
    await this.decide('gita', 'specification');
    await this.until('the specification gate passes', ({ stage }) => stage === 'implementation');
    await this.registerRelease('release', spec.digest);
  }

  async registerRelease(name: string, about: string): Promise<void> {
    const release = digest(name);
    await this.send('register-release', 'hari', { release, changedSections: [] });
    await this.send('add-evidence', 'ci', {
      kind: 'eval',
      digest: digest(`eval of ${name}`),
      producer: 'ci',
      independent: false,
      collectedAt: await this.#world.now(),
      about: [about, release],
      results: {},
    });
  }

  /** Into review: the readiness gate opens. */
  async toReadiness(spec = compiledSpec()): Promise<void> {
    await this.toCompleteEvidence(spec);
    await this.send('submit-for-review', 'hari', {});
  }

  /** Both approve; the rollout begins by itself once the directory has confirmed them. */
  async passReadiness(): Promise<void> {
    await this.decide('leena', 'readiness');
    await this.decide('gita', 'readiness');
  }

  /** What the ledger holds, once it holds everything that has happened until now. */
  async recorded(): Promise<LedgerEntry[]> {
    const { version } = await this.view();
    return eventually(`the ledger has ${version} entries of ${this.key}`, async () => {
      const entries = await this.#world.journal(this.key);
      return (entries.at(-1)?.seq ?? 0) >= version && entries;
    });
  }

  /** The activities that are scheduled or running now, by type. */
  async pendingActivities(): Promise<string[]> {
    const { raw } = await this.handle.describe();
    return (raw.pendingActivities ?? []).map(({ activityType }) => activityType?.name ?? '').sort();
  }

  runs(): Promise<Run[]> {
    return runsOf(this.#world.client, lifecycleId(this.key), this.firstRunId);
  }
}

/** The application's failure behind what an update threw. */
export function failureOf(error: unknown): ApplicationFailure {
  if (error instanceof WorkflowUpdateFailedError && error.cause instanceof ApplicationFailure)
    return error.cause;
  throw error;
}
