import { setTimeout as sleep } from 'node:timers/promises';
import type { ApiClient } from '../client/api-client.js';
import { signedInAs } from '../client/lifecycles.js';
import { isPassing } from '../client/problems.js';

const RETRY_MS = 300;

/** The people of a journey, each with a client of their own. */
export interface Sessions {
  /**
   * Makes a call as somebody. While the API cannot answer it is repeated, for as long as the sessions are
   * patient: a call that is no reading needs an idempotency key of its own for that.
   */
  as<T>(person: string, call: (api: ApiClient) => Promise<T>): Promise<T>;
}

export function createSessions(address: string, patienceMs: number): Sessions {
  const clients = new Map<string, ApiClient>();

  const clientOf = async (person: string): Promise<ApiClient> => {
    const known = clients.get(person);
    if (known !== undefined) return known;
    const client = await signedInAs(person, address);
    clients.set(person, client);
    return client;
  };

  return {
    async as(person, call) {
      const until = Date.now() + patienceMs;
      for (;;) {
        try {
          return await call(await clientOf(person));
        } catch (error) {
          if (!isPassing(error) || Date.now() > until) throw error;
          await sleep(RETRY_MS);
        }
      }
    },
  };
}
