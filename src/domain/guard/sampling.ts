import type { GuardRules } from './rules.js';

const RANGE = 2 ** 32;

/**
 * Whether a person looks at this case, although nothing speaks against it. The same case is answered the same by every
 * instance and however often it is asked, so that asking again never gets around it.
 */
export function isSampled({ spec, sample }: Pick<GuardRules, 'spec' | 'sample'>, reference: string): boolean {
  return sample > 0 && hash(`${spec}\n${reference}`) / RANGE < sample;
}

/** FNV-1a with the finish of MurmurHash3, which spreads what differs in the last character over all bits. */
function hash(text: string): number {
  let mixed = 0x81_1c_9d_c5;
  for (let at = 0; at < text.length; at++) {
    mixed = Math.imul(mixed ^ text.charCodeAt(at), 0x01_00_01_93);
  }
  mixed = Math.imul(mixed ^ (mixed >>> 16), 0x85_eb_ca_6b);
  mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2_b2_ae_35);
  return (mixed ^ (mixed >>> 16)) >>> 0;
}
