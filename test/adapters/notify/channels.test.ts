import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Webhook } from 'standardwebhooks';
import { describe, expect, it, onTestFinished } from 'vitest';
import { createEgress } from '../../../src/adapters/egress/egress.js';
import { openMailboxNotifier } from '../../../src/adapters/mailbox-notifier.js';
import { createEmailChannel } from '../../../src/adapters/notify/email-channel.js';
import { createMailboxChannel } from '../../../src/adapters/notify/mailbox-channel.js';
import { createSlackChannel } from '../../../src/adapters/notify/slack-channel.js';
import { createWebhookChannel } from '../../../src/adapters/notify/webhook-channel.js';
import {
  AddressRefused,
  type Channel,
  ChannelUnavailable,
  type Message,
  type MessageItem,
} from '../../../src/ports/channel.js';
import { temporaryFolder } from '../../ports/temporary-folder.js';
import {
  type MessageService,
  startMailService,
  startWebhookService,
} from '../../support/message-services.js';

const { signal } = new AbortController();
const secretOf = (text: string): string => `whsec_${Buffer.from(text.padEnd(24, '.')).toString('base64')}`;
const SECRET = secretOf('ours');
const OLD = secretOf('until tomorrow');
const linkOf = (key: string) => `http://127.0.0.1:8080/v1/lifecycles/${key}`;
const egress = createEgress({
  allow: ['*.bank.example', '127.0.0.1'],
  privateNetworks: ['127.0.0.0/8'],
  lookup: async () => [{ address: '127.0.0.1', family: 4 }],
});

const item = (n: number, more: Partial<MessageItem> = {}): MessageItem => ({
  lifecycle: 'kyc-onboarding',
  title: 'KYC & <b>face</b> match\nfor brokers',
  notice: `kyc-onboarding/n${n}`,
  kind: 'request',
  gate: 'readiness',
  seats: ['governance'],
  due: 1_795_530_600_000,
  dueLocal: '2026-11-24 16:00 Asia/Kolkata',
  ...more,
});
const message = (...items: MessageItem[]): Message => ({
  key: `${items[0]?.notice}/gita/x`,
  person: 'gita',
  items,
});

interface Opened {
  readonly service: MessageService;
  readonly channel: Channel;
  readonly address: string;
  /** The key as this channel's receivers see it. */
  readonly seen: (key: string) => string;
  /** What a reader has before them. */
  readonly text: () => string;
}

async function openWebhook(secrets: readonly string[] = [SECRET]): Promise<Opened> {
  const service = await startWebhookService();
  onTestFinished(() => service.close());
  const channel = createWebhookChannel({ egress, linkOf, secrets });
  const address = `http://hooks.bank.example:${service.port}/gita`;
  return { service, channel, address, seen: (key) => key, text: () => service.received[0]?.body ?? '' };
}

async function openSlack(): Promise<Opened> {
  const service = await startWebhookService();
  onTestFinished(() => service.close());
  const channel = createSlackChannel({ egress, linkOf });
  const address = `http://chat.bank.example:${service.port}/services/T0/B0/x`;
  const text = () => (JSON.parse(service.received[0]?.body ?? '{}') as { text: string }).text;
  return { service, channel, address, seen: (key) => key, text };
}

async function openEmail(): Promise<Opened> {
  const service = await startMailService();
  onTestFinished(() => service.close());
  const relay = new URL(`smtp://mail.bank.example:${service.port}`);
  const channel = createEmailChannel({ egress, linkOf, relay, from: 'Airworthy <airworthy@bank.example>' });
  const seen = (key: string) => `<${encodeURIComponent(key)}@bank.example>`;
  const text = () => unfolded(service.received[0]?.body ?? '');
  return { service, channel, address: 'gita@bank.example', seen, text };
}

/** A mail's text with its quoted-printable undone. */
function unfolded(mail: string): string {
  const bytes = mail
    .replace(/=\r\n/g, '')
    .replace(/=([0-9A-F]{2})/g, (_all, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
  return Buffer.from(bytes, 'latin1').toString('utf8');
}

describe.each([
  ['webhook', () => openWebhook()],
  ['slack', openSlack],
  ['email', openEmail],
] as const)('the channel %s', (_name, open) => {
  it('says what waits, where, for which seat, until when, and where to open it', async () => {
    const { channel, address, service, text, seen } = await open();
    await channel.send(message(item(1)), address, signal);
    expect(service.received.map(({ key }) => key)).toEqual([seen('kyc-onboarding/n1/gita/x')]);
    const read = text();
    for (const said of ['readiness', 'governance', '2026-11-24 16:00 Asia/Kolkata', linkOf('kyc-onboarding')])
      expect(read).toContain(said);
    expect(read).toMatch(/KYC (&|&amp;) (<|&lt;)b/);
  });

  it('tells several things at once', async () => {
    const { channel, address, service, text } = await open();
    const others = [
      item(2, { gate: 'specification' }),
      item(3, { kind: 'handover', gate: null, due: null, dueLocal: null }),
    ];
    await channel.send(message(item(1), ...others), address, signal);
    expect(service.received).toHaveLength(1);
    for (const said of ['readiness', 'specification', 'handover'])
      expect(text().replace('offers you a decision right', 'handover')).toContain(said);
  });

  it('sends under the same key again where the answer was lost: receivers can tell', async () => {
    const { channel, address, service } = await open();
    service.mood = 'loses-answer';
    await expect(channel.send(message(item(1)), address, signal)).rejects.toThrow(ChannelUnavailable);
    service.mood = 'takes';
    await channel.send(message(item(1)), address, signal);
    expect(service.received).toHaveLength(2);
    expect(new Set(service.received.map(({ key }) => key)).size).toBe(1);
  });

  it('is unavailable while the service fails or is down, and sends once it is back', async () => {
    const { channel, address, service } = await open();
    service.mood = 'fails';
    await expect(channel.send(message(item(1)), address, signal)).rejects.toThrow(ChannelUnavailable);
    await service.down();
    await expect(channel.send(message(item(1)), address, signal)).rejects.toThrow(/ECONNREFUSED|ESOCKET/);
    service.mood = 'takes';
    await service.up();
    await channel.send(message(item(1)), address, signal);
    expect(service.received).toHaveLength(1);
  });

  it('tells an address that is refused, without naming it', async () => {
    const { channel, address, service } = await open();
    service.mood = 'refuses';
    const sending = channel.send(message(item(1)), address, signal);
    await expect(sending).rejects.toThrow(AddressRefused);
    const error: unknown = await sending.catch((refused: unknown) => refused);
    expect(String((error as Error).stack)).not.toContain(address);
    expect((error as Error).cause).toBeUndefined();
  });

  it('stops when told to', async () => {
    const { channel, address, service } = await open();
    service.mood = 'hangs';
    const told = new AbortController();
    const sending = channel.send(message(item(1)), address, told.signal);
    setTimeout(() => told.abort(new Error('enough')), 100);
    await expect(sending).rejects.toThrow('enough');
  });
});

describe('the webhook', () => {
  it('is signed so that the library of its receiver takes it, and nobody can change it', async () => {
    const { channel, address, service } = await openWebhook();
    await channel.send(message(item(1)), address, signal);
    const { body, headers } = service.received[0] ?? { body: '', headers: {} };
    expect(new Webhook(SECRET).verify(body, headers)).toMatchObject({
      type: 'notices.waiting',
      data: { person: 'gita', items: [{ notice: 'kyc-onboarding/n1', due: '2026-11-24T14:30:00.000Z' }] },
    });
    expect(() => new Webhook(SECRET).verify(body.replace('gita', 'hari'), headers)).toThrow();
    expect(() => new Webhook(SECRET).verify(body, { ...headers, 'webhook-id': 'another' })).toThrow();
  });

  it('is signed by both secrets while one replaces the other', async () => {
    const { channel, address, service } = await openWebhook([SECRET, OLD]);
    await channel.send(message(item(1)), address, signal);
    const { body, headers } = service.received[0] ?? { body: '', headers: {} };
    for (const secret of [SECRET, OLD]) expect(new Webhook(secret).verify(body, headers)).toBeTruthy();
    expect(() => new Webhook(secretOf('a third')).verify(body, headers)).toThrow();
  });

  it('leaves a service alone for as long as that asks', async () => {
    const { channel, address, service } = await openWebhook();
    service.mood = 'asks-for-patience';
    await expect(channel.send(message(item(1)), address, signal)).rejects.toMatchObject({
      retryAfterMs: 7_000,
    });
  });

  it('takes a redirect for a refusal', async () => {
    const { channel, address, service } = await openWebhook();
    service.mood = 'redirects';
    await expect(channel.send(message(item(1)), address, signal)).rejects.toThrow(
      /redirects are not followed/,
    );
    expect(service.calls).toBe(1);
  });

  it('calls nothing that is not allowed, and says so without the address', async () => {
    const { channel, service } = await openWebhook();
    const sending = channel.send(message(item(1)), `http://elsewhere.example:${service.port}/x`, signal);
    await expect(sending).rejects.toThrow(/^not called: the host is not allowed$/);
    await expect(sending).rejects.toThrow(AddressRefused);
    expect(service.calls).toBe(0);
  });
});

describe('e-mail', () => {
  it('is plain text of a machine, and a title cannot become a header or a line', async () => {
    const { channel, address, service, text } = await openEmail();
    const title = 'Nice\r\nBcc: all@bank.example\r\n\r\nclick here';
    await channel.send(message(item(1, { title })), address, signal);
    const headers = service.received[0]?.headers ?? {};
    expect(headers).toMatchObject({ 'auto-submitted': 'auto-generated', to: 'gita@bank.example' });
    expect(headers['content-type']).toMatch(/^text\/plain/);
    expect(headers['bcc']).toBeUndefined();
    expect(text()).toContain('Nice Bcc: all@bank.example click here');
  });

  it('is refused unencrypted outside of allowed networks', async () => {
    const { service, address } = await openEmail();
    const outside = {
      pin: async () => ({ host: 'm', port: service.port, address: '127.0.0.1', family: 4, inside: false }),
    };
    const relay = new URL(`smtp://mail.bank.example:${service.port}`);
    const channel = createEmailChannel({
      egress: outside as typeof egress,
      linkOf,
      relay,
      from: 'a@bank.example',
    });
    await expect(channel.send(message(item(1)), address, signal)).rejects.toThrow(ChannelUnavailable);
    expect(service.received).toEqual([]);
  });
});

it('Slack is shown text, whatever a title says', async () => {
  const { channel, address, text } = await openSlack();
  await channel.send(message(item(1, { title: '<!channel> & more' })), address, signal);
  expect(text()).toContain('&lt;!channel&gt; &amp; more');
});

it('the mailbox keeps each notice once for each person', async () => {
  const path = join(await temporaryFolder(), 'mail', 'mailbox.jsonl');
  const mailbox = await openMailboxNotifier(path, { info: () => undefined, warn: () => undefined });
  onTestFinished(() => mailbox.close());
  const channel = createMailboxChannel(mailbox);
  await channel.send(message(item(1), item(2)), 'mailbox', signal);
  await channel.send(message(item(1)), 'mailbox', signal);
  await channel.send({ ...message(item(1)), person: 'hari' }, 'mailbox', signal);
  const kept = (await readFile(path, 'utf8')).trimEnd().split('\n');
  expect(kept.map((line) => (JSON.parse(line) as { id: string }).id)).toEqual([
    'kyc-onboarding/n1/gita',
    'kyc-onboarding/n2/gita',
    'kyc-onboarding/n1/hari',
  ]);
});
