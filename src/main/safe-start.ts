/** What no server is started with, because somebody would take it for more than it is. */
import pg from 'pg';
import type { Environment } from './environment.js';
import { OperatorError } from './operator-error.js';

type Settings = Pick<
  Environment,
  'trust' | 'apiHost' | 'databaseUrl' | 'databaseAppUrl' | 'masterKey' | 'witnessSecrets' | 'notify'
>;

/** Passwords that stand in every manual. */
const KNOWN_PASSWORDS: readonly (string | null)[] = [
  'postgres',
  'password',
  'airworthy',
  'secret',
  'changeme',
  'admin',
  'test',
  'example',
];
/** Of 32 bytes by chance, fewer than so many are different about never. */
const DIFFERENT_BYTES = 12;

/** Throws `OperatorError` with everything that makes these settings unsafe, and what to do about it. */
export function requireSafe(settings: Settings): void {
  const complaints = settings.trust === 'dev' ? unsafeInDev(settings) : unsafeSigned(settings);
  if (complaints.length > 0) throw new OperatorError(complaints.join('\n'));
}

/** Nobody proves who they are there, so it stays on this machine, its data included. */
function unsafeInDev({ apiHost, databaseUrl, databaseAppUrl }: Settings): string[] {
  const complaints: string[] = [];
  if (!isThisMachine(apiHost)) {
    complaints.push(
      `AIRWORTHY_API_HOST=${apiHost} lets others in, and with AIRWORTHY_TRUST=dev anybody is whom they say: leave it out, or use AIRWORTHY_TRUST=signed.`,
    );
  }
  for (const [name, url] of Object.entries({
    DATABASE_URL: databaseUrl,
    AIRWORTHY_DATABASE_APP_URL: databaseAppUrl,
  })) {
    const host = url === undefined ? undefined : hostOf(url);
    if (host === undefined || isThisMachine(host)) continue;
    complaints.push(
      `${name} leads to ${host}, and AIRWORTHY_TRUST=dev is for databases of this machine only, because a database elsewhere may be the one of production: name one here, or use AIRWORTHY_TRUST=signed.`,
    );
  }
  return complaints;
}

function unsafeSigned({
  databaseUrl,
  databaseAppUrl,
  masterKey,
  witnessSecrets,
  notify,
}: Settings): string[] {
  const complaints: string[] = [];
  if (masterKey !== undefined && isNoSecret(masterKey)) {
    complaints.push(
      'AIRWORTHY_MASTER_KEY is one that can be guessed: make one by `openssl rand -base64 32`.',
    );
  }
  for (const [name, secrets] of Object.entries({
    AIRWORTHY_WITNESS_SECRET: witnessSecrets,
    AIRWORTHY_NOTIFY_WEBHOOK_SECRET: notify.webhookSecrets,
  })) {
    if (!secrets.some((secret) => isNoSecret(secret.replace(/^whsec_/, '')))) continue;
    complaints.push(
      `${name} is one that can be guessed: write whsec_ and what \`openssl rand -base64 32\` makes.`,
    );
  }
  for (const [name, url] of Object.entries({
    DATABASE_URL: databaseUrl,
    AIRWORTHY_DATABASE_APP_URL: databaseAppUrl,
  })) {
    if (url === undefined || !hasKnownPassword(url)) continue;
    complaints.push(`${name} has a password that stands in every manual: give the login another one.`);
  }
  return complaints;
}

function hasKnownPassword(url: string): boolean {
  const { user, password } = new pg.Client({ connectionString: url });
  return KNOWN_PASSWORDS.includes(password ?? null) || (password !== undefined && password === user);
}

function isNoSecret(base64: string): boolean {
  const bytes = Buffer.from(base64, 'base64');
  // The example of the Standard Webhooks, which its readers copy.
  return new Set(bytes).size < DIFFERENT_BYTES || base64 === 'MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw';
}

/** As the driver sees it: PGHOST and a host among the parameters count too. */
function hostOf(url: string): string {
  return new pg.Client({ connectionString: url }).host;
}

function isThisMachine(host: string): boolean {
  const name = host.replace(/^\[|\]$/g, '').toLowerCase();
  // A path is a socket.
  return name === 'localhost' || name === '::1' || name.startsWith('/') || /^127(\.\d{1,3}){3}$/.test(name);
}
