import { describe, expect, it } from 'vitest';
import { readEnvironment } from '../../src/main/environment.js';
import { OperatorError } from '../../src/main/operator-error.js';
import { requireSafe } from '../../src/main/safe-start.js';

const SIGNED = {
  AIRWORTHY_TRUST: 'signed',
  AIRWORTHY_OIDC_ISSUER: 'https://login.example',
  AIRWORTHY_OIDC_AUDIENCE: 'airworthy',
};
const start = (variables: Record<string, string>) => requireSafe(readEnvironment(variables));
const MASTER_KEY = 'oZ9cYm0hQ5rJmXH1Jq0l8o1t3mZ8h2b7x5d9k4v6p3E=';

describe('in development', () => {
  it.each([
    {},
    { AIRWORTHY_API_HOST: 'localhost' },
    { AIRWORTHY_API_HOST: '::1' },
    { AIRWORTHY_API_HOST: '127.0.0.2' },
    { DATABASE_URL: 'postgresql://owner@127.0.0.1:5432/db' },
    { DATABASE_URL: 'postgresql://owner@[::1]/db' },
    { DATABASE_URL: 'postgresql:///db?host=/var/run/postgresql' },
  ])('starts with %o', (variables) => {
    expect(() => start(variables)).not.toThrow();
  });

  it.each([
    [
      { AIRWORTHY_API_HOST: '0.0.0.0' },
      /AIRWORTHY_API_HOST=0\.0\.0\.0 lets others in.*AIRWORTHY_TRUST=signed/,
    ],
    [{ AIRWORTHY_API_HOST: '::' }, /lets others in/],
    [{ AIRWORTHY_API_HOST: '192.168.1.4' }, /lets others in/],
    [{ AIRWORTHY_API_HOST: '127.0.0.1.evil.example' }, /lets others in/],
    [{ AIRWORTHY_API_HOST: 'airworthy.example' }, /lets others in/],
    [
      { DATABASE_URL: 'postgresql://owner@db.example/airworthy' },
      /DATABASE_URL leads to db\.example.*may be the one of production.*name one here, or use AIRWORTHY_TRUST=signed/,
    ],
    [{ DATABASE_URL: 'postgresql://owner@127.0.0.1/db?host=db.example' }, /leads to db\.example/],
    [
      {
        DATABASE_URL: 'postgresql://owner@127.0.0.1/db',
        AIRWORTHY_DATABASE_APP_URL: 'postgresql://app@10.0.0.7/db',
      },
      /AIRWORTHY_DATABASE_APP_URL leads to 10\.0\.0\.7/,
    ],
  ])('refuses %o', (variables, sentence) => {
    expect(() => start(variables)).toThrow(OperatorError);
    expect(() => start(variables)).toThrow(sentence);
  });

  it('says all of it at once, and no password', () => {
    const both = { AIRWORTHY_API_HOST: '0.0.0.0', DATABASE_URL: 'postgresql://owner:hidden@db.example/x' };
    expect(() => start(both)).toThrow(/API_HOST[\s\S]*DATABASE_URL/);
    expect(() => start(both)).not.toThrow(/hidden/);
  });
});

describe('with trust signed', () => {
  it('starts for anybody, on any database', () => {
    const variables = {
      ...SIGNED,
      AIRWORTHY_API_HOST: '0.0.0.0',
      DATABASE_URL: 'postgresql://owner:kT8-w2.long@db.example/airworthy',
      AIRWORTHY_MASTER_KEY: MASTER_KEY,
      AIRWORTHY_WITNESS_URL: 'https://witness.example',
      AIRWORTHY_WITNESS_SECRET: `whsec_${MASTER_KEY}`,
    };
    expect(() => start(variables)).not.toThrow();
  });

  it.each([
    [
      { AIRWORTHY_MASTER_KEY: Buffer.alloc(32).toString('base64') },
      /AIRWORTHY_MASTER_KEY is one that can be guessed/,
    ],
    [
      { AIRWORTHY_MASTER_KEY: Buffer.alloc(32, 'airworthy').toString('base64') },
      /can be guessed.*openssl rand/,
    ],
    [
      {
        AIRWORTHY_WITNESS_URL: 'https://witness.example',
        AIRWORTHY_WITNESS_SECRET: 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw',
      },
      /AIRWORTHY_WITNESS_SECRET is one that can be guessed/,
    ],
    [
      {
        AIRWORTHY_NOTIFY_FILE: '/notify.yaml',
        AIRWORTHY_NOTIFY_WEBHOOK_SECRET: `whsec_${MASTER_KEY} whsec_AAAA`,
      },
      /AIRWORTHY_NOTIFY_WEBHOOK_SECRET is one that can be guessed/,
    ],
    [
      { DATABASE_URL: 'postgresql://postgres:postgres@db.example/x' },
      /DATABASE_URL has a password that stands/,
    ],
    [
      { DATABASE_URL: 'postgresql://airworthy_owner:airworthy_owner@db.example/x' },
      /DATABASE_URL has a password/,
    ],
    [
      {
        DATABASE_URL: 'postgresql://o@db.example/x',
        AIRWORTHY_DATABASE_APP_URL: 'postgresql://app:changeme@db.example/x',
      },
      /AIRWORTHY_DATABASE_APP_URL has a password/,
    ],
  ])('refuses %o', (variables, sentence) => {
    expect(() => start({ ...SIGNED, ...variables })).toThrow(sentence);
  });
});
