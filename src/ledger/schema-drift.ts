import { readFile } from 'node:fs/promises';
import pg from 'pg';
import { describeSchema } from './describe-schema.js';
import { shipped } from './shipped.js';

/** The committed dump: what all migrations together make. Written anew by the test of it, with `-u`. */
const DUMP = 'schema.txt';

/** One line that differs: what the dump has and the database lacks, or the other way round. */
export interface Drift {
  readonly missing: readonly string[];
  readonly unknown: readonly string[];
}

/** How a migrated database differs from what its migrations made: somebody changed it by hand. */
export async function schemaDrift(url: string): Promise<Drift> {
  const client = new pg.Client({ connectionString: url, application_name: 'airworthy-drift' });
  await client.connect();
  try {
    const [there, dump] = await Promise.all([describeSchema(client), readFile(shipped(DUMP), 'utf8')]);
    const [found, expected] = [there, dump].map((text) => text.split('\n'));
    const without = (lines: readonly string[] = [], others: readonly string[] = []) => {
      const known = new Set(others);
      return lines.filter((line) => !known.has(line));
    };
    return { missing: without(expected, found), unknown: without(found, expected) };
  } finally {
    await client.end();
  }
}
