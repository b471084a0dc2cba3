import { MockActivityEnvironment } from '@temporalio/testing';
import { DefaultLogger } from '@temporalio/worker';
import { describe, expect, it } from 'vitest';
import { createTell, type TellDependencies } from '../../src/activities/tell.js';
import {
  AddressRefused,
  type Channel,
  ChannelUnavailable,
  type Message,
  type MessageItem,
  type Reach,
} from '../../src/ports/channel.js';
import type { Gathered } from '../../src/workflows/messages/notices.js';
import { mumbai } from '../domain/calendar/calendars.js';

const HOUR = 3_600_000;
const item = (n: number, kind: MessageItem['kind'] = 'request'): MessageItem => ({
  lifecycle: 'kyc',
  title: 'KYC',
  notice: `kyc/n${n}`,
  kind,
  gate: 'readiness',
  seats: [],
  due: null,
  dueLocal: null,
});
const asked = (...items: MessageItem[]) => ({
  person: 'gita.c',
  team: 'brokers',
  items,
  patience: { unreachableAfterMs: HOUR, giveUpAfterMs: 72 * HOUR },
});

function telling(reach: Partial<Reach>, fail?: Error, active = true) {
  const sent: { message: Message; address: string }[] = [];
  const joined: Gathered[] = [];
  const channel: Channel = {
    async send(message, address) {
      if (fail) throw fail;
      sent.push({ message, address });
    },
  };
  const dependencies: TellDependencies = {
    directory: {
      person: async (id) =>
        id === 'gita.c' ? { id, name: 'Gita', functions: [], teams: [], roles: [], active } : undefined,
    },
    preferences: { reach: async () => ({ addresses: {}, digestMs: 0, hours: null, ...reach }) },
    channels: { email: channel, slack: channel },
    join: async (gathered) => void joined.push(gathered),
  };
  const tell = createTell(dependencies);
  const inActivity = (attempt = 1) =>
    new MockActivityEnvironment({ attempt }, { logger: new DefaultLogger('ERROR') });
  return { ...tell, sent, joined, inActivity };
}

describe('the route of a notice', () => {
  const addresses = { email: 'gita@bank.example', webhook: 'https://x', slack: 'https://y' };
  const now = 1_000;

  it('is every channel that there is an address and an adapter for', async () => {
    const { routeNotice } = telling({ addresses });
    expect(await routeNotice({ ...asked(item(1)), mayWait: true, now })).toEqual({
      over: ['email', 'slack'],
    });
  });

  it.each([
    ['has left', false, 'gita.c'],
    ['nobody knows', true, 'nobody'],
  ])('is none for somebody who %s', async (_what, active, person) => {
    const { routeNotice } = telling({ addresses }, undefined, active);
    expect(await routeNotice({ ...asked(item(1)), person, mayWait: true, now })).toEqual({ over: [] });
  });

  it('leads through the digest of whoever has one, once, and not for what is urgent', async () => {
    const { routeNotice, joined } = telling({ addresses, digestMs: HOUR });
    const routing = { mayWait: true, now };
    expect(await routeNotice({ ...asked(item(1)), ...routing })).toBe('gathered');
    expect(joined).toEqual([{ item: item(1), at: now + HOUR }]);
    expect(await routeNotice({ ...asked(item(2, 'hold')), ...routing })).toMatchObject({
      over: ['email', 'slack'],
    });
    expect(await routeNotice({ ...asked(item(1)), ...routing, mayWait: false })).toMatchObject({
      over: ['email', 'slack'],
    });
    expect(joined).toHaveLength(1);
  });

  it('waits for the hours, but not for somebody who cannot be reached anyway', async () => {
    const night = mumbai.validFrom + 1;
    const quiet = telling({ addresses, hours: mumbai });
    expect(await quiet.routeNotice({ ...asked(item(1)), mayWait: true, now: night })).toBe('gathered');
    const unknown = telling({ hours: mumbai });
    expect(await unknown.routeNotice({ ...asked(item(1)), mayWait: true, now: night })).toEqual({ over: [] });
  });
});

describe('sending', () => {
  const addresses = { email: 'gita@bank.example' };

  it('is under one key by notice, person and channel; of several, by all of them', async () => {
    const { sendMessage, sent, inActivity } = telling({ addresses });
    const send = (...items: MessageItem[]) =>
      inActivity().run(sendMessage, { ...asked(...items), channel: 'email' as const });
    await send(item(1));
    await send(item(1), item(2));
    await send(item(1), item(2));
    await send(item(1), item(3));
    const [one, two, again, other] = sent.map(({ message }) => message.key);
    expect(one).toBe('kyc/n1/gita%2Ec/email');
    expect(two).toMatch(/^digest-[0-9a-f]{32}\/gita%2Ec\/email$/);
    expect(again).toBe(two);
    expect(other).not.toBe(two);
    expect(sent[0]?.address).toBe('gita@bank.example');
  });

  it('is refused where there is no address any more', async () => {
    const { sendMessage, inActivity } = telling({});
    const sending = inActivity().run(sendMessage, { ...asked(item(1)), channel: 'email' as const });
    await expect(sending).rejects.toMatchObject({ type: 'AddressRefused', nonRetryable: false });
  });

  it('fails as the channel does', async () => {
    const { sendMessage, inActivity } = telling({ addresses }, new AddressRefused('answered 410'));
    const sending = inActivity().run(sendMessage, { ...asked(item(1)), channel: 'email' as const });
    await expect(sending).rejects.toThrow(AddressRefused);
  });

  it.each([
    [7_000, 1, 7_000],
    [1_000, 5, 32_000],
    [1_000, 40, 600_000],
    [24 * HOUR, 1, HOUR],
  ])(
    'leaves a service alone that asks for %i ms at attempt %i for %i ms',
    async (askedMs, attempt, pause) => {
      const { sendMessage, inActivity } = telling(
        { addresses },
        new ChannelUnavailable('answered 429', askedMs),
      );
      const sending = inActivity(attempt).run(sendMessage, { ...asked(item(1)), channel: 'email' as const });
      await expect(sending).rejects.toMatchObject({ type: 'ChannelUnavailable', nextRetryDelay: pause });
    },
  );
});
