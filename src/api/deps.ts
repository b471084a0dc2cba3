import type { Logger } from 'pino';
import type { MetricSources } from '../contracts/metric-sources.js';
import type { Checkpoint, LedgerReport } from '../contracts/records.js';
import type { ApiKeys } from '../ports/api-keys.js';
import type { Authenticator } from '../ports/authenticator.js';
import type { Directory } from '../ports/directory.js';
import type { DocumentKeeping } from '../ports/document-keeping.js';
import type { Documents } from '../ports/documents.js';
import type { GuardLeases } from '../ports/guard-leases.js';
import type { GuardSource } from '../ports/guard-source.js';
import type { ItemModel } from '../ports/item-model.js';
import type { Ledger } from '../ports/ledger.js';
import type { OpenStates } from '../ports/open-states.js';
import type { OperatingModels } from '../ports/operating-models.js';
import type { PeopleHistory } from '../ports/people-history.js';
import type { Publications } from '../ports/publications.js';
import type { ReadModel } from '../ports/read-model.js';
import type { Signer } from '../ports/signer.js';
import type { OpenSpool } from '../ports/spool.js';
import type { DecisionGuard } from './decision-guard/decision-guard.js';
import type { EventStreams } from './events/event-streams.js';
import type { ItemGateway } from './items/item-gateway.js';
import type { LedgerLag } from './ledger-lag.js';
import type { LifecycleGateway } from './lifecycle-gateway.js';
import type { PinnedModels } from './pinned-models.js';
import type { PolicyGateway } from './policy/policy-gateway.js';
import type { Prover } from './prove.js';
import type { Refusals } from './refusals.js';
import type { Teams } from './teams.js';
import type { UsedModels } from './used-models.js';

/** Development tokens, by person; undefined for somebody unknown or not active. */
export interface DevTokens {
  tokenOf(person: string): Promise<string | undefined>;
}

/** Where tokens for this API come from. */
interface SignIn {
  /** Issuers as they name themselves; the first is the one for people. */
  readonly issuers: readonly string[];
  readonly audience: string;
  /** Client id of the command line there; null: it cannot sign anybody in. */
  readonly clientId: string | null;
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
  readonly itemGateway: ItemGateway;
  readonly authenticator: Authenticator;
  readonly apiKeys: ApiKeys;
  readonly people: PeopleHistory;
  readonly directory: Directory;
  readonly documents: Documents;
  readonly keeping: Pick<DocumentKeeping, 'referenced' | 'erase'>;
  readonly ledger: Ledger;
  /** For what the ledger cannot take now. */
  readonly openSpool: OpenSpool;
  readonly readModel: ReadModel;
  readonly items: ItemModel;
  /** What the decision-time guard is fed from, and counts with. */
  readonly guardSource: GuardSource;
  readonly guardLeases: GuardLeases;
  /** How metrics are asked for, which alerting rules are made of; undefined: by the convention alone. May throw. */
  readonly metricDefinitions: () => Promise<MetricSources | undefined>;
  readonly auditing: Auditing;
  readonly models: OperatingModels;
  readonly policyGateway: PolicyGateway;
  readonly publications: Pick<Publications, 'proposed'>;
  readonly openStates: OpenStates;
  /** The team of the directory whose governance and risk decide on operating models. */
  readonly policyTeam: string;
  readonly trust: 'dev' | 'signed';
  /** Only with trust `signed`: proves to lifecycles that commands come from here. */
  readonly signer?: Signer;
  /** Only with trust `dev`: then `POST /v1/dev/token` exists. */
  readonly devTokens?: DevTokens;
  /** Only with trust `signed`: where people sign in, for clients that ask. */
  readonly signIn?: SignIn;
  /** Where people reach the API, for links shown elsewhere. */
  readonly publicUrl: string;
  readonly logger: Logger;
}

/** What handlers share beside that. */
export interface Api extends ApiDeps {
  readonly guard: DecisionGuard;
  readonly pinned: PinnedModels;
  readonly prover: Prover;
  readonly refusals: Refusals;
  readonly usedModels: UsedModels;
  readonly teams: Teams;
  readonly lag: LedgerLag;
  readonly streams: EventStreams;
}
