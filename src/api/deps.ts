import type { Logger } from 'pino';
import type { Directory } from '../ports/directory.js';
import type { Documents } from '../ports/documents.js';
import type { Ledger } from '../ports/ledger.js';
import type { OperatingModels } from '../ports/operating-models.js';
import type { LifecycleGateway } from './lifecycle-gateway.js';
import type { PinnedModels } from './pinned-models.js';
import type { Refusals } from './refusals.js';

/** Development tokens, by person; undefined for somebody unknown or not active. */
export interface DevTokens {
  tokenOf(person: string): Promise<string | undefined>;
}

/** Everything the API is made of. */
export interface ApiDeps {
  readonly gateway: LifecycleGateway;
  readonly directory: Directory;
  readonly documents: Documents;
  readonly ledger: Ledger;
  readonly models: OperatingModels;
  readonly trust: 'dev' | 'signed';
  /** Only with trust `dev`: then `POST /v1/dev/token` exists. */
  readonly devTokens?: DevTokens;
  /** Where people reach the API, for links shown elsewhere. */
  readonly publicUrl: string;
  readonly logger: Logger;
}

/** What handlers share beside that. */
export interface Api extends ApiDeps {
  readonly pinned: PinnedModels;
  readonly refusals: Refusals;
}
