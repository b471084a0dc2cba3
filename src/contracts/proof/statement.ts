/**
 * What the API signs about a command: an in-toto statement, which standard tools can read. It is made again from the
 * message by whoever verifies, so that nothing in it can differ from what is done.
 */
import type { CommandName } from '../../domain/commands/payloads.js';
import { type Digest, digestOf, isDigest } from '../../domain/digest.js';
import type { Json } from '../../domain/json.js';
import type { Actor } from '../../domain/lifecycle/actor.js';
import type { ItemCommandName } from '../../domain/operations/item-commands.js';
import type { PolicyCommandName } from '../../domain/policy-change/commands.js';
import type { Instant } from '../../domain/vocabulary.js';

const STATEMENT = 'https://in-toto.io/Statement/v1';
/** Names what the predicate means; described in docs/howto/signed-decisions.md. */
const PREDICATE = 'urn:airworthy:command:1';

/** From when until when a statement is believed, and under which rules it was authorized. */
export interface Term {
  readonly issued: Instant;
  /** First instant at which it is believed no longer. */
  readonly expires: Instant;
  /** Digest of the operating model; null where it could not be asked for, which only serves what stops things. */
  readonly policy: Digest | null;
}

/** One command to one lifecycle, as an envelope carries it. */
export interface Signable {
  readonly lifecycle: string;
  /** `start`: the lifecycle's own beginning. */
  readonly command: CommandName | ItemCommandName | PolicyCommandName | 'start';
  readonly id: string;
  /** Digest of the body as it was sent. */
  readonly digest: string;
  readonly actor: Actor;
  readonly expect?: number;
  readonly payload: object;
}

/** An in-toto Statement v1. */
export type Statement = {
  readonly _type: typeof STATEMENT;
  readonly subject: readonly { readonly name: string; readonly digest: { readonly sha256: string } }[];
  readonly predicateType: typeof PREDICATE;
  readonly predicate: { readonly [name: string]: Json };
};

/** The statement about a command. Throws a TypeError where the payload is not JSON. */
export function statementOf(signable: Signable, { issued, expires, policy }: Term): Statement {
  const { lifecycle, command, id, digest, actor, expect } = signable;
  const payload = signable.payload as Json;
  const cited = citedIn(payload);
  const sealed = digestOf(payload);
  const { person, functions, roles, teams, authenticated } = actor;
  return {
    _type: STATEMENT,
    subject: [
      cited === undefined
        ? { name: `${lifecycle}/${command}`, digest: { sha256: hexOf(sealed) } }
        : {
            name: `${lifecycle}/${cited.gate}/${cited.generation}`,
            digest: { sha256: hexOf(cited.subject) },
          },
    ],
    predicateType: PREDICATE,
    predicate: {
      lifecycle,
      command,
      id,
      body: digest,
      actor: {
        person,
        functions,
        roles,
        teams,
        ...(authenticated && { authenticated: { ...authenticated } }),
      },
      payload: sealed,
      // An answer at a gate is digests and a few words: said in full, it can be read without anything else.
      ...(cited !== undefined && { answer: payload }),
      ...(expect !== undefined && { expect }),
      policy,
      issued: new Date(issued).toISOString(),
      expires: new Date(expires).toISOString(),
    },
  };
}

interface Cited {
  readonly gate: string;
  readonly generation: number;
  readonly subject: Digest;
}

/** The gate, generation and subject that an answer is about. */
function citedIn(payload: Json): Cited | undefined {
  const { gate, generation, subject } = payload as { readonly [name: string]: unknown };
  if (typeof gate !== 'string' || typeof generation !== 'number' || typeof subject !== 'string')
    return undefined;
  return isDigest(subject) ? { gate, generation, subject } : undefined;
}

const hexOf = (digest: Digest): string => digest.slice('sha256:'.length);
