import type { Request, Response } from 'express';
import type { Permission } from '../contracts/actions.js';
import type { ProblemReason } from '../contracts/problem.js';
import type { CommandName } from '../domain/commands/payloads.js';
import type { Actor } from '../domain/lifecycle/actor.js';
import type { ItemCommandName } from '../domain/operations/item-commands.js';
import type { Principal } from '../ports/authenticator.js';
import type { Person } from '../ports/directory.js';

/** Who acts on which lifecycle of which team, once that is authorized. */
export interface Standing {
  readonly actor: Actor;
  readonly key: string;
  readonly team: string;
}

/** What is known of a request so far, for the handlers behind and for the record of a refusal. */
export interface RequestContext {
  /** As in the log and in `X-Request-Id`. */
  requestId: string;
  person?: Person;
  /** By what credential the person is known; there whenever `person` is. */
  principal?: Principal;
  /** Key of the lifecycle it is about, once that is known to be one. */
  lifecycle?: string;
  command?: CommandName | ItemCommandName | 'start';
  /** The row of the matrix that it is judged by, once it is known to have one. */
  permission?: Permission;
  standing?: Standing;
  /** Judges it by its row once more, for what goes on after it was let pass; throws `Problem` as the first time. */
  judge?: (request: Request, response: Response) => Promise<void>;
  /** Why it is denied, where the answer says that there is no such thing. */
  hidden?: readonly ProblemReason[];
  /** Code and reasons, once it has been refused. */
  refused?: { readonly code: string; readonly reasons: readonly ProblemReason[] };
}

const contexts = new WeakMap<Response, RequestContext>();

/** The request's context; made at first use. */
export function contextOf(response: Response): RequestContext {
  const known = contexts.get(response);
  if (known !== undefined) return known;
  const fresh: RequestContext = { requestId: '' };
  contexts.set(response, fresh);
  return fresh;
}
