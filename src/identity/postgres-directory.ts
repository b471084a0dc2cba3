/** The directory as PostgreSQL has it now: see people-records.ts for how it gets there. */
import type pg from 'pg';
import type { PersonId } from '../domain/vocabulary.js';
import { type Directory, DirectoryUnavailable, type Person, type Team } from '../ports/directory.js';
import { createRecent } from './recent.js';

const PEOPLE = `SELECT p.id, coalesce(n.name, p.id) AS name, p.functions, p.teams, p.roles, p.active
  FROM identity.person p LEFT JOIN identity.person_name n ON n.person = p.id WHERE p.valid_to IS NULL`;

/**
 * An answer is kept for a second, and for a minute where the database gives none meanwhile: an outage of that length
 * stops nobody, and whoever left is out within it. Throws `DirectoryUnavailable` after that.
 */
export function createPostgresDirectory(pool: Pick<pg.Pool, 'query'>): Directory {
  const rowsOf = async <R extends pg.QueryResultRow>(sql: string, value: string): Promise<R[]> => {
    try {
      return (await pool.query<R>(sql, [value])).rows;
    } catch (cause) {
      throw new DirectoryUnavailable('the people in the database cannot be read now', { cause });
    }
  };

  const persons = createRecent(async (id: PersonId): Promise<Person | undefined> => {
    const [person] = await rowsOf<Person>(`${PEOPLE} AND p.id = $1`, id);
    return person;
  });
  const members = createRecent((team: string) =>
    rowsOf<Person>(`${PEOPLE} AND p.teams @> ARRAY[$1::text] ORDER BY p.id`, team),
  );
  const teams = createRecent(async (id: string): Promise<Team | undefined> => {
    const [team] = await rowsOf<Omit<Team, 'members'>>(
      'SELECT id, calendar, lead, heads, rights FROM identity.team WHERE valid_to IS NULL AND id = $1',
      id,
    );
    return team && { ...team, members: (await members(id)).map((person) => person.id) };
  });

  return { person: persons, team: teams, members };
}
