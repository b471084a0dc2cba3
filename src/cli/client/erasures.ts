import type { z } from 'zod';
import { erasureAnswer, type erasureForm } from '../../contracts/erasure.js';
import type { ApiClient } from './api-client.js';
import { read } from './lifecycles.js';

/** Erases what somebody wrote; the raw answer too, for what is printed as JSON. */
export async function eraseSubject(api: ApiClient, erasure: z.input<typeof erasureForm>) {
  const answer = await api.post('/v1/ledger/erasures', erasure);
  return { answer, erased: read(erasureAnswer, answer, api.address) };
}
