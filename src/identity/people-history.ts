import type pg from 'pg';
import { DirectoryUnavailable } from '../ports/directory.js';
import type { PeopleHistory } from '../ports/people-history.js';

const at = (column: string, name: string): string =>
  `(extract(epoch FROM ${column}) * 1000)::float8 AS "${name}"`;
const RECORDED = `source, ${at('valid_from', 'recordedFrom')}, ${at('valid_to', 'recordedUntil')}`;
const SPAN = `${at('starts_at', 'from')}, ${at('ends_at', 'until')}`;

/** What the records say about people, over time. */
export function createPeopleHistory(pool: Pick<pg.Pool, 'query'>): PeopleHistory {
  return {
    async of(person) {
      const rowsOf = async <R extends pg.QueryResultRow>(table: string, key: string, columns: string) => {
        const { rows } = await pool.query<R>(
          `SELECT ${columns}, ${RECORDED} FROM identity.${table} WHERE ${key} = $1 ORDER BY valid_from`,
          [person],
        );
        return rows;
      };
      try {
        const [held, credentials, absences, delegations] = await Promise.all([
          rowsOf<Held>('person', 'id', 'functions, teams, roles, active'),
          rowsOf<Credential>('credential', 'person', 'issuer, subject'),
          rowsOf<Absence>('absence', 'person', SPAN),
          rowsOf<Delegation>('delegation', 'person', `delegate AS "to", gates, ${SPAN}`),
        ]);
        return held.length === 0 ? undefined : { person, held, credentials, absences, delegations };
      } catch (cause) {
        throw new DirectoryUnavailable('the records of people cannot be read now', { cause });
      }
    },
  };
}

type History = NonNullable<Awaited<ReturnType<PeopleHistory['of']>>>;
type Held = History['held'][number];
type Credential = History['credentials'][number];
type Absence = History['absences'][number];
type Delegation = History['delegations'][number];
