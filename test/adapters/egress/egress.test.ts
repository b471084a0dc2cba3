import type { LookupAddress } from 'node:dns';
import { describe, expect, it, onTestFinished } from 'vitest';
import { isPublic, networks } from '../../../src/adapters/egress/address-ranges.js';
import { createEgress, EgressRefused, EgressUnresolved } from '../../../src/adapters/egress/egress.js';
import { post } from '../../../src/adapters/egress/post.js';
import { startWebhookService } from '../../support/message-services.js';

const found = (...addresses: string[]): LookupAddress[] =>
  addresses.map((address) => ({ address, family: address.includes(':') ? 6 : 4 }));

const names = (table: Readonly<Record<string, readonly string[]>>) => async (host: string) => {
  const addresses = table[host];
  if (addresses === undefined) throw Object.assign(new Error('no such name'), { code: 'ENOTFOUND' });
  return found(...addresses);
};

describe('an address', () => {
  it.each([
    '0.0.0.0',
    '10.1.2.3',
    '100.64.0.1',
    '127.0.0.1',
    '127.255.255.254',
    '169.254.169.254',
    '172.16.0.1',
    '172.31.255.255',
    '192.168.1.1',
    '198.18.0.1',
    '203.0.113.7',
    '224.0.0.1',
    '255.255.255.255',
    '::',
    '::1',
    '::ffff:127.0.0.1',
    '::ffff:7f00:1',
    '0:0:0:0:0:ffff:a9fe:a9fe',
    '::127.0.0.1',
    '64:ff9b::7f00:1',
    '2002:7f00:1::',
    '2001::1',
    '2001:db8::1',
    'fc00::1',
    'fd12:3456::1',
    'fe80::1',
    'fe80::1%eth0',
    'fec0::1',
    'ff02::1',
    'no address',
  ])('%s is not public', (address) => {
    expect(isPublic(address)).toBe(false);
  });

  it.each(['1.1.1.1', '172.32.0.1', '100.128.0.1', '::ffff:1.1.1.1', '2606:4700:4700::1111'])(
    '%s is public',
    (address) => {
      expect(isPublic(address)).toBe(true);
    },
  );

  it('lies in a network however it is spelled', () => {
    const loopback = networks(['127.0.0.0/8', 'fd00::/8']);
    for (const address of ['127.0.0.1', '::ffff:127.0.0.1', 'fd00:0:0::1'])
      expect(loopback.has(address)).toBe(true);
    for (const address of ['128.0.0.1', '::1', 'fe80::1']) expect(loopback.has(address)).toBe(false);
  });

  it.each(['127.0.0.1', '127.0.0.0/33', 'localhost/8', '10.0.0.0/', ''])('"%s" is no network', (written) => {
    expect(() => networks([written])).toThrow(/is no network; write/);
  });
});

describe('egress', () => {
  const lookup = names({
    'hooks.slack.com': ['1.1.1.1', '2606:4700:4700::1111'],
    'inside.bank.example': ['10.20.0.5'],
    'half.bank.example': ['1.1.1.1', '127.0.0.1'],
    'mapped.bank.example': ['::ffff:10.0.0.1'],
    'empty.bank.example': [],
    'bank.example': ['1.1.1.1'],
  });
  const egress = (privateNetworks: readonly string[] = []) =>
    createEgress({ allow: ['hooks.slack.com:443', '*.bank.example', '127.0.0.1'], privateNetworks, lookup });

  it('takes the first address of a host that is allowed, and only that', async () => {
    expect(await egress().pin('Hooks.Slack.com.', 443)).toEqual({
      host: 'hooks.slack.com',
      port: 443,
      address: '1.1.1.1',
      family: 4,
      inside: false,
    });
  });

  it.each([
    ['hooks.slack.com', 8443],
    ['slack.com', 443],
    ['evil-hooks.slack.com', 443],
    ['bank.example', 443],
    ['notbank.example', 443],
    ['1.1.1.1', 443],
  ])('refuses %s:%i, which nobody allowed', async (host, port) => {
    await expect(egress().pin(host, port)).rejects.toThrow(EgressRefused);
  });

  it.each(['inside.bank.example', 'half.bank.example', 'mapped.bank.example', '127.0.0.1'])(
    'refuses %s, which leads inside',
    async (host) => {
      await expect(egress().pin(host, 443)).rejects.toThrow(/private network/);
    },
  );

  it('takes what leads into a network that was allowed, and knows it', async () => {
    const pinned = await egress(['10.20.0.0/16']).pin('inside.bank.example', 25);
    expect(pinned).toMatchObject({ address: '10.20.0.5', inside: true });
    await expect(egress(['10.20.0.0/16']).pin('mapped.bank.example', 25)).rejects.toThrow(EgressRefused);
  });

  it.each(['away.bank.example', 'empty.bank.example'])('blocks %s, which has no address', async (host) => {
    await expect(egress().pin(host, 443)).rejects.toThrow(EgressUnresolved);
  });

  it.each(['https://x', 'a b', '*', ''])('takes "%s" for no host', (allow) => {
    expect(() => createEgress({ allow: [allow], privateNetworks: [] })).toThrow(/is no host; write/);
  });
});

describe('a post', () => {
  const content = { headers: {}, body: '{}', timeoutMs: 500 };

  async function serviceAnd(redirectTo?: string) {
    const service = await startWebhookService(redirectTo);
    onTestFinished(() => service.close());
    const asked: string[] = [];
    const egress = createEgress({
      allow: ['named.example', '127.0.0.1', '[::1]'],
      privateNetworks: ['127.0.0.0/8'],
      lookup: async (host) => {
        asked.push(host);
        // Whoever asks a second time is led elsewhere.
        return found(asked.length === 1 ? '127.0.0.1' : '10.0.0.1');
      },
    });
    return { service, egress, asked, url: `http://named.example:${service.port}/hook` };
  }

  it('goes to the address that was looked at: the name is resolved once', async () => {
    const { service, egress, asked, url } = await serviceAnd();
    expect(await post(egress, { ...content, url })).toEqual({ status: 204, retryAfterMs: null });
    expect(service.received[0]?.headers['host']).toBe(`named.example:${service.port}`);
    expect(asked).toEqual(['named.example']);
  });

  it('does not follow a redirect, wherever it leads', async () => {
    const secret = await startWebhookService();
    onTestFinished(() => secret.close());
    const { service, egress, url } = await serviceAnd(`http://127.0.0.1:${secret.port}/secret`);
    service.mood = 'redirects';
    expect(await post(egress, { ...content, url })).toMatchObject({ status: 302 });
    expect(secret.calls).toBe(0);
  });

  it.each([
    ['http://1.1.1.1/', /not allowed/],
    ['http://[::1]/', /private network/],
    ['http://[::ffff:7f00:1]/', /not allowed/],
    ['ftp://127.0.0.1/', /no http/],
    ['http://user:password@127.0.0.1/', /password in it/],
    ['no address', /no http/],
  ])('to %s is refused', async (url, said) => {
    const { egress } = await serviceAnd();
    const posting = post(egress, { ...content, url });
    await expect(posting).rejects.toThrow(EgressRefused);
    await expect(posting).rejects.toThrow(said);
  });

  it('knows a loopback address however it is written', async () => {
    const { service, egress } = await serviceAnd();
    for (const host of ['0x7f.1', '2130706433', '127.1'])
      expect(await post(egress, { ...content, url: `http://${host}:${service.port}/` })).toMatchObject({
        status: 204,
      });
    const outside = createEgress({ allow: ['127.0.0.1'], privateNetworks: [] });
    await expect(post(outside, { ...content, url: `http://2130706433:${service.port}/` })).rejects.toThrow(
      /private network/,
    );
    expect(service.calls).toBe(3);
  });

  it('outside of allowed networks is encrypted or refused', async () => {
    const egress = createEgress({
      allow: ['plain.example'],
      privateNetworks: [],
      lookup: async () => found('1.1.1.1'),
    });
    await expect(post(egress, { ...content, url: 'http://plain.example/' })).rejects.toThrow(/only https/);
  });

  it('gives up in time, and when told to', async () => {
    const { service, egress, url } = await serviceAnd();
    service.mood = 'hangs';
    await expect(post(egress, { ...content, url })).rejects.toThrow(/timeout/i);
    const stop = AbortSignal.abort(new Error('enough'));
    await expect(
      post(egress, { ...content, url: `http://127.0.0.1:${service.port}/`, signal: stop }),
    ).rejects.toThrow('enough');
  });
});
