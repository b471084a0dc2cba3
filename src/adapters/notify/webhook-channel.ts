import { Webhook } from 'standardwebhooks';
import type { Channel, Message } from '../../ports/channel.js';
import type { Egress } from '../egress/egress.js';
import type { LinkOf } from './content.js';
import { deliverOver } from './over-http.js';

export interface WebhookOptions {
  readonly egress: Egress;
  readonly linkOf: LinkOf;
  /** One or more as Standard Webhooks writes them: each signs, so that they can be changed one receiver at a time. */
  readonly secrets: readonly string[];
}

/** Posts a message as `notices.waiting`, signed as Standard Webhooks says. Throws where a secret is none. */
export function createWebhookChannel({ egress, linkOf, secrets }: WebhookOptions): Channel {
  const hooks = secrets.map((secret) => new Webhook(secret));

  return {
    async send(message, url, signal) {
      const now = new Date();
      const body = JSON.stringify(contentOf(message, linkOf, now));
      await deliverOver(
        egress,
        {
          url,
          body,
          headers: {
            'content-type': 'application/json',
            'webhook-id': message.key,
            'webhook-timestamp': String(Math.floor(now.getTime() / 1_000)),
            'webhook-signature': hooks.map((hook) => hook.sign(message.key, now, body)).join(' '),
          },
        },
        signal,
      );
    },
  };
}

function contentOf({ person, items }: Message, linkOf: LinkOf, now: Date) {
  const waiting = items.map(({ due, ...item }) => ({
    ...item,
    due: due === null ? null : new Date(due).toISOString(),
    link: linkOf(item.lifecycle),
  }));
  return { type: 'notices.waiting', timestamp: now.toISOString(), data: { person, items: waiting } };
}
