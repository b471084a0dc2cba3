import type { Digest } from '../../domain/digest.js';
import type { Json } from '../../domain/json.js';
import type { Starting } from '../../domain/lifecycle/start-input.js';
import type { Api } from '../deps.js';
import { Problem } from '../problem.js';
import type { Told } from './of-type.js';

/** Where the recorded things of a lifecycle are found. */
export type RecordSources = Pick<Api, 'readModel' | 'documents'>;

/** A document that has to be there, because the ledger names it. Throws `Problem` and what the store throws. */
export async function documentOf({ documents }: RecordSources, digest: Digest): Promise<Json> {
  const document = await documents.get(digest);
  if (document !== undefined) return document;
  throw new Problem('documents-unavailable', `${digest} is not in the document store; tell an operator`);
}

/** What a pilot brought with its start; undefined for a governed lifecycle. Throws what the store throws. */
export async function declaredBy(
  sources: RecordSources,
  { mode, start, at }: Told<'LifecycleStarted'>,
): Promise<(NonNullable<Starting['pilot']> & { readonly by: string; readonly at: number }) | undefined> {
  if (mode !== 'pilot') return undefined;
  const { pilot, actor } = (await documentOf(sources, start)) as unknown as Starting;
  return pilot === null ? undefined : { ...pilot, by: actor.person, at };
}
