import type pg from 'pg';
import type { Logger } from 'pino';
import { reason } from '../adapters/system-error.js';
import { APP_ROLE, createPool } from '../ledger/pool.js';
import type { Environment } from './environment.js';
import { OperatorError } from './operator-error.js';

/** Connections as API and worker have them. Throws OperatorError where no database is named. */
export function openPool(
  { databaseUrl, databaseAppUrl }: Pick<Environment, 'databaseUrl' | 'databaseAppUrl'>,
  log: Pick<Logger, 'warn'>,
  options: { readonly max?: number; readonly statementMs?: number } = {},
): pg.Pool {
  const url = databaseAppUrl ?? databaseUrl;
  if (url === undefined) {
    throw new OperatorError(
      'DATABASE_URL is not set: name a PostgreSQL, or start everything with npm run up.',
    );
  }
  return createPool(url, {
    ...options,
    ...(databaseAppUrl === undefined && { role: APP_ROLE }),
    onIdleError: (error) => log.warn({ reason: reason(error) }, 'a connection to the database broke'),
  });
}
