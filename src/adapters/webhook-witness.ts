import { Webhook } from 'standardwebhooks';
import { canonicalForm } from '../domain/digest.js';
import { type Witness, WitnessConflict, WitnessUnavailable } from '../ports/witness.js';
import type { Egress } from './egress/egress.js';
import { post } from './egress/post.js';
import { reason } from './system-error.js';

const CONFLICT = 409;

export interface WebhookWitnessOptions {
  readonly egress: Egress;
  /** Takes POST. Answers 2xx once it has the checkpoint for good, 409 where it has another under this number. */
  readonly url: string;
  /** One or more as Standard Webhooks writes them, `whsec_` and base64: each signs, so that they can be changed. */
  readonly secrets: readonly string[];
  readonly timeoutMs: number;
}

/** Posts each checkpoint, signed as Standard Webhooks says. Throws where a secret is none. */
export function createWebhookWitness({ egress, url, secrets, timeoutMs }: WebhookWitnessOptions): Witness {
  const hooks = secrets.map((secret) => new Webhook(secret));

  const hand = async (id: string, body: string, signal: AbortSignal): Promise<number> => {
    const now = new Date();
    // Another address than the one that was agreed on is no witness: a redirect is no answer that takes anything.
    const answer = await post(egress, {
      url,
      body,
      timeoutMs,
      signal,
      headers: {
        'content-type': 'application/json',
        'webhook-id': id,
        'webhook-timestamp': String(Math.floor(now.getTime() / 1_000)),
        'webhook-signature': hooks.map((hook) => hook.sign(id, now, body)).join(' '),
      },
    });
    return answer.status;
  };

  return {
    async publish(signed, signal) {
      const { number } = signed.checkpoint;
      const status = await hand(`checkpoint-${number}`, canonicalForm(signed), signal).catch(
        (cause: unknown) => {
          if (signal.aborted) throw signal.reason;
          throw new WitnessUnavailable(`the witness did not answer: ${reason(cause)}`, { cause });
        },
      );
      if (status === CONFLICT) throw new WitnessConflict(number);
      if (status < 200 || status > 299) throw new WitnessUnavailable(`the witness answered ${status}`);
    },
  };
}
