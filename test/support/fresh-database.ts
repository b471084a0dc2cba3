import { inject } from 'vitest';
import { copyOf, type DatabaseUrls } from './postgres.js';

/** A new database on the PostgreSQL of this test run, with the newest schema: take one for each file or test. */
export function freshDatabase(): Promise<DatabaseUrls> {
  return copyOf(inject('database'));
}
