/** The settings of how people are told, and of what may be called to do so: part of `environment.ts`. */
import { resolve } from 'node:path';
import { z } from 'zod';
import { elapsedOf, elapsedTime } from '../contracts/duration-text.js';

/** One row a setting, as in `environment.ts`. */
export const notifyShape = {
  AIRWORTHY_NOTIFY_FILE: z
    .string()
    .transform((value) => resolve(value))
    .optional()
    .describe(
      'how people are told: addresses, digests, quiet hours; absent: mailbox.jsonl in AIRWORTHY_HOME',
    ),
  AIRWORTHY_NOTIFY_SMTP: z
    .url({ protocol: /^smtps?$/, error: 'is not an smtp(s):// address' })
    .optional()
    .meta({ secret: true })
    .describe('relay of e-mail, smtp://user:password@host:587 or smtps://; absent: no e-mail'),
  AIRWORTHY_NOTIFY_FROM: z
    .string()
    .regex(/^[^\r\n]*[^\s@<>]+@[^\s@<>]+>?$/, { error: 'is not an e-mail address' })
    .optional()
    .describe('who e-mail comes from, such as Airworthy <airworthy@bank.example>'),
  AIRWORTHY_NOTIFY_WEBHOOK_SECRET: z
    .string()
    .optional()
    .meta({ secret: true })
    .describe('what webhooks are signed with, whsec_ and base64; two by a space while it is changed'),
  AIRWORTHY_NOTIFY_UNREACHABLE_AFTER: elapsedTime
    .default('1h')
    .describe('how long a person is tried before the lifecycle asks others, such as 1h'),
  AIRWORTHY_NOTIFY_GIVE_UP_AFTER: elapsedTime
    .default('3d')
    .describe('how long it is tried after that, such as 3d'),
  AIRWORTHY_EGRESS_ALLOW: z
    .string()
    .default('')
    .describe('hosts that people may be told at, by spaces: hooks.slack.com *.bank.example'),
  AIRWORTHY_EGRESS_PRIVATE: z
    .string()
    .default('')
    .describe('networks that may be called although they are private, by spaces: 10.20.0.0/16'),
};

type Read = z.output<z.ZodObject<typeof notifyShape>>;

const words = (written: string | undefined): readonly string[] =>
  written?.split(/\s+/).filter((word) => word !== '') ?? [];

/** What is wrong between these settings; a sentence each. */
export function notifyComplaints(read: Read): string[] {
  const { AIRWORTHY_NOTIFY_SMTP: relay, AIRWORTHY_NOTIFY_FROM: from, AIRWORTHY_NOTIFY_FILE: file } = read;
  const needFile = (['AIRWORTHY_NOTIFY_SMTP', 'AIRWORTHY_NOTIFY_WEBHOOK_SECRET'] as const).filter(
    (name) => read[name] !== undefined && file === undefined,
  );
  return [
    ...(!relay !== !from
      ? ['AIRWORTHY_NOTIFY_SMTP and AIRWORTHY_NOTIFY_FROM go together: set both, or none.']
      : []),
    ...needFile.map((name) => `${name} reaches nobody without AIRWORTHY_NOTIFY_FILE: set that too.`),
  ];
}

/** How people are told, as the settings say; times in milliseconds. */
export function notifySettingsOf(read: Read) {
  return {
    file: read.AIRWORTHY_NOTIFY_FILE,
    relay: read.AIRWORTHY_NOTIFY_SMTP,
    from: read.AIRWORTHY_NOTIFY_FROM,
    webhookSecrets: words(read.AIRWORTHY_NOTIFY_WEBHOOK_SECRET),
    unreachableAfterMs: elapsedOf(read.AIRWORTHY_NOTIFY_UNREACHABLE_AFTER),
    giveUpAfterMs: elapsedOf(read.AIRWORTHY_NOTIFY_GIVE_UP_AFTER),
    egressAllow: words(read.AIRWORTHY_EGRESS_ALLOW),
    egressPrivate: words(read.AIRWORTHY_EGRESS_PRIVATE),
  };
}

export type NotifySettings = ReturnType<typeof notifySettingsOf>;
