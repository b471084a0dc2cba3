import { type TargetHealth, TargetUnavailable } from '../../ports/release-target.js';
import { callJson, type JsonAnswer, type JsonCall } from '../egress/call-json.js';
import type { Egress } from '../egress/egress.js';
import { reason } from '../system-error.js';

/** Asks a target over HTTP. Throws the signal's reason, and `TargetUnavailable` where there is no answer. */
export async function ask(egress: Egress, call: JsonCall): Promise<JsonAnswer> {
  try {
    return await callJson(egress, call);
  } catch (error) {
    call.signal?.throwIfAborted();
    throw new TargetUnavailable(`${call.url} gave no answer: ${reason(error)}`, { cause: error });
  }
}

/** What a target said, short enough for a message that travels. */
export const said = (body: unknown): string => (JSON.stringify(body) ?? 'nothing').slice(0, 300);

/** The health that asking shows; not being able to ask is an answer too. Throws the signal's reason. */
export async function healthFrom(
  asking: () => Promise<TargetHealth>,
  signal: AbortSignal | undefined,
): Promise<TargetHealth> {
  try {
    return await asking();
  } catch (error) {
    signal?.throwIfAborted();
    return { ok: false, detail: reason(error) };
  }
}

/** How a target that stands at a fence says so. */
export const standsAt = (lifecycle: string, fence: number | undefined): TargetHealth => ({
  ok: true,
  detail:
    fence === undefined ? `nothing was applied for ${lifecycle} yet` : `${lifecycle} is at fence ${fence}`,
});
