import { createEgress, type Egress } from './egress.js';

const THIS_MACHINE: Readonly<Record<string, readonly string[]>> = {
  '127.0.0.1': ['127.0.0.1/32'],
  '[::1]': ['::1/128'],
  localhost: ['127.0.0.1/32', '::1/128'],
};

/**
 * The way out to the one host and port of an address that whoever operates the system wrote down. Naming this machine
 * itself allows it; any other private network has to be allowed. Throws RangeError where a network is none.
 */
export function createOwnEgress(url: string, privateNetworks: readonly string[]): Egress {
  const { hostname, port, protocol } = new URL(url);
  const at = port === '' ? (protocol === 'https:' ? '443' : '80') : port;
  return createEgress({
    allow: [`${hostname}:${at}`],
    privateNetworks: [...privateNetworks, ...(THIS_MACHINE[hostname] ?? [])],
  });
}
