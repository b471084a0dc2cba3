import { AddressRefused, ChannelUnavailable } from '../../ports/channel.js';
import { type Egress, EgressRefused, EgressUnresolved } from '../egress/egress.js';
import { type Post, type Posted, post } from '../egress/post.js';
import { systemCode } from '../system-error.js';

const TIMEOUT_MS = 15_000;

/** Statuses that say: not this address, not ever. */
const GONE: readonly number[] = [403, 404, 410];

/** Posts and takes 2xx for taken. Throws the signal's reason, `ChannelUnavailable` and `AddressRefused`. */
export async function deliverOver(
  egress: Egress,
  request: Omit<Post, 'timeoutMs' | 'signal'>,
  signal: AbortSignal,
): Promise<void> {
  const { status, retryAfterMs } = await posted(egress, request, signal);
  if (status >= 200 && status < 300) return;
  if (status >= 300 && status < 400)
    throw new AddressRefused(`answered ${status}: redirects are not followed, name the address it leads to`);
  if (GONE.includes(status)) throw new AddressRefused(`answered ${status}`);
  throw new ChannelUnavailable(`answered ${status}`, retryAfterMs);
}

async function posted(
  egress: Egress,
  request: Omit<Post, 'timeoutMs' | 'signal'>,
  signal: AbortSignal,
): Promise<Posted> {
  try {
    return await post(egress, { ...request, timeoutMs: TIMEOUT_MS, signal });
  } catch (error) {
    signal.throwIfAborted();
    throw unsent(error);
  }
}

/** Why a channel could not send, in words without an address: a system's error would quote it. */
export function unsent(error: unknown): AddressRefused | ChannelUnavailable {
  if (error instanceof EgressRefused) return new AddressRefused(`not called: ${error.message}`);
  if (error instanceof EgressUnresolved) return new ChannelUnavailable(`not called: ${error.message}`);
  const timedOut = error instanceof Error && error.name === 'TimeoutError';
  if (timedOut) return new ChannelUnavailable('did not answer in time');
  return new ChannelUnavailable(`could not be reached (${systemCode(error) ?? 'no answer'})`);
}
