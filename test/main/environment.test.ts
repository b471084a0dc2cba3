import { isAbsolute } from 'node:path';
import { describe, expect, it } from 'vitest';
import {
  cacheFolder,
  currentSettings,
  describeSettings,
  namesTemporalServer,
  readEnvironment,
  readTemporalConnection,
} from '../../src/main/environment.js';

const SIGNED = {
  AIRWORTHY_TRUST: 'signed',
  AIRWORTHY_OIDC_ISSUER: 'https://login.example',
  AIRWORTHY_OIDC_AUDIENCE: 'airworthy',
};

describe('the environment', () => {
  it('takes issuers with trust signed: of https, and of http on this machine', () => {
    const issuers = 'https://login.example  http://127.0.0.1:4444/realms/ai';
    expect(readEnvironment({ ...SIGNED, AIRWORTHY_OIDC_ISSUER: issuers })).toMatchObject({
      trust: 'signed',
      oidcIssuers: ['https://login.example', 'http://127.0.0.1:4444/realms/ai'],
      oidcAudience: 'airworthy',
      oidcClaims: undefined,
    });
  });

  it('needs no variable', () => {
    const environment = readEnvironment({ PATH: '/bin' });
    expect(environment).toMatchObject({ apiPort: 8080, temporalPort: 7233, trust: 'dev', logLevel: 'info' });
    expect(isAbsolute(environment.home)).toBe(true);
    expect(environment.people).toMatch(/examples.people\.yaml$/);
  });

  it('takes what is set, and an empty value as not set', () => {
    const environment = readEnvironment({
      AIRWORTHY_API_PORT: '0',
      AIRWORTHY_HOME: 'here',
      AIRWORTHY_TRUST: '',
    });
    expect(environment).toMatchObject({ apiPort: 0, trust: 'dev' });
    expect(isAbsolute(environment.home)).toBe(true);
  });

  it.each([
    [{ AIRWORTHY_API_PROT: '1' }, /AIRWORTHY_API_PROT is not a setting.*did you mean AIRWORTHY_API_PORT\?/],
    [{ AIRWORTHY_XYZ: '1' }, /AIRWORTHY_XYZ is not a setting.*known are AIRWORTHY_HOME, /],
    [{ AIRWORTHY_API_PORT: 'many' }, /AIRWORTHY_API_PORT=many: /],
    [{ AIRWORTHY_API_PORT: '70000' }, /AIRWORTHY_API_PORT=70000: /],
    [{ AIRWORTHY_TARGET_URL: 'ftp://x' }, /AIRWORTHY_TARGET_URL=ftp:\/\/x: is not an http\(s\) address/],
    [{ DATABASE_URL: 'mysql://x/y' }, /^DATABASE_URL: is not a postgresql:\/\/ address\.$/],
    [
      { AIRWORTHY_DATABASE_APP_URL: 'postgres://x/y' },
      /another login of DATABASE_URL: set that too, or neither/,
    ],
    [{ AIRWORTHY_TRUST: 'signed' }, /signed needs AIRWORTHY_OIDC_ISSUER and AIRWORTHY_OIDC_AUDIENCE/],
    [
      { AIRWORTHY_TRUST: 'signed', AIRWORTHY_OIDC_ISSUER: 'https://login.example' },
      /needs AIRWORTHY_OIDC_ISSUER and AIRWORTHY_OIDC_AUDIENCE/,
    ],
    [
      { ...SIGNED, AIRWORTHY_OIDC_ISSUER: 'https://login.example http://login.example' },
      /http:\/\/login\.example is no https address/,
    ],
    [{ ...SIGNED, AIRWORTHY_OIDC_ISSUER: 'login' }, /login is no https address/],
    [{ ...SIGNED, AIRWORTHY_TRUST: 'dev' }, /AIRWORTHY_OIDC_ISSUER is for AIRWORTHY_TRUST=signed/],
  ])('refuses %o', (variables, sentence) => {
    expect(() => readEnvironment(variables)).toThrow(sentence);
  });

  it('reads how the ledger is sealed, and never shows what is secret', () => {
    const secret = 'whsec_c2VjcmV0';
    const variables = {
      AIRWORTHY_ANCHOR_EVERY: '30s',
      AIRWORTHY_SIGNING_KEY: 'a private key',
      AIRWORTHY_WITNESS_URL: 'https://witness.example/checkpoints',
      AIRWORTHY_WITNESS_SECRET: `${secret}  whsec_b3RoZXI=`,
    };
    expect(readEnvironment(variables)).toMatchObject({
      anchorEveryMs: 30_000,
      signingKey: 'a private key',
      witnessSecrets: [secret, 'whsec_b3RoZXI='],
    });
    expect(readEnvironment({})).toMatchObject({ anchorEveryMs: 600_000, witnessSecrets: [] });
    expect(readEnvironment({ AIRWORTHY_HOME: '/home' }).witnessFile).toBe('/home/witness/checkpoints.jsonl');
    const shown = JSON.stringify(currentSettings(variables));
    expect(shown).not.toMatch(/a private key|whsec_c2/);
    expect(shown).toMatch(/"AIRWORTHY_SIGNING_KEY","value":"\(set\)"/);
    const half = { ...variables, AIRWORTHY_WITNESS_URL: '' };
    expect(() => readEnvironment(half)).toThrow(/WITNESS_URL and AIRWORTHY_WITNESS_SECRET go together/);
    expect(() => readEnvironment({ AIRWORTHY_ANCHOR_EVERY: '10ms' })).toThrow(/less than 1s/);
    expect(() => readEnvironment({ AIRWORTHY_ANCHOR_EVERY: 'often' })).toThrow(/write elapsed time/);
  });

  it('tells every setting with its value and what it is for', () => {
    const settings = currentSettings({ AIRWORTHY_API_PORT: '9999' });
    expect(settings).toContainEqual({
      name: 'AIRWORTHY_API_PORT',
      value: 9999,
      purpose: expect.stringMatching(/port of the API/),
    });
    expect(settings.find(({ name }) => name === 'AIRWORTHY_TARGET_URL')?.value).toBeUndefined();
  });

  it('names a database without an address of its own prefix, and shows it to nobody', () => {
    const url = 'postgresql://owner:secret@db.example/airworthy';
    const variables = { DATABASE_URL: url, AIRWORTHY_DATABASE_APP_URL: url, AIRWORTHY_DATABASE_PORT: '0' };
    expect(readEnvironment(variables)).toMatchObject({
      databaseUrl: url,
      databaseAppUrl: url,
      databasePort: 0,
    });
    expect(readEnvironment({ DATABASE_URL: '' })).toMatchObject({
      databaseUrl: undefined,
      databasePort: 5439,
    });
    expect(JSON.stringify(currentSettings(variables))).not.toContain('secret');
    expect(describeSettings()).toMatch(/DATABASE_URL +PostgreSQL 15 or newer/);
  });

  it('names every wrong variable at once', () => {
    const wrong = { AIRWORTHY_API_PORT: 'x', AIRWORTHY_LOG_LEVEL: 'loud', AIRWORTHY_HOEM: 'y' };
    expect(() => readEnvironment(wrong)).toThrow(/HOEM[\s\S]*API_PORT[\s\S]*LOG_LEVEL/);
  });

  it('says what each setting is for', () => {
    expect(describeSettings()).toMatch(/AIRWORTHY_API_PORT +port of the API.*\[8080\]/);
  });
});

describe('the Temporal connection', () => {
  const noFile = { TEMPORAL_CONFIG_FILE: '/nowhere/temporal.toml' };

  it('is to a server of our own unless one is named', () => {
    expect(namesTemporalServer({})).toBe(false);
    expect(readTemporalConnection(noFile)).toMatchObject({
      connectionOptions: { address: '127.0.0.1:7233' },
      namespace: 'default',
    });
  });

  it('is what TEMPORAL_* say', () => {
    const named = { ...noFile, TEMPORAL_ADDRESS: 'temporal.example:7233', TEMPORAL_NAMESPACE: 'ai' };
    expect(namesTemporalServer(named)).toBe(true);
    expect(readTemporalConnection(named)).toMatchObject({
      connectionOptions: { address: 'temporal.example:7233' },
      namespace: 'ai',
    });
  });
});

describe('the cache folder', () => {
  it('follows XDG_CACHE_HOME', () => {
    expect(cacheFolder({ XDG_CACHE_HOME: '/somewhere' })).toBe('/somewhere/airworthy');
    expect(cacheFolder({})).toMatch(/\.cache.airworthy$/);
  });
});
