import { createModelFolder } from '../../src/adapters/model-folder.js';
import { createPeopleFile } from '../../src/adapters/people-file.js';
import { actorIn } from '../../src/api/authorize.js';
import { resolveStart } from '../../src/api/start/resolve-start.js';
import { startForm } from '../../src/contracts/start.js';
import type { Actor } from '../../src/domain/lifecycle/actor.js';
import { type StartInput, startDocument } from '../../src/domain/lifecycle/start-input.js';
import type { PersonId } from '../../src/domain/vocabulary.js';
import { inCheckout } from '../../src/main/checkout.js';
import { MemoryDocuments } from '../../test/support/memory-documents.js';
import { pilotBody } from './pilot.js';

/** The people file of the benchmark's team. */
export const PEOPLE = inCheckout('bench', 'ours', 'people.yaml');

/** What lifecycles that are started without the API begin from: the worker folds their lists from it. */
export const documents = new MemoryDocuments();

/** What the API would make of the pilot's body, and of its people. */
export async function resolvePilot(): Promise<{ start: StartInput; actors: ReadonlyMap<PersonId, Actor> }> {
  const directory = createPeopleFile(PEOPLE);
  const people = await directory.members('bench');
  const starter = people.find(({ id }) => id === 'builder');
  if (starter === undefined) throw new Error(`${PEOPLE} has no builder`);
  const models = createModelFolder(inCheckout('operating-models'));
  const body = startForm.parse(pilotBody('any'));
  const start = await resolveStart(body, starter, { directory, documents, models, trust: 'dev' });
  return { start, actors: new Map(people.map((person) => [person.id, actorIn(person, 'bench')])) };
}

/** The same start under another key, recorded as the API does. */
export async function startedAs(start: StartInput, key: string): Promise<StartInput> {
  const keyed = { ...start, key };
  return { ...keyed, recordedAs: await documents.put(startDocument(keyed).document) };
}
