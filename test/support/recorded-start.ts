import { digestOf } from '../../src/domain/digest.js';
import { type StartInput, type Starting, startDocument } from '../../src/domain/lifecycle/start-input.js';

/** A start with the digest that its stored document has. */
export function recordedStart(starting: Starting): StartInput {
  return { ...starting, recordedAs: digestOf(startDocument(starting).document) };
}
