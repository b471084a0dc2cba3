/** A world whose people are told over real channels on loopback. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createNotifying, type Notifying } from '../../src/main/notifying.js';
import type { MessageItem } from '../../src/ports/channel.js';
import { digestId, noticeId } from '../../src/workflows/messages/notices.js';
import { afterFile } from './after-file.js';
import { type MessageService, startMailService, startWebhookService } from './message-services.js';
import { type Server, World } from './world.js';

const HOUR = 3_600_000;
export const WEBHOOK_SECRET = `whsec_${Buffer.from('a secret of twenty-four').toString('base64')}`;

export interface ToldWorld {
  readonly world: World;
  readonly webhooks: MessageService;
  readonly mails: MessageService;
  /** Writes the notify file anew: a line of YAML each, `HOOK` standing for the address of the webhook service. */
  prefer(...lines: readonly string[]): Promise<void>;
  /** What the webhook service has for a person, message by message. */
  told(person: string): readonly (readonly MessageItem[])[];
}

/** Opens one; closed after the tests of the file. Unreachable after ninety minutes, given up after three days. */
export async function openToldWorld(server: Server): Promise<ToldWorld> {
  const [webhooks, mails] = await Promise.all([startWebhookService(), startMailService()]);
  const folder = await mkdtemp(join(tmpdir(), 'airworthy-notify-'));
  const file = join(folder, 'notify.yaml');
  const hook = `http://127.0.0.1:${webhooks.port}/hook`;
  const prefer = (...lines: readonly string[]) =>
    writeFile(file, `${lines.join('\n').replaceAll('HOOK', hook)}\n`);
  await prefer('everybody: {webhook: "HOOK"}');
  const settings = {
    file,
    relay: `smtp://127.0.0.1:${mails.port}`,
    from: 'Airworthy <airworthy@bank.example>',
    webhookSecrets: [WEBHOOK_SECRET],
    unreachableAfterMs: 1.5 * HOUR,
    giveUpAfterMs: 72 * HOUR,
    egressAllow: ['127.0.0.1'],
    egressPrivate: ['127.0.0.0/8'],
  };
  const mailbox = { keep: async () => undefined };
  const linkOf = (key: string) => `http://127.0.0.1:8080/v1/lifecycles/${key}`;
  const notifying: Notifying | undefined = await createNotifying(settings, mailbox, linkOf);
  const world = await World.open(server, undefined, notifying);
  afterFile(async () => {
    await world.close();
    await Promise.all([webhooks.close(), mails.close()]);
    await rm(folder, { recursive: true });
  });
  const told = (person: string) =>
    webhooks.received
      .map(({ body }) => (JSON.parse(body) as { data: { person: string; items: MessageItem[] } }).data)
      .filter((data) => data.person === person)
      .map(({ items }) => items);
  return { world, webhooks, mails, prefer, told };
}

/** The workflow that tells a person of a notice, and the one that gathers for a person. */
export function tellers(world: World, notice: string, person: string) {
  const { workflow } = world.client;
  return {
    notice: workflow.getHandle(noticeId(notice, person)),
    digest: workflow.getHandle(digestId(person, 'tax-filing')),
  };
}
