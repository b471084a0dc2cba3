/** Whether an address is safe from those who listen in between, or leads to this machine. */
export function isSecure(address: URL): boolean {
  return (
    address.protocol === 'https:' ||
    (address.protocol === 'http:' && ['localhost', '127.0.0.1', '[::1]'].includes(address.hostname))
  );
}
