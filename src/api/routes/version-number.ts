import { Problem } from '../problem.js';

/** The number of a version in an address. Throws `Problem` for anything else. */
export function numberOf(version: string): number {
  if (/^[1-9]\d{0,5}$/.test(version)) return Number(version);
  throw new Problem('not-found', `"${version.slice(0, 20)}" is no version; write its number, such as 1`);
}
