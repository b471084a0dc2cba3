import type { Authenticator } from '../ports/authenticator.js';
import { API_KEY_PREFIX } from './api-key-token.js';

const NOBODY: Authenticator = { authenticate: async () => undefined };

/** Lets each token be judged by the one authenticator that its form is for: no token is tried on another. */
export function byForm(of: {
  readonly apiKeys: Authenticator;
  readonly oidc?: Authenticator | undefined;
  readonly dev?: Authenticator | undefined;
}): Authenticator {
  const { apiKeys, oidc = NOBODY, dev = NOBODY } = of;
  return {
    async authenticate(token) {
      if (token.startsWith(API_KEY_PREFIX)) return apiKeys.authenticate(token);
      return (token.includes('.') ? oidc : dev).authenticate(token);
    },
  };
}
