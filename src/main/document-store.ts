import { join } from 'node:path';
import type pg from 'pg';
import type { Logger } from 'pino';
import { MasterKeyUnusable, masterKeyFile, masterKeyOf } from '../adapters/master-key.js';
import { createSpools } from '../adapters/spool.js';
import { openSpooledDocuments } from '../adapters/spooled-documents.js';
import { createDocumentKeeping } from '../ledger/documents/keeping.js';
import { createPostgresDocuments } from '../ledger/documents/postgres-documents.js';
import type { Environment } from './environment.js';
import { OperatorError } from './operator-error.js';

type Settings = Pick<Environment, 'home' | 'masterKey' | 'trust'>;

/**
 * The documents of an API: in the database, behind a spool in AIRWORTHY_HOME that its refusals use too. Throws
 * OperatorError where there is no master key.
 */
export async function openDocumentStore(settings: Settings, pool: pg.Pool, log: Logger) {
  const openSpool = createSpools(join(settings.home, 'spool'), log);
  const stored = createPostgresDocuments(pool, await masterKeyIn(settings));
  return {
    openSpool,
    documents: openSpooledDocuments(stored, openSpool),
    keeping: createDocumentKeeping(pool),
  };
}

/** The master key, for whoever reads documents without a spool. Throws OperatorError where there is none. */
export async function masterKeyIn({ home, masterKey, trust }: Settings): Promise<Uint8Array> {
  try {
    if (masterKey !== undefined) return masterKeyOf(masterKey, 'AIRWORTHY_MASTER_KEY');
    // In production several machines need the same one, and a backup of it.
    if (trust !== 'dev')
      throw new MasterKeyUnusable('AIRWORTHY_MASTER_KEY is not set: give every API the same');
    return await masterKeyFile(join(home, 'keys', 'master.key'));
  } catch (error) {
    throw error instanceof MasterKeyUnusable ? new OperatorError(error.message) : error;
  }
}
