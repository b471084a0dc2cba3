import type { Actor } from '../../domain/lifecycle/actor.js';
import type { LifecycleView } from '../../domain/lifecycle/view.js';
import type { OperatingModel } from '../../domain/policy.js';
import type { Directory } from '../../ports/directory.js';
import type { Documents } from '../../ports/documents.js';
import type { PinnedModels } from '../pinned-models.js';

/** What the intake of a body may look at. */
export interface IntakeContext {
  readonly key: string;
  readonly team: string;
  readonly actor: Actor;
  readonly documents: Documents;
  readonly directory: Directory;
  readonly models: PinnedModels;
  /** A published version of a model (the newest, where none is named), kept and on record from here on. */
  readonly published: (name: string, version?: number) => Promise<OperatingModel>;
  /** The lifecycle as it is now; costs a query, so only what cannot do without asks for it. */
  readonly view: () => Promise<LifecycleView>;
}
