import { deepStrictEqual } from 'node:assert';
import type { Json } from '../../../src/domain/json.js';
import { fold } from '../../../src/domain/lifecycle/fold.js';
import { readStart, startDocument } from '../../../src/domain/lifecycle/start-input.js';
import type { Story } from './story.js';

/** What JSON carries of a value, as it comes back from a store. */
function stored<T>(value: T): T {
  return JSON.parse(JSON.stringify(value)) as T;
}

/** What is stored of a story, its start document, its model and its events, leads to its state again. */
export function checkFold({ start, recorded, state }: Story): void {
  const { document, model } = startDocument(start);
  const again = fold(readStart(stored<Json>(document), stored<Json>(model)), stored(recorded));
  deepStrictEqual(again, state, 'the fold of everything recorded is the state');
}
