import type { Digest } from '../digest.js';
import type { Facts } from '../governance/facts.js';
import type { OperatingModel } from '../policy.js';
import type { CompiledSpec } from '../spec/spec.js';
import type { Instant, Mode, PersonId } from '../vocabulary.js';
import type { Actor } from './actor.js';
import type { Engine, Rights, Team } from './state.js';

/** Everything a lifecycle begins from: the API resolves team, model and documents, the decider decides. */
export interface StartInput {
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
