/** What targets that keep no journal of their own are made to promise: from the last effect they show, and nothing else. */
import { canonicalForm } from '../../domain/digest.js';
import type { Allocation } from '../../domain/release/allocation.js';
import { type AllocationRequest, EffectRefused, StaleFence } from '../../ports/release-target.js';
import { allocationForm } from '../target-protocol.js';

/** Throws `EffectRefused` for an allocation that no target could serve, such as one of more than everything. */
export function requirePossible({ effectKey, allocation }: AllocationRequest): void {
  const { error } = allocationForm.safeParse(allocation);
  if (error) throw new EffectRefused(`${effectKey} makes no sense: ${error.issues[0]?.message}`);
}

/**
 * Whether a request is the effect that stands there already. Throws `StaleFence` for one that something later has
 * overtaken, and `EffectRefused` for the key of another allocation.
 */
export function isRepetition(
  request: AllocationRequest,
  last: { readonly effectKey: string; readonly fence: number; readonly allocation: Allocation } | undefined,
): boolean {
  if (last === undefined) return false;
  if (last.effectKey === request.effectKey) {
    const same = canonicalForm(last.allocation) === canonicalForm(request.allocation);
    if (same && last.fence === request.fence) return true;
    throw new EffectRefused(`the effect key ${request.effectKey} was used for another allocation`);
  }
  // An equal fence under another key is behind too: whoever asked goes on with a higher one.
  if (request.fence <= last.fence) throw new StaleFence(request.fence, last.fence);
  return false;
}

const PLAIN = /^[A-Za-z0-9_-]$/;

/** A key as part of names, tags and paths of any system: what is neither letter, digit, - nor _ becomes its bytes. */
export function plain(key: string): string {
  const bytes = new TextEncoder().encode(key);
  return Array.from(bytes, (byte) => {
    const char = String.fromCharCode(byte);
    return PLAIN.test(char) ? char : `.${byte.toString(16).padStart(2, '0')}`;
  }).join('');
}

/** A name with the lifecycle's key put in. */
export const nameFor = (template: string, lifecycle: string): string =>
  template.replaceAll('$lifecycle', () => plain(lifecycle));
