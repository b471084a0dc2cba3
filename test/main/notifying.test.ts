import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { currentSettings, readEnvironment } from '../../src/main/environment.js';
import { createNotifying, linksTo } from '../../src/main/notifying.js';
import { policyId } from '../../src/workflows/messages/policy.js';
import { temporaryFolder } from '../ports/temporary-folder.js';

const SECRET = `whsec_${Buffer.from('a secret of twenty-four').toString('base64')}`;
const mailbox = { keep: async () => undefined };
const linkOf = (key: string) => key;
const notifyingOf = (variables: Record<string, string>) =>
  createNotifying(readEnvironment(variables).notify, mailbox, linkOf);

describe('the settings of notifications', () => {
  it('need none: the mailbox is all', async () => {
    expect(await notifyingOf({})).toBeUndefined();
  });

  it('say how long somebody is tried, what may be called, and which channels there are', async () => {
    const file = join(await temporaryFolder(), 'notify.yaml');
    await writeFile(file, 'people: {gita: {email: gita@bank.example}}');
    const variables = {
      AIRWORTHY_NOTIFY_FILE: file,
      AIRWORTHY_NOTIFY_SMTP: 'smtps://airworthy:secret@mail.bank.example',
      AIRWORTHY_NOTIFY_FROM: 'Airworthy <airworthy@bank.example>',
      AIRWORTHY_NOTIFY_WEBHOOK_SECRET: `${SECRET} ${SECRET}`,
      AIRWORTHY_NOTIFY_UNREACHABLE_AFTER: '30min',
      AIRWORTHY_EGRESS_ALLOW: 'hooks.slack.com *.bank.example',
      AIRWORTHY_EGRESS_PRIVATE: '10.20.0.0/16',
    };
    expect(readEnvironment(variables).notify).toMatchObject({
      webhookSecrets: [SECRET, SECRET],
      egressAllow: ['hooks.slack.com', '*.bank.example'],
      egressPrivate: ['10.20.0.0/16'],
    });
    const notifying = await notifyingOf(variables);
    expect(notifying?.patience).toEqual({ unreachableAfterMs: 1_800_000, giveUpAfterMs: 259_200_000 });
    expect(Object.keys(notifying?.channels ?? {}).sort()).toEqual(['email', 'mailbox', 'slack', 'webhook']);
    expect(await notifying?.preferences.reach('gita', null)).toMatchObject({
      addresses: { email: 'gita@bank.example' },
    });
    const shown = JSON.stringify(currentSettings(variables));
    for (const secret of ['airworthy:secret', SECRET]) expect(shown).not.toContain(secret);
  });

  it('bring no channel that they say nothing of', async () => {
    const notifying = await notifyingOf({ AIRWORTHY_NOTIFY_FILE: 'notify.yaml' });
    expect(Object.keys(notifying?.channels ?? {}).sort()).toEqual(['mailbox', 'slack']);
  });

  it.each([
    [{ AIRWORTHY_NOTIFY_SMTP: 'http://x' }, /^AIRWORTHY_NOTIFY_SMTP: is not an smtp\(s\):\/\/ address\.$/],
    [
      { AIRWORTHY_NOTIFY_FILE: 'f', AIRWORTHY_NOTIFY_SMTP: 'smtp://x' },
      /SMTP and AIRWORTHY_NOTIFY_FROM go together/,
    ],
    [{ AIRWORTHY_NOTIFY_WEBHOOK_SECRET: SECRET }, /reaches nobody without AIRWORTHY_NOTIFY_FILE/],
    [{ AIRWORTHY_NOTIFY_FILE: 'f', AIRWORTHY_NOTIFY_WEBHOOK_SECRET: 'x?' }, /is no secret of a webhook/],
    [{ AIRWORTHY_NOTIFY_FROM: 'nobody' }, /AIRWORTHY_NOTIFY_FROM=nobody: is not an e-mail address/],
    [{ AIRWORTHY_NOTIFY_GIVE_UP_AFTER: 'soon' }, /write elapsed time/],
    [
      { AIRWORTHY_NOTIFY_FILE: 'f', AIRWORTHY_EGRESS_ALLOW: 'https://x' },
      /"https:\/\/x" is no host; write a name/,
    ],
    [
      { AIRWORTHY_NOTIFY_FILE: 'f', AIRWORTHY_EGRESS_PRIVATE: '10.0.0.1' },
      /"10\.0\.0\.1" is no network; write/,
    ],
  ])('refuses %o', async (variables, said) => {
    await expect((async () => notifyingOf(variables))()).rejects.toThrow(said);
  });
});

it('links lead to what it is about', () => {
  const linkTo = linksTo('https://airworthy.bank.example');
  expect(linkTo('kyc-onboarding')).toBe('https://airworthy.bank.example/v1/lifecycles/kyc-onboarding');
  expect(linkTo('policy')).toBe('https://airworthy.bank.example/v1/lifecycles/policy');
  expect(linkTo(policyId('standard', 8))).toBe(
    'https://airworthy.bank.example/v1/operating-models/standard/8',
  );
});
