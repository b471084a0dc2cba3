import { type Answer, type Call, call } from './call.js';
import type { Egress } from './egress.js';

export type Post = Omit<Call, 'method' | 'maxBytes' | 'body'> & { readonly body: string };

/** What was answered; whatever the body says is not read. */
export type Posted = Omit<Answer, 'text'>;

/** Posts to an address that may be called. Throws what `call` throws. */
export async function post(egress: Egress, request: Post): Promise<Posted> {
  const { status, retryAfterMs } = await call(egress, { ...request, method: 'POST', maxBytes: 0 });
  return { status, retryAfterMs };
}
