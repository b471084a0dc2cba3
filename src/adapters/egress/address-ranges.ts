import { BlockList, isIP } from 'node:net';

type Family = 'ipv4' | 'ipv6';

/** Everything that is not a public address: private, of this host, of this link, of tests, of many, or none at all. */
const NOT_PUBLIC: readonly string[] = [
  '0.0.0.0/8',
  '10.0.0.0/8',
  '100.64.0.0/10',
  '127.0.0.0/8',
  '169.254.0.0/16',
  '172.16.0.0/12',
  '192.0.0.0/24',
  '192.0.2.0/24',
  '192.88.99.0/24',
  '192.168.0.0/16',
  '198.18.0.0/15',
  '198.51.100.0/24',
  '203.0.113.0/24',
  '224.0.0.0/3',
];

/** Of IPv6 only what is handed out is public; within it, what carries an IPv4 address or documents. */
const PUBLIC_IPV6 = '2000::/3';
const NOT_PUBLIC_IPV6: readonly string[] = ['2001::/23', '2001:db8::/32', '2002::/16', '3fff::/20'];

const MAPPED = /^::ffff:(?:(\d+\.\d+\.\d+\.\d+)|([0-9a-f]{1,4}):([0-9a-f]{1,4}))$/;

/** A set of networks such as `10.1.0.0/16` or `fd00::/8`; throws RangeError on what is none. */
export function networks(written: readonly string[]): { has(address: string): boolean } {
  const list = new BlockList();
  for (const network of written) {
    const [address = '', bits = ''] = network.split('/');
    const family = familyOf(address);
    const most = family === 'ipv4' ? 32 : 128;
    if (family === undefined || !/^\d{1,3}$/.test(bits) || Number(bits) > most)
      throw new RangeError(`"${network}" is no network; write an address and its bits, such as 10.1.0.0/16`);
    list.addSubnet(address, Number(bits), family);
  }
  return {
    has(address) {
      const plain = unmapped(address);
      const family = familyOf(plain);
      return family !== undefined && list.check(plain, family);
    },
  };
}

const notPublic = networks([...NOT_PUBLIC, ...NOT_PUBLIC_IPV6]);
const publicIpv6 = networks([PUBLIC_IPV6]);

/** Whether an address is one of the open internet. An IPv4 address written as IPv6 is what it stands for. */
export function isPublic(address: string): boolean {
  const plain = unmapped(address);
  const family = familyOf(plain);
  if (family === undefined || notPublic.has(plain)) return false;
  return family === 'ipv4' || publicIpv6.has(plain);
}

/** `127.0.0.1` of `::ffff:7f00:1`; any other address as it is, an IPv6 one in its one spelling. */
function unmapped(address: string): string {
  if (isIP(address) !== 6) return address;
  const spelled = new URL(`http://[${address.split('%')[0]}]`).hostname.slice(1, -1);
  const [, dotted, high, low] = MAPPED.exec(spelled) ?? [];
  if (dotted !== undefined) return dotted;
  if (high === undefined || low === undefined) return spelled;
  const bytes = [high, low].flatMap((group) => {
    const value = Number.parseInt(group, 16);
    return [value >> 8, value & 0xff];
  });
  return bytes.join('.');
}

function familyOf(address: string): Family | undefined {
  const family = isIP(address);
  return family === 4 ? 'ipv4' : family === 6 ? 'ipv6' : undefined;
}
