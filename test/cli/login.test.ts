import { stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { createLoginFile } from '../../src/cli/client/logins.js';
import { runningApi } from '../api/running-api.js';
import { temporaryFolder } from '../ports/temporary-folder.js';
import { callCli, callCliWith, runningCli } from './running-cli.js';

const login = {
  tokenEndpoint: 'http://127.0.0.1:1/token',
  clientId: 'cli',
  accessToken: 'dev-ravi',
  expiresAt: Date.now() + 3_600_000,
  refreshToken: null,
};
const loginFile = async () => join(await temporaryFolder(), 'airworthy', 'logins.json');

describe('login says why nobody can sign in', () => {
  it('in development', async () => {
    const { call } = await runningCli();
    expect(await call('login')).toMatchObject({
      exit: 2,
      err: expect.stringMatching(/in development.*--as PERSON/),
    });
  });

  it('where the API names no client, and where the issuer gives no answer', async () => {
    const signIn = { issuers: ['http://127.0.0.1:1'], audience: 'airworthy', clientId: null };
    const without = await runningApi({ trust: 'signed', signIn });
    expect(await callCli(without.origin, 'login')).toMatchObject({
      exit: 2,
      err: expect.stringMatching(/AIRWORTHY_OIDC_CLIENT_ID.*AIRWORTHY_TOKEN/),
    });
    const down = await runningApi({ trust: 'signed', signIn: { ...signIn, clientId: 'cli' } });
    expect(await callCli(down.origin, 'login')).toMatchObject({
      exit: 7,
      err: expect.stringMatching(/no answer/),
    });
    const bare = { ...signIn, issuers: ['http://login.example'], clientId: 'cli' };
    const unsafe = await runningApi({ trust: 'signed', signIn: bare });
    expect(await callCli(unsafe.origin, 'login')).toMatchObject({
      exit: 7,
      err: expect.stringMatching(/no https/),
    });
  });
});

describe('who the command line is', () => {
  it('is whom --as names, then whose token is set, then who signed in', async () => {
    const { origin: address } = await runningApi();
    const logins = createLoginFile(await loginFile());
    expect(await callCliWith({ address, logins }, 'ls')).toMatchObject({
      exit: 2,
      err: expect.stringMatching(/--as PERSON.*airworthy login.*AIRWORTHY_TOKEN/),
    });
    await logins.keep(address, login);
    const asWhom = async (context: object, ...args: string[]) =>
      (await callCliWith({ address, ...context }, 'ledger', 'erase', 'x', '--reason', 'y', ...args)).err;
    expect(await asWhom({ logins })).toContain('ravi is none');
    expect(await asWhom({ logins, token: 'dev-asha' })).toContain('asha is none');
    expect(await asWhom({ logins, token: 'dev-asha' }, '--as', 'gita')).toContain('gita is none');
  });

  it('is nobody whose sign-in is over, and says how to sign in again', async () => {
    const { origin: address } = await runningApi();
    const logins = createLoginFile(await loginFile());
    await logins.keep(address, { ...login, expiresAt: Date.now() - 1 });
    expect(await callCliWith({ address, logins }, 'ls')).toMatchObject({
      exit: 2,
      err: expect.stringMatching(/sign-in is over: airworthy login again/),
    });
  });
});

describe('the file of sign-ins', () => {
  it("is its owner's only, keeps one for each API, and forgets", async () => {
    const path = await loginFile();
    const logins = createLoginFile(path);
    await logins.keep('http://a', login);
    await logins.keep('http://b', { ...login, accessToken: 'other' });
    expect((await stat(path)).mode & 0o777).toBe(0o600);
    expect((await stat(join(path, '..'))).mode & 0o777).toBe(0o700);
    expect(await createLoginFile(path).find('http://a')).toEqual(login);
    await logins.keep('http://a', undefined);
    expect(await logins.find('http://a')).toBeUndefined();
    expect((await logins.find('http://b'))?.accessToken).toBe('other');
  });

  it.each(['', '{', '{"http://a": 5}'])('has no sign-in where it is broken: %j', async (text) => {
    const path = join(await temporaryFolder(), 'logins.json');
    await writeFile(path, text);
    expect(await createLoginFile(path).find('http://a')).toBeUndefined();
  });
});
