import type { z } from 'zod';
import { apiKeyAnswer, apiKeyList, madeApiKey, type newApiKeyForm } from '../../contracts/api-keys.js';
import type { ApiClient } from './api-client.js';
import { read } from './lifecycles.js';

export type ShownApiKey = z.output<typeof apiKeyAnswer>;

/** Keys of machines; the raw answers too, for what is printed as JSON. */
export async function listApiKeys(api: ApiClient, person: string | undefined) {
  const query = person === undefined ? '' : `?${new URLSearchParams({ person }).toString()}`;
  const answer = await api.get(`/v1/api-keys${query}`);
  return { answer, keys: read(apiKeyList, answer, api.address).items };
}

export async function createApiKey(api: ApiClient, key: z.input<typeof newApiKeyForm>) {
  const answer = await api.post('/v1/api-keys', key);
  return { answer, made: read(madeApiKey, answer, api.address) };
}

export async function revokeApiKey(api: ApiClient, id: string) {
  const answer = await api.delete(`/v1/api-keys/${encodeURIComponent(id)}`);
  return { answer, key: read(apiKeyAnswer, answer, api.address) };
}
