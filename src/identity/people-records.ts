/** What a roster says, as records with history. */
import type pg from 'pg';
import type { Json } from '../domain/json.js';
import type { Roster, RosterPerson } from '../ports/roster.js';
import { ABSENCE, CREDENTIAL, DELEGATION, endOthers, makeSo, PERSON, type Row, TEAM } from './history.js';
import { inTransaction } from './transaction.js';

/** Who says what a people file says. */
const PEOPLE_FILE = 'people-file';

/** Any number, the same for everybody: one writer of people at a time. */
const LOCK = 4_175_002_016;

/** Runs work in a transaction in which nobody else writes people. */
export function writingPeople<T>(pool: pg.Pool, work: (client: pg.PoolClient) => Promise<T>): Promise<T> {
  return inTransaction(pool, async (client) => {
    await client.query('SELECT pg_advisory_xact_lock($1)', [LOCK]);
    return work(client);
  });
}

/**
 * Records a roster: what is new or another is so from now on, and whoever is not in it any more becomes inactive. The
 * same again changes nothing.
 */
export function recordRoster(pool: pg.Pool, { people, teams }: Roster): Promise<void> {
  return writingPeople(pool, async (client) => {
    const persons = people.map(({ id, functions, teams, roles, active }) =>
      row({ id, functions, teams, roles, active }),
    );
    await makeSo(client, PERSON, PEOPLE_FILE, [...persons, ...(await droppedFrom(client, people))]);
    await rename(client, people);
    await replace(client, TEAM, teams.map(row));
    await replace(
      client,
      CREDENTIAL,
      people.flatMap(({ id, credentials }) =>
        credentials.map(({ issuer, subject }) => row({ issuer, subject, person: id })),
      ),
    );
    await replace(
      client,
      ABSENCE,
      people.flatMap(({ id, absences }) => absences.map((one) => row({ person: id, ...span(one) }))),
    );
    await replace(
      client,
      DELEGATION,
      people.flatMap(({ id, delegations }) =>
        delegations.map((one) => row({ person: id, delegate: one.to, gates: one.gates, ...span(one) })),
      ),
    );
  });
}

/** What people are called: not a part of their history, and only for people's eyes. */
export async function rename(
  client: Pick<pg.ClientBase, 'query'>,
  people: readonly { readonly id: string; readonly name: string }[],
): Promise<void> {
  await client.query(
    `INSERT INTO identity.person_name AS known (person, name)
      SELECT id, name FROM jsonb_to_recordset($1) AS x (id text, name text)
      ON CONFLICT (person) DO UPDATE SET name = excluded.name WHERE known.name <> excluded.name`,
    [JSON.stringify(people.map(({ id, name }) => ({ id, name })))],
  );
}

async function droppedFrom(client: pg.PoolClient, people: readonly RosterPerson[]): Promise<Row[]> {
  const { rows } = await client.query<{ id: string; functions: string[]; teams: string[]; roles: string[] }>(
    `SELECT id, functions, teams, roles FROM identity.person
      WHERE valid_to IS NULL AND source = $1 AND id <> ALL ($2::text[])`,
    [PEOPLE_FILE, people.map(({ id }) => id)],
  );
  return rows.map((one) => row({ ...one, active: false }));
}

async function replace(
  client: pg.PoolClient,
  table: Parameters<typeof makeSo>[1],
  rows: readonly Row[],
): Promise<void> {
  await endOthers(client, table, PEOPLE_FILE, rows);
  await makeSo(client, table, PEOPLE_FILE, rows);
}

function span({ from, until }: { readonly from: number; readonly until: number }) {
  return { starts_at: new Date(from).toISOString(), ends_at: new Date(until).toISOString() };
}

const row = (value: object): Row => value as { readonly [column: string]: Json };
