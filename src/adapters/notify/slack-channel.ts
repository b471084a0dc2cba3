import type { Channel, Message } from '../../ports/channel.js';
import type { Egress } from '../egress/egress.js';
import { headline, type LinkOf, oneLine, subjectOf } from './content.js';
import { deliverOver } from './over-http.js';

/**
 * Posts to an incoming webhook as Slack, Mattermost and Rocket.Chat take it. They know no key of a message: one whose
 * answer was lost appears twice.
 */
export function createSlackChannel({ egress, linkOf }: { egress: Egress; linkOf: LinkOf }): Channel {
  return {
    async send(message, url, signal) {
      const body = JSON.stringify({ text: textIn(message, linkOf) });
      const headers = { 'content-type': 'application/json', 'idempotency-key': message.key };
      await deliverOver(egress, { url, body, headers }, signal);
    },
  };
}

function textIn(message: Message, linkOf: LinkOf): string {
  const lines = message.items.map((item) => {
    const title = item.title === null ? '' : ` – ${escaped(oneLine(item.title))}`;
    const due = item.dueLocal === null ? '' : `, due ${escaped(item.dueLocal)}`;
    return `• <${escaped(linkOf(item.lifecycle))}|${escaped(headline(item))}>${title}${due}`;
  });
  return [escaped(subjectOf(message)), ...lines].join('\n');
}

/** What would be a mention or a link of Slack's is text. */
function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
