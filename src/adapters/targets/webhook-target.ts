import { randomUUID } from 'node:crypto';
import { Webhook } from 'standardwebhooks';
import {
  EffectRefused,
  type ReleaseTarget,
  StaleFence,
  TargetUnavailable,
} from '../../ports/release-target.js';
import type { JsonAnswer } from '../egress/call-json.js';
import type { Egress } from '../egress/egress.js';
import { appliedForm, healthForm, nothingAppliedForm, staleForm } from '../target-protocol.js';
import { ask, healthFrom, said } from './asking.js';
import { requirePossible } from './promises.js';

export interface WebhookTargetOptions {
  readonly egress: Egress;
  /** Takes POST: `exposure.apply`, `exposure.read` and `exposure.health`. */
  readonly url: string;
  /** One or more as Standard Webhooks writes them, `whsec_` and base64: each signs. Throws where there are none now. */
  readonly secrets: () => Promise<readonly string[]>;
  readonly timeoutMs: number;
}

type Question = 'exposure.apply' | 'exposure.read' | 'exposure.health';

/** A deployment system of somebody's own that takes signed calls at one address, and answers what it serves. */
export function createWebhookTarget({
  egress,
  url,
  secrets,
  timeoutMs,
}: WebhookTargetOptions): ReleaseTarget {
  const call = async (
    type: Question,
    id: string,
    data: object,
    signal: AbortSignal | undefined,
  ): Promise<JsonAnswer> => {
    const now = new Date();
    const content = { type, timestamp: now.toISOString(), data };
    const headers = {
      'webhook-id': id,
      'webhook-timestamp': String(Math.floor(now.getTime() / 1_000)),
      'webhook-signature': signed(await secrets(), id, now, JSON.stringify(content)),
    };
    return ask(egress, { method: 'POST', url, content, headers, timeoutMs, signal });
  };

  return {
    async apply(request, signal) {
      requirePossible(request);
      // The key of the effect, as headers can carry it: a receiver that remembers ids never does it twice.
      const { status, body } = await call('exposure.apply', encodeURI(request.effectKey), request, signal);
      if (status >= 200 && status < 300) return;
      const stale = staleForm.safeParse(body);
      if (status === 409 && stale.success) throw new StaleFence(request.fence, stale.data.current);
      if (status === 422) throw new EffectRefused(`${url} refused ${request.effectKey}: ${said(body)}`);
      throw new TargetUnavailable(`${url} answered ${status} to exposure.apply`);
    },

    async read(lifecycle, signal) {
      const { status, body } = await call('exposure.read', randomUUID(), { lifecycle }, signal);
      if (status === 404 && nothingAppliedForm.safeParse(body).success) return undefined;
      const applied = appliedForm.safeParse(body);
      if (status === 200 && applied.success) return applied.data;
      throw new TargetUnavailable(`${url} answered ${status} to exposure.read, not with what it serves`);
    },

    health: (lifecycle, signal) =>
      healthFrom(async () => {
        const { status, body } = await call('exposure.health', randomUUID(), { lifecycle }, signal);
        const told = healthForm.safeParse(body);
        if (status === 200 && told.success) return told.data;
        return { ok: false, detail: `${url} answered ${status} to exposure.health: ${said(body)}` };
      }, signal),
  };
}

function signed(secrets: readonly string[], id: string, at: Date, body: string): string {
  try {
    return secrets.map((secret) => new Webhook(secret).sign(id, at, body)).join(' ');
  } catch {
    // Without what the library says, which may quote the secret.
    throw new TargetUnavailable('a secret of the webhook is none: write whsec_ and base64');
  }
}
