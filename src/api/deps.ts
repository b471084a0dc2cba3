import type { Logger } from 'pino';
import type { Checkpoint, LedgerReport } from '../contracts/records.js';
import type { Directory } from '../ports/directory.js';
import type { DocumentKeeping } from '../ports/document-keeping.js';
import type { Documents } from '../ports/documents.js';
import type { Ledger } from '../ports/ledger.js';
import type { OperatingModels } from '../ports/operating-models.js';
import type { ReadModel } from '../ports/read-model.js';
import type { OpenSpool } from '../ports/spool.js';
import type { EventStreams } from './events/event-streams.js';
import type { LedgerLag } from './ledger-lag.js';
import type { LifecycleGateway } from './lifecycle-gateway.js';
import type { PinnedModels } from './pinned-models.js';
import type { Refusals } from './refusals.js';
import type { Teams } from './teams.js';
import type { UsedModels } from './used-models.js';

/** Development tokens, by person; undefined for somebody unknown or not active. */
export interface DevTokens {
  tokenOf(person: string): Promise<string | undefined>;
}

/** What auditors ask of the ledger as a whole. Everything may throw `LedgerUnavailable`. */
export interface Auditing {
  /** Writes a bundle of one lifecycle or (null) of all, in pieces that end anywhere; throws what `write` throws. */
  exportBundle(
    scope: { readonly lifecycle: string | null },
    write: (text: string) => Promise<void>,
  ): Promise<void>;
  /** Up to `limit` checkpoints with a number above `after`, oldest first. */
  checkpoints(after: number, limit: number): Promise<readonly Checkpoint[]>;
  /** Checks everything that is recorded now against its hashes and checkpoints. */
  verify(): Promise<LedgerReport>;
}

/** Everything the API is made of. */
export interface ApiDeps {
  readonly gateway: LifecycleGateway;
  readonly directory: Directory;
  readonly documents: Documents;
  readonly keeping: Pick<DocumentKeeping, 'referenced' | 'erase'>;
  readonly ledger: Ledger;
  /** For what the ledger cannot take now. */
  readonly openSpool: OpenSpool;
  readonly readModel: ReadModel;
  readonly auditing: Auditing;
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
  readonly usedModels: UsedModels;
  readonly teams: Teams;
  readonly lag: LedgerLag;
  readonly streams: EventStreams;
}
