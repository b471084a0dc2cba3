import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { personByClaims, scopesByClaims } from '../../../src/identity/oidc/claims.js';
import { type ClaimsMapping, readClaimsMappings } from '../../../src/identity/oidc/claims-form.js';
import { temporaryFolder } from '../../ports/temporary-folder.js';

const ISSUER = 'https://login.example';

/** A mapping as it is written, for one issuer. */
async function mapping(lines: string): Promise<ClaimsMapping> {
  const path = join(await temporaryFolder(), 'claims.yaml');
  await writeFile(path, `issuers:\n  - issuer: ${ISSUER}\n${lines.replace(/^/gm, '    ')}\n`);
  const [one] = await readClaimsMappings(path);
  if (one === undefined) throw new Error('no mapping');
  return one;
}

const token = (claims: object) => ({ issuer: ISSUER, subject: 'u-1', claims: { ...claims } });

describe('claims as people', () => {
  it('functions, teams and roles are what their values stand for, and other values nothing', async () => {
    const rules = await mapping(
      `person: preferred_username
functions: {claim: groups, values: {g-risk: risk, g-both: [governance, product]}}
teams: {claim: [realm, teams], values: {Brokers: broker-onboarding}}
roles: {claim: 'https://example.com/roles', values: {a: auditor}}`,
    );
    const claims = {
      preferred_username: 'ana',
      name: 'Ana Two',
      groups: ['g-both', 'g-risk', 'g-risk', 'other', '__proto__', 'constructor', 5, null],
      realm: { teams: 'Brokers' },
      'https://example.com/roles': ['a'],
    };
    expect(personByClaims(rules, token(claims))).toEqual({
      id: 'ana',
      name: 'Ana Two',
      functions: ['governance', 'product', 'risk'],
      teams: ['broker-onboarding'],
      roles: ['auditor'],
      active: true,
    });
  });

  it('an id that is made says nothing, and is the same every time', async () => {
    const rules = await mapping('name: nickname');
    const one = personByClaims(rules, token({}));
    expect(one).toEqual(personByClaims(rules, token({ nickname: '' })));
    expect(one).toMatchObject({
      id: expect.stringMatching(/^p-[0-9a-f]{24}$/),
      name: one?.id,
      functions: [],
    });
    expect(personByClaims(rules, { ...token({}), subject: 'u-2' })?.id).not.toBe(one?.id);
    expect(personByClaims(rules, { ...token({}), issuer: 'https://other.example' })?.id).not.toBe(one?.id);
  });

  it.each([
    {},
    { who: 'Ana Two' },
    { who: '' },
    { who: ['ana'] },
    { who: '../ana' },
    { who: 'a'.repeat(41) },
  ])('nobody is named by %j', async (claims) => {
    expect(personByClaims(await mapping('person: who'), token(claims))).toBeUndefined();
  });

  it('nothing is inherited from what claims are made of', async () => {
    const rules = await mapping('person: [__proto__, name]');
    expect(personByClaims(rules, token({}))).toBeUndefined();
  });
});

describe('scopes of a token', () => {
  it.each([
    ['', { scope: 'openid show' }, null],
    ['scopes: {}', { scope: 'openid show' }, ['openid', 'show']],
    ["scopes: {prefix: 'aw:'}", { scope: 'openid aw:show aw:add-evidence show' }, ['show', 'add-evidence']],
    ["scopes: {prefix: 'aw:'}", { scope: 'openid' }, []],
    ["scopes: {prefix: 'aw:'}", {}, []],
    ['scopes: {claim: permissions}', { permissions: ['show', 'list'] }, ['show', 'list']],
  ])('with %j, of %j', async (rules, claims, scopes) => {
    expect(scopesByClaims(await mapping(rules), claims)).toEqual(scopes);
  });
});
