/** Who people are, and how it is found out, as the settings say. */
import type pg from 'pg';
import type { Logger } from 'pino';
import { createPeopleFile, type PeopleFile } from '../adapters/people-file.js';
import { reason } from '../adapters/system-error.js';
import type { ApiDeps } from '../api/deps.js';
import { createApiKeyAuthenticator, createApiKeys } from '../identity/api-keys.js';
import { byForm } from '../identity/by-form.js';
import { createDevAuthenticator } from '../identity/dev-tokens.js';
import { followPeople } from '../identity/follow-people.js';
import { createPeopleHistory } from '../identity/people-history.js';
import { recordRoster } from '../identity/people-records.js';
import { createPostgresDirectory } from '../identity/postgres-directory.js';
import { markTrust } from '../identity/trusted.js';
import { createPostgresLedger } from '../ledger/postgres-ledger.js';
import { type Directory, DirectoryUnavailable } from '../ports/directory.js';
import type { Environment } from './environment.js';
import { OperatorError } from './operator-error.js';

/** How soon a change of the people file is on record where nobody waits for it. */
const FOLLOW_MS = 2_000;

type Log = Pick<Logger, 'warn' | 'info'>;

/**
 * The directory. In development the people file itself answers, through outages of the database too; else the
 * database does, in which what the file says is recorded first. Throws `OperatorError` for what is unsafe.
 */
export async function openDirectory(environment: Environment, pool: pg.Pool, log: Log) {
  const { trust, people: path } = environment;
  const people = createPeopleFile(path);
  await requireTrust(pool, trust, log);
  const record = followPeople(people, (roster) => recordRoster(pool, roster));
  if (trust === 'signed') await requireNoTokens(people);
  const directory = trust === 'dev' ? people : recordedFirst(createPostgresDirectory(pool), record);
  return { people, directory, record };
}

type Identity = Pick<
  ApiDeps,
  'apiKeys' | 'people' | 'authenticator' | 'directory' | 'devTokens' | 'signIn'
> & {
  readonly close: () => void;
};

/** Directory and everything that finds out who calls, for the API. `close` before the pool ends. */
export async function openIdentity(environment: Environment, pool: pg.Pool, log: Log): Promise<Identity> {
  const { people, directory, record } = await openDirectory(environment, pool, log);
  const { close } = followInBackground(record, log);
  const { trust, oidcIssuers, oidcAudience, oidcClientId } = environment;
  const apiKeys = createApiKeys({ pool, ledgerOn: createPostgresLedger });
  const keys = createApiKeyAuthenticator(pool, directory);
  const parts = { apiKeys, directory, people: createPeopleHistory(pool), close };
  if (trust === 'dev') {
    const authenticator = byForm({ apiKeys: keys, dev: createDevAuthenticator(people) });
    return { ...parts, authenticator, devTokens: people };
  }
  const oidc = await openOidc(environment, pool, log);
  const signIn = { issuers: oidcIssuers, audience: oidcAudience ?? '', clientId: oidcClientId ?? null };
  return { ...parts, authenticator: byForm({ apiKeys: keys, oidc }), signIn };
}

/** Loaded only here: in development nobody waits for it. */
async function openOidc(environment: Environment, pool: pg.Pool, log: Log) {
  const { oidcIssuers, oidcAudience, oidcClaims } = environment;
  const [{ createIssuer }, { createVerifier }, { createSubjects }, { createOidcAuthenticator }, claims] =
    await Promise.all([
      import('../identity/oidc/issuer.js'),
      import('../identity/oidc/verify-token.js'),
      import('../identity/oidc/subjects.js'),
      import('../identity/oidc/authenticator.js'),
      import('../identity/oidc/claims-form.js'),
    ]);
  const mappings = oidcClaims === undefined ? [] : await claims.readClaimsMappings(oidcClaims).catch(refuse);
  const stranger = mappings.find(({ issuer }) => !oidcIssuers.includes(issuer));
  if (stranger !== undefined) {
    throw new OperatorError(
      `AIRWORTHY_OIDC_CLAIMS is about ${stranger.issuer}, which AIRWORTHY_OIDC_ISSUER does not name: name it there, or correct one of both.`,
    );
  }
  const refused = (why: string): void => log.info({ why }, 'a token was refused');
  const issuers = oidcIssuers.map((name) => createIssuer(name));
  return createOidcAuthenticator({
    verify: createVerifier(issuers, oidcAudience ?? '', refused),
    subjectOf: createSubjects(pool, mappings, refused),
    mappings,
    refused,
  });
}

function refuse(cause: unknown): never {
  throw new OperatorError(`AIRWORTHY_OIDC_CLAIMS cannot be used: ${reason(cause)}`, { cause });
}

async function requireNoTokens(people: PeopleFile): Promise<void> {
  if (!(await people.hasTokens().catch(refusePeople))) return;
  throw new OperatorError(
    'AIRWORTHY_PEOPLE has tokens of development in it, and whoever knows one would be that person: with AIRWORTHY_TRUST=signed name a people file without any token.',
  );
}

function refusePeople(cause: unknown): never {
  throw new OperatorError(reason(cause), { cause });
}

async function requireTrust(pool: pg.Pool, trust: Environment['trust'], log: Log): Promise<void> {
  const before = await markTrust(pool, trust).catch((error: unknown) => {
    log.warn({ reason: reason(error) }, 'the database cannot be asked whether it is one of production');
    return trust;
  });
  if (trust === 'signed' || before === 'dev') return;
  throw new OperatorError(
    'This database was used with AIRWORTHY_TRUST=signed, so it is one of production, and nobody opens it with dev: name another in DATABASE_URL, or use AIRWORTHY_TRUST=signed.',
  );
}

/** Nothing is answered while what the file says is not on record: yesterday's people must not decide today. */
function recordedFirst(directory: Directory, record: () => Promise<void>): Directory {
  const first = async (): Promise<void> => {
    try {
      await record();
    } catch (cause) {
      if (cause instanceof DirectoryUnavailable) throw cause;
      throw new DirectoryUnavailable('the people file cannot be recorded now', { cause });
    }
  };
  return {
    person: async (id) => {
      await first();
      return directory.person(id);
    },
    team: async (id) => {
      await first();
      return directory.team(id);
    },
    members: async (id) => {
      await first();
      return directory.members(id);
    },
  };
}

function followInBackground(record: () => Promise<void>, log: Log): { readonly close: () => void } {
  let told = false;
  const follow = (): void => {
    void record().then(
      () => {
        told = false;
      },
      (error: unknown) => {
        if (!told) log.warn({ reason: reason(error) }, 'the people file is not on record');
        told = true;
      },
    );
  };
  follow();
  const timer = setInterval(follow, FOLLOW_MS).unref();
  return { close: () => clearInterval(timer) };
}
