import type { TellDependencies } from '../activities/tell.js';
import type { Egress } from '../adapters/egress/egress.js';
import type { Mailbox } from '../adapters/mailbox-notifier.js';
import type { LinkOf } from '../adapters/notify/content.js';
import { createMailboxChannel } from '../adapters/notify/mailbox-channel.js';
import { createPreferencesFile } from '../adapters/notify/preferences-file.js';
import { createSlackChannel } from '../adapters/notify/slack-channel.js';
import { createWebhookChannel } from '../adapters/notify/webhook-channel.js';
import type { Channel } from '../ports/channel.js';
import type { Patience } from '../workflows/messages/notices.js';
import { policyId } from '../workflows/messages/policy.js';
import type { NotifySettings } from './notify-settings.js';
import { openEgress } from './open-egress.js';
import { OperatorError } from './operator-error.js';

/** How people are told by workflows of their own. */
export interface Notifying extends Pick<TellDependencies, 'preferences' | 'channels'> {
  readonly patience: Patience;
}

const OF_POLICY = policyId('', 0).split('/')[0];

/** Where people open what they are told of: a lifecycle by its key, an operating model that is proposed by its workflow's id. */
export function linksTo(api: string): LinkOf {
  return (about) => {
    const [first, ...rest] = about.split('/');
    const policy = first === OF_POLICY && rest.length > 0;
    return `${api}/v1/${policy ? ['operating-models', ...rest].join('/') : `lifecycles/${about}`}`;
  };
}

/** What the settings ask for; undefined where the mailbox is all. Throws OperatorError where one is none. */
export async function createNotifying(
  settings: NotifySettings,
  mailbox: Pick<Mailbox, 'keep'>,
  linkOf: LinkOf,
): Promise<Notifying | undefined> {
  const { file, relay, unreachableAfterMs, giveUpAfterMs, webhookSecrets: secrets } = settings;
  if (file === undefined) return undefined;
  const egress = openEgress(settings, relay === undefined ? [] : [relay]);
  const email = await emailOf(settings, egress, linkOf);
  return {
    preferences: createPreferencesFile(file),
    patience: { unreachableAfterMs, giveUpAfterMs },
    channels: {
      mailbox: createMailboxChannel(mailbox),
      slack: createSlackChannel({ egress, linkOf }),
      ...(secrets.length > 0 && { webhook: webhookOf(secrets, egress, linkOf) }),
      ...(email && { email }),
    },
  };
}

function webhookOf(secrets: readonly string[], egress: Egress, linkOf: LinkOf): Channel {
  try {
    return createWebhookChannel({ egress, linkOf, secrets });
  } catch {
    // Without what the library says, which may quote the secret.
    throw new OperatorError(
      'AIRWORTHY_NOTIFY_WEBHOOK_SECRET is no secret of a webhook: write whsec_ and base64.',
    );
  }
}

/** Loaded where it is asked for: a worker that sends no e-mail starts without it. */
async function emailOf(
  { relay, from }: NotifySettings,
  egress: Egress,
  linkOf: LinkOf,
): Promise<Channel | undefined> {
  if (relay === undefined || from === undefined) return undefined;
  const { createEmailChannel } = await import('../adapters/notify/email-channel.js');
  return createEmailChannel({ egress, linkOf, relay: new URL(relay), from });
}
