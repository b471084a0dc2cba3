import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { createPreferencesFile } from '../../../src/adapters/notify/preferences-file.js';
import { PreferencesUnavailable } from '../../../src/ports/channel.js';
import { temporaryFolder } from '../../ports/temporary-folder.js';

const FILE = `
calendars:
  office:
    version: "2026.1"
    zone: Asia/Kolkata
    week: {mon: ["09:30-18:30"], tue: ["09:30-18:30"]}
    validThrough: 2028-12-31
everybody: {digest: 10min, hours: office}
teams:
  tax-filing: {slack: "https://hooks.slack.com/services/T/B/x", digest: 30min}
people:
  gita: {email: gita@bank.example, digest: none, hours: always}
  hari: {webhook: "https://hooks.bank.example/hari", mailbox: true}
`;

async function written(text: string) {
  const path = join(await temporaryFolder(), 'notify.yaml');
  await writeFile(path, text);
  return { path, preferences: createPreferencesFile(path) };
}

it('says how somebody is reached: their own line before their team’s, and that before everybody’s', async () => {
  const { preferences } = await written(FILE);
  expect(await preferences.reach('gita', 'tax-filing')).toEqual({
    addresses: { email: 'gita@bank.example', slack: 'https://hooks.slack.com/services/T/B/x' },
    digestMs: 0,
    hours: null,
  });
  expect(await preferences.reach('hari', 'tax-filing')).toMatchObject({
    addresses: { webhook: 'https://hooks.bank.example/hari', mailbox: 'mailbox' },
    digestMs: 1_800_000,
    hours: { id: 'office', zone: 'Asia/Kolkata' },
  });
  expect(await preferences.reach('nobody', null)).toMatchObject({ addresses: {}, digestMs: 600_000 });
});

it('is read again when it was written to', async () => {
  const { path, preferences } = await written(FILE);
  await preferences.reach('gita', null);
  await writeFile(path, FILE.replace('gita@bank.example', 'gita.c@bank.example'));
  expect(await preferences.reach('gita', null)).toMatchObject({
    addresses: { email: 'gita.c@bank.example' },
  });
});

it.each([
  ['people: {gita: {email: "gita at bank"}}', /people\.gita\.email write an e-mail address/],
  ['people: {gita: {hours: nights}}', /there is no calendar "nights"; add it under calendars/],
  ['people: {gita: {digest: often}}', /write "none", or elapsed time/],
  ['everybody: {email: all@bank.example}', /unknown field "email"/],
  ['people: [', /is not valid YAML/],
])('is unavailable where it says %s', async (text, said) => {
  const { preferences } = await written(text);
  const reaching = preferences.reach('gita', null);
  await expect(reaching).rejects.toThrow(PreferencesUnavailable);
  await expect(reaching).rejects.toThrow(said);
});

it('is unavailable where it is missing, and never quotes an address', async () => {
  await expect(createPreferencesFile('/nowhere/notify.yaml').reach('gita', null)).rejects.toThrow(/ENOENT/);
  const { preferences } = await written('people: {gita: {email: "x", "gita@bank.example": 1}}');
  const error: unknown = await preferences.reach('gita', null).catch((failed: unknown) => failed);
  expect(String(error)).not.toContain('gita@bank');
});
