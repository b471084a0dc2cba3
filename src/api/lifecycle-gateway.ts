import type { Envelope } from '../contracts/envelope.js';
import type { CommandName } from '../domain/commands/payloads.js';
import type { Actor } from '../domain/lifecycle/actor.js';
import type { RouteAnswer } from '../domain/lifecycle/route.js';
import type { LifecycleView } from '../domain/lifecycle/view.js';
import type { CommandResult, LifecycleInput } from '../workflows/messages.js';

/** What the API asks of the engine. Every method throws `Problem` for what a client should be told. */
export interface LifecycleGateway {
  /** Starts a lifecycle; where the key is taken, answers what it was started with (null: not by this API). */
  start(input: LifecycleInput, startId: string): Promise<Started>;
  /** Whether the engine still has a lifecycle of this key, open or closed: after its retention it has not. */
  knows(key: string): Promise<boolean>;
  /** The state for this person, within two seconds. */
  view(key: string, actor: Actor): Promise<LifecycleView>;
  /** The route to go-live, within two seconds. */
  route(key: string, whatIf: readonly string[]): Promise<RouteAnswer>;
  /** Sends a command and waits up to `waitMs` for its outcome. */
  command<N extends CommandName>(
    key: string,
    name: N,
    envelope: Envelope<N>,
    waitMs: number,
  ): Promise<CommandResult>;
  /** Hands a command over for good, without waiting for a worker. */
  signal<N extends CommandName>(key: string, name: N, envelope: Envelope<N>): Promise<void>;
  /** The team a lifecycle belongs to. */
  team(key: string): Promise<string>;
  /** Resolves when the engine answers. */
  ready(): Promise<void>;
}

export type Started =
  | { readonly started: true }
  | { readonly started: false; readonly startId: string | null };
