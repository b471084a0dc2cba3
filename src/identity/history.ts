/** Rows with the time in which they were so, each table in the same way: what is no longer so is ended, never changed. */
import type pg from 'pg';
import type { Json } from '../domain/json.js';

interface HistoryTable {
  readonly name: 'person' | 'team' | 'credential' | 'absence' | 'delegation';
  /** What is kept of each, beside when and by whom. */
  readonly columns: readonly string[];
  /** Of which there is one at a time. */
  readonly key: readonly string[];
}

const table = (name: HistoryTable['name'], key: readonly string[], ...more: string[]): HistoryTable => ({
  name,
  key,
  columns: [...key, ...more],
});

export const PERSON = table('person', ['id'], 'functions', 'teams', 'roles', 'active');
export const TEAM = table('team', ['id'], 'calendar', 'lead', 'heads', 'rights');
export const CREDENTIAL = table('credential', ['issuer', 'subject'], 'person');
export const ABSENCE = table('absence', ['person', 'starts_at'], 'ends_at');
export const DELEGATION = table('delegation', ['person', 'delegate', 'starts_at'], 'gates', 'ends_at');

/** A row by column. */
export type Row = Readonly<Record<string, Json>>;

const WHEN_AND_WHOSE = "ARRAY['source', 'valid_from', 'valid_to']";

/**
 * Lets rows be what is so from now on, by what a source says: they take the place of what has the same key, whoever
 * said that. Answers how many are new. Within a transaction.
 */
export async function makeSo(
  client: Pick<pg.ClientBase, 'query'>,
  { name, columns, key }: HistoryTable,
  source: string,
  rows: readonly Row[],
): Promise<number> {
  const given = [JSON.stringify(rows), source];
  const wanted = `SELECT w, to_jsonb(w) - ${WHEN_AND_WHOSE} AS said
    FROM jsonb_populate_recordset(NULL::identity.${name}, $1) w`;
  const sameKey = key.map((column) => `t.${column} = (x.w).${column}`).join(' AND ');
  const same = `${sameKey} AND t.source = $2 AND to_jsonb(t) - ${WHEN_AND_WHOSE} = x.said`;
  await client.query(
    `WITH x AS (${wanted}) UPDATE identity.${name} t SET valid_to = clock_timestamp()
      WHERE t.valid_to IS NULL AND EXISTS (SELECT FROM x WHERE ${sameKey})
        AND NOT EXISTS (SELECT FROM x WHERE ${same})`,
    given,
  );
  const { rowCount } = await client.query(
    `WITH x AS (${wanted}) INSERT INTO identity.${name} (${columns.join(', ')}, source)
      SELECT ${columns.map((column) => `(x.w).${column}`).join(', ')}, $2 FROM x
      WHERE NOT EXISTS (SELECT FROM identity.${name} t WHERE t.valid_to IS NULL AND ${same})`,
    given,
  );
  return rowCount ?? 0;
}

/** Ends what a source said and does not say any more: everything of it whose key is in none of the rows. */
export async function endOthers(
  client: Pick<pg.ClientBase, 'query'>,
  { name, key }: HistoryTable,
  source: string,
  rows: readonly Row[],
): Promise<void> {
  const sameKey = key.map((column) => `t.${column} = w.${column}`).join(' AND ');
  await client.query(
    `UPDATE identity.${name} t SET valid_to = clock_timestamp()
      WHERE t.valid_to IS NULL AND t.source = $2 AND NOT EXISTS (
        SELECT FROM jsonb_populate_recordset(NULL::identity.${name}, $1) w WHERE ${sameKey})`,
    [JSON.stringify(rows), source],
  );
}
