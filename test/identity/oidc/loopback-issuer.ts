import { generateKeyPairSync, type KeyObject } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { exportJWK, type JWK, SignJWT } from 'jose';
import { onTestFinished } from 'vitest';

export const AUDIENCE = 'airworthy';

export interface IssuerKey {
  readonly kid: string;
  readonly alg: string;
  readonly privateKey: KeyObject;
  readonly publicKey: KeyObject;
}

/** A key pair; made by Node, because that takes a tenth of the time. */
export function makeKey(kid: string, alg: 'RS256' | 'ES256' | 'Ed25519' = 'ES256'): IssuerKey {
  const { privateKey, publicKey } =
    alg === 'RS256'
      ? generateKeyPairSync('rsa', { modulusLength: 2048 })
      : alg === 'ES256'
        ? generateKeyPairSync('ec', { namedCurve: 'P-256' })
        : generateKeyPairSync('ed25519');
  return { kid, alg, privateKey, publicKey };
}

async function publicJwk({ kid, alg, publicKey }: IssuerKey): Promise<JWK> {
  return { ...(await exportJWK(publicKey)), kid, alg, use: 'sig' };
}

/** What an issuer on loopback publishes, which a test may change, and what it was asked. */
export async function loopbackIssuer(keys: readonly IssuerKey[]) {
  const asked: string[] = [];
  const published = {
    keys: await Promise.all(keys.map(publicJwk)),
    issuer: undefined as string | undefined,
    /** Answers instead of the issuer. */
    instead: undefined as ((request: IncomingMessage, response: ServerResponse) => void) | undefined,
  };
  let name = '';
  const server = createServer((request, response) => {
    asked.push(request.url ?? '');
    if (published.instead) return published.instead(request, response);
    response.setHeader('content-type', 'application/json');
    const body =
      request.url === '/jwks'
        ? { keys: published.keys }
        : { issuer: published.issuer ?? name, jwks_uri: `${name}/jwks` };
    response.end(JSON.stringify(body));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  name = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return {
    name,
    asked,
    published,
    publish: async (...more: readonly IssuerKey[]) => {
      published.keys = await Promise.all(more.map(publicJwk));
    },
    stop: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

export const seconds = (): number => Math.floor(Date.now() / 1000);

/** A good access token, changed as a test says; undefined takes a claim or header away. */
export function signed(
  key: IssuerKey,
  issuer: string,
  claims: Record<string, unknown> = {},
  header: Record<string, unknown> = {},
): Promise<string> {
  const good = { iss: issuer, sub: 'u-1', aud: AUDIENCE, iat: seconds(), exp: seconds() + 300, ...claims };
  const protectedHeader = { alg: key.alg, kid: key.kid, typ: 'at+jwt', ...header };
  return new SignJWT(JSON.parse(JSON.stringify(good)))
    .setProtectedHeader(JSON.parse(JSON.stringify(protectedHeader)))
    .sign(key.privateKey);
}

export const encoded = (value: unknown): string =>
  Buffer.from(typeof value === 'string' ? value : JSON.stringify(value)).toString('base64url');
