import { createHash } from 'node:crypto';
import type { Person } from '../../ports/directory.js';
import type { ClaimsMapping } from './claims-form.js';
import type { VerifiedToken } from './verify-token.js';

const ID = /^[a-z][a-z0-9-]{0,39}$/;

/** Who somebody is by the claims of their token; undefined where the claim that names them does not. */
export function personByClaims(
  mapping: ClaimsMapping,
  token: Pick<VerifiedToken, 'issuer' | 'subject' | 'claims'>,
): Person | undefined {
  const id = mapping.person === undefined ? madeId(token) : at(token.claims, mapping.person);
  if (typeof id !== 'string' || !ID.test(id)) return undefined;
  const name = at(token.claims, mapping.name);
  return {
    id,
    name: typeof name === 'string' && name !== '' ? name.slice(0, 200) : id,
    functions: meant(mapping.functions, token.claims),
    teams: meant(mapping.teams, token.claims),
    roles: meant(mapping.roles, token.claims),
    active: true,
  };
}

/** What a token is limited to; null: to nothing. */
export function scopesByClaims(
  { scopes }: Pick<ClaimsMapping, 'scopes'>,
  claims: VerifiedToken['claims'],
): readonly string[] | null {
  if (scopes === undefined) return null;
  const { claim, prefix } = scopes;
  const said = textsOf(at(claims, claim)).flatMap((text) => text.split(' '));
  return said
    .filter((text) => text !== '' && text.startsWith(prefix))
    .map((text) => text.slice(prefix.length));
}

/** Says nothing about who it is, and is the same every time. */
function madeId({ issuer, subject }: Pick<VerifiedToken, 'issuer' | 'subject'>): string {
  const hash = createHash('sha256')
    .update(JSON.stringify([issuer, subject]))
    .digest('hex');
  return `p-${hash.slice(0, 24)}`;
}

function meant<V extends string>(
  meaning: { readonly claim: string | string[]; readonly values: Record<string, V | V[]> } | undefined,
  claims: VerifiedToken['claims'],
): V[] {
  if (meaning === undefined) return [];
  const values = new Map(Object.entries(meaning.values));
  const all = textsOf(at(claims, meaning.claim)).flatMap((text) => values.get(text) ?? []);
  return [...new Set(all)].sort();
}

function at(claims: unknown, claim: string | readonly string[]): unknown {
  return [claim].flat().reduce<unknown>((value, name) => {
    const isObject = typeof value === 'object' && value !== null && Object.hasOwn(value, name);
    return isObject ? (value as Record<string, unknown>)[name] : undefined;
  }, claims);
}

function textsOf(value: unknown): string[] {
  return [value].flat().filter((one) => typeof one === 'string');
}
