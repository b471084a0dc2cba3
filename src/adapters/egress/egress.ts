/**
 * The one way out to addresses that people or files name: only to hosts that are allowed, and only to the address that
 * was looked at. A name that resolves to something inside is refused whoever asks, unless that network is allowed.
 */
import type { LookupAddress } from 'node:dns';
import { lookup as systemLookup } from 'node:dns/promises';
import { isIP } from 'node:net';
import { isPublic, networks } from './address-ranges.js';

export interface EgressSettings {
  /** Hosts that may be called: `hooks.slack.com`, `*.bank.example`, or with a port, `127.0.0.1:8025`. */
  readonly allow: readonly string[];
  /** Networks that may be called although they are not public, without encryption too: `127.0.0.0/8`. */
  readonly privateNetworks: readonly string[];
  /** All addresses of a name; the system's own resolver unless given. */
  readonly lookup?: (host: string) => Promise<readonly LookupAddress[]>;
}

/** A host with the one address to use for it. */
export interface Pinned {
  /** The name, for the certificate and the `Host` header. */
  readonly host: string;
  readonly port: number;
  readonly address: string;
  readonly family: 4 | 6;
  /** Whether it lies in a network that was allowed, where encryption is not insisted on. */
  readonly inside: boolean;
}

export interface Egress {
  /** Throws `EgressRefused`, and `EgressUnresolved` where the name has no address now. */
  pin(host: string, port: number): Promise<Pinned>;
}

/** Nothing was sent: the address is not one that may be called. */
export class EgressRefused extends Error {
  override readonly name = 'EgressRefused';
  readonly code = 'egress-refused';
}

/** Nothing was sent: nobody can say now where the name leads. */
export class EgressUnresolved extends Error {
  override readonly name = 'EgressUnresolved';
  readonly code = 'egress-unresolved';
}

/** Throws RangeError where a setting is none. Messages name no host: they travel to where addresses must not. */
export function createEgress({ allow, privateNetworks, lookup = everyAddress }: EgressSettings): Egress {
  const allowed = allow.map(ruleOf);
  const inside = networks(privateNetworks);

  const check = ({ address, family }: LookupAddress): { address: string; family: 4 | 6; inside: boolean } => {
    const isInside = inside.has(address);
    if (!isInside && !isPublic(address)) throw new EgressRefused('the name leads into a private network');
    return { address, family: family === 6 ? 6 : 4, inside: isInside };
  };

  return {
    async pin(written, port) {
      const host = nameOf(written);
      if (!allowed.some((fits) => fits(host, port))) throw new EgressRefused('the host is not allowed');
      const family = isIP(host);
      const found = family === 0 ? await resolved(lookup, host) : [{ address: host, family }];
      // All of them: a name that also leads inside is a way inside.
      const [first] = found.map(check);
      if (first === undefined) throw new EgressUnresolved('the name has no address');
      return { host, port, ...first };
    },
  };
}

const everyAddress = (host: string) => systemLookup(host, { all: true });

async function resolved(
  lookup: (host: string) => Promise<readonly LookupAddress[]>,
  host: string,
): Promise<readonly LookupAddress[]> {
  try {
    return await lookup(host);
  } catch {
    throw new EgressUnresolved('the name cannot be resolved');
  }
}

/** A host as rules and resolvers take it: lower case, no brackets, no closing dot. */
function nameOf(host: string): string {
  return host
    .toLowerCase()
    .replace(/^\[(.*)\]$/, '$1')
    .replace(/\.$/, '');
}

const RULE = /^(\*\.)?(\[[0-9a-f:.]+\]|[0-9a-z_-]+(?:\.[0-9a-z_-]+)*)(?::(\d{1,5}))?$/;

function ruleOf(written: string): (host: string, port: number) => boolean {
  const [, anyBelow, name = '', port] = RULE.exec(written.toLowerCase()) ?? [];
  if (name === '')
    throw new RangeError(`"${written}" is no host; write a name such as hooks.slack.com or *.bank.example`);
  const wanted = nameOf(name);
  return (host, asked) => {
    if (port !== undefined && Number(port) !== asked) return false;
    return anyBelow === undefined ? host === wanted : host.endsWith(`.${wanted}`);
  };
}
