import pg from 'pg';

/** Waiting longer for a connection than this is being down: whoever asked is told, and asks again. */
const CONNECT_MS = 3_000;
/** No statement of ours takes longer while all is well; what exports and rebuilds do sets its own limit. */
const STATEMENT_MS = 10_000;

/** A login that has this role may append and read, and change nothing. */
export const APP_ROLE = 'airworthy_app';

export interface PoolOptions {
  /** Taken on by every session; absent: what the login is. */
  readonly role?: typeof APP_ROLE;
  /** Most connections at once; 10. */
  readonly max?: number;
  /** 0: a statement may take as long as it takes. */
  readonly statementMs?: number;
  /** Told of connections that break while nobody uses them; the pool makes new ones. */
  readonly onIdleError?: (error: Error) => void;
}

/** Connections to a PostgreSQL database, made when needed: that it is up shows with the first query. */
export function createPool(url: string, options: PoolOptions = {}): pg.Pool {
  const { role, max = 10, statementMs = STATEMENT_MS, onIdleError = () => undefined } = options;
  const pool = new pg.Pool({
    connectionString: url,
    max,
    connectionTimeoutMillis: CONNECT_MS,
    statement_timeout: statementMs,
    application_name: 'airworthy',
    keepAlive: true,
    ...(role !== undefined && { options: `-c role=${role}` }),
  });
  // Without a listener a broken idle connection would end the process.
  pool.on('error', onIdleError);
  return pool;
}
