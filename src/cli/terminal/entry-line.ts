import type { Entry } from '../client/lifecycles.js';
import { eventLine, refusalLine } from '../journey/entry-lines.js';
import { localTime } from './instants.js';
import type { Paint } from './paint.js';

/** A ledger entry for people: when, who, what. */
export function entryLine(entry: Entry, paint: Paint): string {
  const who = entry.by ?? 'machine';
  return `${paint.dim(localTime(entry.at))}  ${who.padEnd(8)}  ${inWords(entry, paint)}`;
}

function inWords(entry: Entry, paint: Paint): string {
  switch (entry.kind) {
    case 'event':
    case 'item':
      return eventLine(entry);
    case 'refusal':
      return paint.bad(`refused: ${refusalLine(entry)}`);
    case 'finding':
      return paint.bad(`found: ${entry.type}`);
    case 'read':
    case 'export':
    case 'policy':
    case 'erasure':
    case 'key':
      return paint.dim(`${entry.kind}: ${entry.type}`);
  }
}
