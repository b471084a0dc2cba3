import type { CommandBody } from '../../contracts/commands.js';
import type { Payloads } from '../../domain/commands/payloads.js';
import type { IntakeContext } from './context.js';

/** A change brings the newest version of the lifecycle's model with it, where that is newer than what rules. */
export async function openChange(
  { reason: text, ...change }: CommandBody<'open-change'>,
  { actor, documents, view, published }: IntakeContext,
): Promise<Payloads['open-change']> {
  const [{ model: pinned }, reason] = await Promise.all([
    view(),
    documents.put({ text }, { subject: actor.person }),
  ]);
  const newest = await published(pinned.name);
  const newer = newest.version > pinned.version ? { model: newest } : {};
  return { ...change, ...newer, reason };
}

/** The version that is named, as it was published. */
export async function acceptMigration(
  { version }: CommandBody<'accept-migration'>,
  { view, published }: IntakeContext,
): Promise<Payloads['accept-migration']> {
  const { model: pinned } = await view();
  return { model: await published(pinned.name, version) };
}
