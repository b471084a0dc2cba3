import { once } from 'node:events';
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { exportJWK } from 'jose';
import { vi } from 'vitest';
import { type IssuerKey, makeKey } from './loopback-issuer.js';

export const RESOURCE = 'https://airworthy.example/api';
export const CLI_CLIENT = 'airworthy-cli';
export const REDIRECT = 'http://127.0.0.1/signed-in';

// It tells production what to configure, at every start and first use.
vi.spyOn(console, 'warn').mockImplementation(() => undefined);
vi.spyOn(console, 'info').mockImplementation(() => undefined);
const { default: Provider } = await import('oidc-provider');

/** A real OpenID provider on loopback, whose accounts, keys and groups a test sets. */
export async function runningProvider() {
  let listener: RequestListener = (_request, response) => response.end();
  const server = createServer((request, response) => listener(request, response));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const groups = new Map<string, readonly string[]>();

  const publish = async (...keys: readonly IssuerKey[]): Promise<void> => {
    const jwks = await Promise.all(
      keys.map(async ({ kid, alg, privateKey }) => ({
        ...(await exportJWK(privateKey)),
        kid,
        alg,
        use: 'sig',
      })),
    );
    listener = new Provider(issuer, configuration(jwks, groups)).callback();
  };
  await publish(makeKey('first'));

  return {
    issuer,
    /** Groups of an account, by what it signs in as. */
    groups,
    /** Rotates: from now on the first of these signs. */
    publish,
    token: (parameters: Record<string, string>, client?: string) => tokenOf(issuer, parameters, client),
    close: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

interface TokenContext {
  readonly oidc: {
    readonly entities: Record<
      'AuthorizationCode' | 'DeviceCode',
      { readonly authTime: number; readonly acr?: string } | undefined
    >;
  };
}

function configuration(keys: readonly object[], groups: ReadonlyMap<string, readonly string[]>) {
  const machine = { grant_types: ['client_credentials'], redirect_uris: [], response_types: [] };
  return {
    jwks: { keys },
    cookies: { keys: ['for tests'] },
    clientDefaults: { id_token_signed_response_alg: 'ES256' },
    scopes: ['openid', 'offline_access'],
    clients: [
      {
        client_id: CLI_CLIENT,
        application_type: 'native',
        token_endpoint_auth_method: 'none',
        grant_types: ['authorization_code', 'refresh_token', 'urn:ietf:params:oauth:grant-type:device_code'],
        redirect_uris: [REDIRECT],
      },
      ...['build-server', 'other-server'].map((id) => ({
        client_id: id,
        client_secret: `secret of ${id}`,
        ...machine,
      })),
    ],
    findAccount: (_context: unknown, id: string) => ({ accountId: id, claims: () => ({ sub: id }) }),
    extraTokenClaims: ({ oidc: { entities } }: TokenContext, { accountId }: { accountId?: string }) => {
      if (accountId === undefined) return {};
      const { authTime, acr } = entities.AuthorizationCode ?? entities.DeviceCode ?? {};
      const name = `Name of ${accountId}`;
      return { groups: groups.get(accountId) ?? [], name, auth_time: authTime, acr };
    },
    acrValues: ['urn:example:strong'],
    clientBasedCORS: () => false,
    issueRefreshToken: () => true,
    ttl: { AccessToken: 300, ClientCredentials: 300 },
    features: {
      deviceFlow: { enabled: true },
      clientCredentials: { enabled: true },
      resourceIndicators: {
        enabled: true,
        defaultResource: () => RESOURCE,
        useGrantedResource: () => true,
        getResourceServerInfo: (_context: unknown, audience: string) => ({
          scope: 'show list timeline',
          audience,
          accessTokenFormat: 'jwt',
          accessTokenTTL: 300,
          jwt: { sign: { alg: 'ES256' } },
        }),
      },
    },
  };
}

async function tokenOf(
  issuer: string,
  parameters: Record<string, string>,
  client?: string,
): Promise<Record<string, string>> {
  const basic = Buffer.from(`${client}:${encodeURIComponent(`secret of ${client}`)}`).toString('base64');
  const response = await fetch(`${issuer}/token`, {
    method: 'POST',
    headers: client === undefined ? {} : { authorization: `Basic ${basic}` },
    body: new URLSearchParams(parameters),
  });
  return (await response.json()) as Record<string, string>;
}

/** Somebody at a browser: signs in as an account and agrees to everything; answers where that ended. */
export async function signInByBrowser(start: string, account: string): Promise<{ url: URL; page: string }> {
  const cookies = new Map<string, string>();
  let url = new URL(start);
  let body: URLSearchParams | undefined;
  for (let step = 0; step < 20; step++) {
    const response = await fetch(url, {
      method: body === undefined ? 'GET' : 'POST',
      redirect: 'manual',
      headers: { cookie: [...cookies].map(([name, value]) => `${name}=${value}`).join('; ') },
      ...(body && { body }),
    });
    for (const cookie of response.headers.getSetCookie()) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(cookie) ?? [];
      cookies.set(name, value);
    }
    const page = await response.text();
    const next = response.headers.get('location');
    body = undefined;
    if (next !== null) {
      url = new URL(next, url);
      if (url.href.startsWith(REDIRECT)) return { url, page };
      continue;
    }
    const [, form] = /<form([\s\S]*?)<\/form>/.exec(page) ?? [];
    if (form === undefined) return { url, page };
    url = new URL(/action="([^"]*)"/.exec(form)?.[1] ?? '', url);
    body = new URLSearchParams();
    for (const [input] of form.matchAll(/<input[^>]*>/g)) {
      const name = /name="([^"]*)"/.exec(input)?.[1];
      if (name === undefined) continue;
      body.set(
        name,
        name === 'login' || name === 'password' ? account : (/value="([^"]*)"/.exec(input)?.[1] ?? ''),
      );
    }
  }
  throw new Error(`the browser gave up at ${url.href}`);
}
