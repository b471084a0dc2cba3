/** Signing in where there is no browser, by OAuth's device authorization grant (RFC 8628). */
import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';
import { isSecure } from '../../contracts/secure-address.js';
import { type SignInAnswer, signInAnswer } from '../../contracts/sign-in.js';
import { createApiClient } from './api-client.js';
import { read } from './lifecycles.js';
import type { Login } from './logins.js';
import { Unreachable, UsageError } from './problems.js';

const DEVICE_GRANT = 'urn:ietf:params:oauth:grant-type:device_code';
const TIMEOUT_MS = 15_000;
const SLOW_DOWN_S = 5;
/** Before its end, because the API's clock may differ. */
const EARLY_MS = 30_000;

const provider = z.looseObject({
  issuer: z.string(),
  token_endpoint: z.string(),
  device_authorization_endpoint: z.string().optional(),
});
const authorization = z.looseObject({
  device_code: z.string(),
  user_code: z.string(),
  verification_uri: z.string(),
  verification_uri_complete: z.string().optional(),
  expires_in: z.number(),
  interval: z.number().default(5),
});
const tokens = z.looseObject({
  access_token: z.string(),
  expires_in: z.number().default(300),
  refresh_token: z.string().optional(),
});
const failure = z.looseObject({ error: z.string() });

/** What a refusal asked for: how strongly, and how many seconds ago at most, somebody has to have proven who they are. */
export interface StepUp {
  readonly acr?: string;
  readonly maxAge?: string;
}

/** What somebody has to do in a browser. */
export type Tell = (where: string, code: string) => void;

/**
 * Signs somebody in at the issuer that the API names, once they have agreed to it in a browser. Throws `UsageError` where
 * nobody can sign in so, and `Unreachable`.
 */
export async function signIn(address: string, { acr, maxAge }: StepUp, tell: Tell): Promise<Login> {
  const { issuer, clientId, audience } = await askWhere(address);
  const { device, token: tokenEndpoint } = await discover(issuer);
  const parameters = {
    client_id: clientId,
    scope: 'openid offline_access',
    ...audienceOf(audience),
    ...(acr !== undefined && { acr_values: acr }),
    ...(maxAge !== undefined && { max_age: maxAge }),
  };
  const asked = await post(device, parameters);
  const { device_code, user_code, verification_uri, verification_uri_complete, expires_in, interval } =
    understood(authorization, asked, issuer);
  tell(verification_uri_complete ?? verification_uri, user_code);
  const until = Date.now() + expires_in * 1000;
  let every = interval;
  while (Date.now() < until) {
    await sleep(every * 1000);
    const answer = await post(tokenEndpoint, { grant_type: DEVICE_GRANT, device_code, client_id: clientId });
    const error = failure.safeParse(answer.body).data?.error;
    if (answer.status === 200) return loginOf(understood(tokens, answer, issuer), tokenEndpoint, clientId);
    if (error === 'slow_down') every += SLOW_DOWN_S;
    else if (error === 'access_denied') throw new UsageError('somebody refused this sign-in in the browser');
    else if (error !== 'authorization_pending') break;
  }
  throw new UsageError('nobody agreed to the sign-in in time: airworthy login again');
}

/** A sign-in that is good now: itself, or made anew by its refresh token; undefined where it is over. */
export async function renewed(login: Login): Promise<Login | undefined> {
  if (login.expiresAt - EARLY_MS > Date.now()) return login;
  const { refreshToken, tokenEndpoint, clientId } = login;
  if (refreshToken === null) return undefined;
  const parameters = { grant_type: 'refresh_token', refresh_token: refreshToken, client_id: clientId };
  const answer = await post(tokenEndpoint, parameters);
  if (answer.status !== 200) return undefined;
  const fresh = loginOf(understood(tokens, answer, tokenEndpoint), tokenEndpoint, clientId);
  return { ...fresh, refreshToken: fresh.refreshToken ?? refreshToken };
}

async function askWhere(address: string) {
  const answer = await createApiClient(address).get('/.well-known/oauth-protected-resource');
  const said: SignInAnswer = read(signInAnswer, answer, address);
  const [issuer] = said.authorization_servers;
  if (issuer === undefined) {
    throw new UsageError(
      `${address} is in development, where nobody signs in: say who you are by --as PERSON`,
    );
  }
  if (said.airworthy_client_id === undefined) {
    throw new UsageError(
      `${address} names no client for the command line at ${issuer}: have AIRWORTHY_OIDC_CLIENT_ID set there, or set AIRWORTHY_TOKEN to a token of yours`,
    );
  }
  return { issuer, clientId: said.airworthy_client_id, audience: said.resource };
}

async function discover(issuer: string): Promise<{ readonly device: string; readonly token: string }> {
  const answer = await call(`${issuer.replace(/\/$/, '')}/.well-known/openid-configuration`, {});
  const {
    issuer: name,
    device_authorization_endpoint: device,
    token_endpoint: token,
  } = understood(provider, answer, issuer);
  if (name !== issuer)
    throw new Unreachable(`${issuer} calls itself ${name}: have the API's settings corrected`);
  if (device === undefined) {
    throw new UsageError(
      `${issuer} signs nobody in without a browser: set AIRWORTHY_TOKEN to a token of yours`,
    );
  }
  return { device, token };
}

/** Providers differ in what they call what a token is for. */
function audienceOf(audience: string): Record<string, string> {
  return URL.canParse(audience) ? { resource: audience, audience } : { audience };
}

function loginOf(answer: z.output<typeof tokens>, tokenEndpoint: string, clientId: string): Login {
  const { access_token: accessToken, expires_in, refresh_token } = answer;
  const expiresAt = Date.now() + expires_in * 1000;
  return { tokenEndpoint, clientId, accessToken, expiresAt, refreshToken: refresh_token ?? null };
}

interface ProviderAnswer {
  readonly status: number;
  readonly body: unknown;
}

function post(url: string, parameters: Record<string, string>): Promise<ProviderAnswer> {
  return call(url, { method: 'POST', body: new URLSearchParams(parameters) });
}

async function call(url: string, options: RequestInit): Promise<ProviderAnswer> {
  if (!URL.canParse(url) || !isSecure(new URL(url))) throw new Unreachable(`${url} is no https address`);
  try {
    const response = await fetch(url, {
      ...options,
      headers: { accept: 'application/json' },
      redirect: 'error',
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
    return { status: response.status, body: await response.json() };
  } catch (cause) {
    throw new Unreachable(`${new URL(url).origin} gives no answer that can be read`, { cause });
  }
}

function understood<S extends z.ZodType>(
  form: S,
  { body, status }: ProviderAnswer,
  who: string,
): z.output<S> {
  const parsed = form.safeParse(body);
  if (parsed.success && status === 200) return parsed.data;
  const error = failure.safeParse(body).data?.error ?? `status ${status}`;
  throw new Unreachable(`${who} does not sign anybody in now (${error})`);
}
