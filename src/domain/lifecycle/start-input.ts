import { type Digest, digestOf } from '../digest.js';
import type { Facts } from '../governance/facts.js';
import type { Json } from '../json.js';
import type { OperatingModel } from '../policy.js';
import type { CompiledSpec } from '../spec/spec.js';
import type { Instant, Mode, PersonId } from '../vocabulary.js';
import type { Actor } from './actor.js';
import type { Engine, Rights, Team } from './state.js';

/** What is decided from when a lifecycle starts: the API resolves team, model and documents, the decider decides. */
export interface Starting {
  readonly engine: Engine;
  readonly key: string;
  readonly title: string;
  readonly mode: Mode;
  readonly actor: Actor;
  readonly team: Team;
  readonly model: OperatingModel;
  /** The team's defaults, with what the caller stated laid over them; each must already be a member. */
  readonly rights: Rights;
  readonly facts: Facts;
  readonly brief: { readonly digest: Digest; readonly missing: readonly string[] };
  readonly pilot: {
    readonly spec: CompiledSpec;
    readonly cohort: { readonly digest: Digest; readonly people: number };
    readonly endsAt: Instant;
    readonly partner: PersonId;
    readonly release: Digest;
  } | null;
}

/** Everything a lifecycle begins from. */
export interface StartInput extends Starting {
  /** Digest of the stored start document: with it and the ledger's events the state can be made again. */
  readonly recordedAs: Digest;
}

/**
 * A start as two documents: its own, in which a digest stands for the compiled model, and that model, which
 * many lifecycles share.
 */
export function startDocument(starting: Starting): { readonly document: Json; readonly model: Json } {
  const { engine, key, title, mode, actor, team, rights, facts, brief, pilot } = starting;
  const model = starting.model as unknown as Json;
  const own = { engine, key, title, mode, actor, team, rights, facts, brief, pilot };
  return { document: { ...own, model: digestOf(model) } as unknown as Json, model };
}

/** Digest of the compiled model that a start document names. Throws a TypeError for any other document. */
export function modelOfStart(document: Json): Digest {
  const named = typeof document === 'object' && document !== null && 'model' in document && document.model;
  if (typeof named !== 'string') throw new TypeError('this is no start document: it names no model');
  return named;
}

/** The start that `startDocument` made two documents of; the model is the one its document names. */
export function readStart(document: Json, model: Json): StartInput {
  const own = document as unknown as Starting;
  return { ...own, model: model as unknown as OperatingModel, recordedAs: digestOf(document) };
}
