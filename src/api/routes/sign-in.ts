import { ACTIONS } from '../../contracts/actions.js';
import type { SignInAnswer } from '../../contracts/sign-in.js';
import type { ApiDeps } from '../deps.js';
import { type GuardedRoute, route } from '../guarded-routes.js';

type Deps = Pick<ApiDeps, 'signIn' | 'publicUrl'>;

/** `GET /.well-known/oauth-protected-resource`: where tokens come from, for clients that have none yet. */
export function signInRoute({ signIn, publicUrl }: Deps): GuardedRoute {
  const answer: SignInAnswer = {
    resource: signIn?.audience ?? publicUrl,
    authorization_servers: [...(signIn?.issuers ?? [])],
    bearer_methods_supported: ['header'],
    ...(signIn?.clientId && { airworthy_client_id: signIn.clientId }),
  };
  return route('sign-in', (_request, response) => {
    response.set('Cache-Control', 'public, max-age=60').json(answer);
  });
}

/** What a 401 tells clients to do: in development nothing more than to bring a token. */
export function challengeOf({ signIn, publicUrl }: Deps): string {
  return signIn === undefined
    ? 'Bearer'
    : `Bearer resource_metadata="${publicUrl}${ACTIONS['sign-in'].path}"`;
}
