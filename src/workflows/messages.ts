/**
 * The contract with Temporal, for the API and the workflow alike: queues, ids, messages and their shapes.
 * Every command is an update by its own name; those an operator may need without an answer are signals too.
 */
import type { SignalDefinition, UpdateDefinition } from '@temporalio/common';
import { defineQuery, defineSignal, defineUpdate } from '@temporalio/workflow';
import type { AskAfter } from '../contracts/ask-after.js';
import type { Envelope } from '../contracts/envelope.js';
import type { RootSet, Trust } from '../contracts/proof/roots.js';
import type { StartProof } from '../contracts/proof/start.js';
import type { CommandName } from '../domain/commands/payloads.js';
import { COMMAND_NAMES, COMMANDS } from '../domain/commands/table.js';
import type { ReportedFinding } from '../domain/governance/finding.js';
import type { Actor } from '../domain/lifecycle/actor.js';
import type { RouteAnswer } from '../domain/lifecycle/route.js';
import type { StartInput } from '../domain/lifecycle/start-input.js';
import type { LifecycleView, Waiting } from '../domain/lifecycle/view.js';
import type { Reason, RejectionCode } from '../domain/rejection.js';
import type { Instant } from '../domain/vocabulary.js';

export const TASK_QUEUES = {
  /** Workflows and quick activities. */
  workflows: 'airworthy',
  /** Release targets and metric sources. */
  effects: 'airworthy-effects',
  /** Looks at what is live: there are many of them, and a source that hangs must not keep an effect waiting. */
  watch: 'airworthy-watch',
  notify: 'airworthy-notify',
} as const;

/** Type of the workflow that carries one use case. */
export const LIFECYCLE_WORKFLOW = 'lifecycle';

/** Workflow id of a lifecycle. */
export function lifecycleId(key: string): string {
  return `lifecycle/${key}`;
}

/** What a lifecycle starts with. */
export interface LifecycleInput {
  readonly start: StartInput;
  /** `dev` believes every message; else the root keys by which messages are to be proven. */
  readonly trust: Trust;
  /** That the API started it; absent under trust `dev`. */
  readonly proof?: StartProof;
  /** Where people open it: the console's address, or the API's. */
  readonly link: string;
}

/** What an accepted command answers. */
export interface CommandResult {
  /** Ledger ids of what it caused, `lifecycle/{key}/{seq}`. */
  readonly events: readonly string[];
  /** Whether the command had been accepted before, under the same id. */
  readonly replayed: boolean;
  /** As it is now, for the person who sent the command; why others are refused stays out of the history. */
  readonly view: Omit<LifecycleView, 'refused'>;
}

/** Types of the failures of an update. Details are `[reasons]`, a list of `Reason`s. */
export type FailureType =
  | RejectionCode
  | 'ledger-behind'
  | 'idempotency-key-reused'
  | 'version-conflict'
  | 'malformed'
  /** Nothing proves that the API sent it. */
  | 'unverified'
  /** It was authorized under another operating model than is pinned now. */
  | 'stale-policy'
  | 'internal';
export type FailureReason = Omit<Reason, 'code'> & { readonly code: FailureType };

type Updates = Readonly<Record<CommandName, UpdateDefinition<CommandResult, [Envelope]>>>;
type Signals = Readonly<Partial<Record<CommandName, SignalDefinition<[Envelope]>>>>;

/** The update of every command. */
export const updates: Updates = definitions(COMMAND_NAMES, defineUpdate);

/** The commands that are signals as well, with the same argument and no answer. */
export const signals: Signals = definitions(
  COMMAND_NAMES.filter((name) => COMMANDS[name].signal),
  defineSignal,
);

function definitions<T>(names: readonly CommandName[], define: (name: string) => unknown): T {
  return Object.fromEntries(names.map((name) => [name, define(name)])) as T;
}

/** Wakes a lifecycle; with an engine, asks it to go on under that behaviour version. */
export const pokeSignal = defineSignal<[{ engine?: number }], 'poke'>('poke');

/** Names other root keys to a lifecycle that runs, signed by one that it believes. */
export const updateRootsSignal = defineSignal<[RootSet], 'update-roots'>('update-roots');

/** Has a lifecycle ask the directory after people who may be gone. Nobody signs it, because nobody is believed. */
export const askAfterSignal = defineSignal<[AskAfter], 'ask-after'>('ask-after');

/**
 * What the reconciler saw go past us: it freezes what it touches until it is ratified. Nobody signs it, because
 * it only ever makes things stricter; the same finding again changes nothing.
 */
export const reportFindingSignal = defineSignal<[ReportedFinding], 'report-finding'>('report-finding');

/** The state in the words of the surfaces. `now` is the caller's clock: a query has none of its own. */
export const lifecycleQuery = defineQuery<LifecycleView, [{ actor: Actor; now: Instant }], 'lifecycle'>(
  'lifecycle',
);

export const waitingOnQuery = defineQuery<readonly Waiting[], [], 'waiting-on'>('waiting-on');

/** Earliest honest go-live, critical path and what is missing; `whatIf` such as `without=money`, `second=risk`. */
export const routeQuery = defineQuery<RouteAnswer, [{ now: Instant; whatIf: readonly string[] }], 'route'>(
  'route',
);
