import type { CommandBody } from '../../contracts/commands.js';
import type { Payloads } from '../../domain/commands/payloads.js';
import type { IntakeContext } from './context.js';

/** Stores what a release is made of. What limits going back from it or to it is part of what is approved. */
export async function registerRelease(
  { digests, changedSections, irreversible, vendorUntil }: CommandBody<'register-release'>,
  { documents }: IntakeContext,
): Promise<Payloads['register-release']> {
  const limits = {
    ...(irreversible ? { irreversible } : {}),
    ...(vendorUntil === undefined ? {} : { vendorUntil }),
  };
  return {
    release: await documents.put({ ...digests, ...limits }),
    changedSections,
    ...(irreversible ? { irreversible } : {}),
    ...(vendorUntil === undefined ? {} : { vendorUntil: Date.parse(vendorUntil) }),
  };
}
