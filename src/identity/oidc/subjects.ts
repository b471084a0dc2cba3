/** Which person a subject of an issuer is: by the credentials on record, or by claims where the operator lets them say so. */
import type pg from 'pg';
import { IdentityUnavailable } from '../../ports/authenticator.js';
import type { Person } from '../../ports/directory.js';
import { CREDENTIAL, makeSo, PERSON } from '../history.js';
import { rename, writingPeople } from '../people-records.js';
import { createRecent } from '../recent.js';
import { personByClaims } from './claims.js';
import type { ClaimsMapping } from './claims-form.js';
import type { VerifiedToken } from './verify-token.js';

interface Known extends Pick<Person, 'id' | 'functions' | 'teams' | 'roles'> {
  readonly source: string;
  /** Since when that is so. */
  readonly since: number;
}

type Client = Pick<pg.ClientBase, 'query'>;

const KNOWN = `p.id, p.functions, p.teams, p.roles, p.source, extract(epoch FROM p.valid_from)::float8 * 1000 AS since
  FROM identity.person p WHERE p.valid_to IS NULL`;

/** Finds people by tokens. `refused` is told why somebody was not let in. Throws `IdentityUnavailable`. */
export function createSubjects(
  pool: pg.Pool,
  mappings: readonly ClaimsMapping[],
  refused: (why: string) => void,
) {
  const linked = createRecent(async (name: string) => {
    const [issuer = '', subject = ''] = JSON.parse(name) as string[];
    return knownBy(pool, issuer, subject);
  });

  return async (token: VerifiedToken): Promise<Pick<Person, 'id' | 'roles'> | undefined> => {
    const mapping = mappings.find(({ issuer }) => issuer === token.issuer);
    try {
      const known = await linked(JSON.stringify([token.issuer, token.subject]));
      if (known !== undefined && !follows(known, token)) return known;
      const person = mapping && personByClaims(mapping, token);
      if (mapping === undefined || person === undefined) {
        if (known === undefined) refused('nobody has this credential, and no claim says who it is');
        return known;
      }
      if (known !== undefined && isAs(known, person)) return known;
      return await writingPeople(pool, (client) => bring(client, token, person, mapping, refused));
    } catch (cause) {
      throw new IdentityUnavailable('it cannot be found out whose credential this is', { cause });
    }
  };
}

/** Whether the token is news about somebody of whom its issuer says who they are: an older one is none. */
function follows({ source, since }: Known, { issuer, issuedAt }: VerifiedToken): boolean {
  return source === issuer && issuedAt > since;
}

async function knownBy(client: Client, issuer: string, subject: string): Promise<Known | undefined> {
  const { rows } = await client.query<Known>(
    `SELECT ${KNOWN} AND p.id = (SELECT person FROM identity.credential
      WHERE valid_to IS NULL AND issuer = $1 AND subject = $2)`,
    [issuer, subject],
  );
  return rows[0];
}

/** Records what claims say, once nobody else writes: what was known a moment ago may have changed. */
async function bring(
  client: Client,
  token: VerifiedToken,
  said: Person,
  mapping: ClaimsMapping,
  refused: (why: string) => void,
): Promise<Pick<Person, 'id' | 'roles'> | undefined> {
  const { issuer, subject } = token;
  const linked = await knownBy(client, issuer, subject);
  if (linked !== undefined && !follows(linked, token)) return linked;
  const { rows } = await client.query<Known>(`SELECT ${KNOWN} AND p.id = $1`, [linked?.id ?? said.id]);
  const [known] = rows;
  const links = mapping.links && !(await hasSubject(client, known?.id, issuer));
  if (linked === undefined && known !== undefined && !links) {
    refused('its claims name somebody who is known otherwise, and may not link to them');
    return undefined;
  }
  if (linked === undefined) {
    await makeSo(client, CREDENTIAL, issuer, [{ issuer, subject, person: said.id }]);
  }
  if (known !== undefined && known.source !== issuer) return known;
  const { functions, teams, roles } = said;
  const id = linked?.id ?? said.id;
  await makeSo(client, PERSON, issuer, [{ id, functions, teams, roles, active: true }]);
  await rename(client, [{ id, name: said.name }]);
  return { id, roles };
}

/** An issuer that calls another subject by a name that one had before does not mean the same person. */
async function hasSubject(client: Client, person: string | undefined, issuer: string): Promise<boolean> {
  const { rows } = await client.query(
    'SELECT FROM identity.credential WHERE valid_to IS NULL AND person = $1 AND issuer = $2',
    [person, issuer],
  );
  return rows.length > 0;
}

function isAs(known: Known, { functions, teams, roles }: Person): boolean {
  const listed = (one: Pick<Person, 'functions' | 'teams' | 'roles'>): string =>
    JSON.stringify([one.functions, one.teams, one.roles]);
  return listed(known) === listed({ functions, teams, roles });
}
