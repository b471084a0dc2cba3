import { Problem } from '../problem.js';

/** Name and version in an address; throws `Problem` where no model could be called that. */
export function versionOf({ name, version }: { readonly name: string; readonly version: string }) {
  if (/^[A-Za-z0-9-]{1,48}$/.test(name) && /^[1-9]\d{0,8}$/.test(version)) {
    return { name, version: Number(version) };
  }
  throw new Problem('not-found', 'there is no operating model of such a name and version; check both');
}
