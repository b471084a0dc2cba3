import { digestOf } from '../../../src/domain/digest.js';
import type { Json } from '../../../src/domain/json.js';
import { startDocument } from '../../../src/domain/lifecycle/start-input.js';
import type { LedgerEntry } from '../../../src/ports/ledger.js';
import { finish } from '../../support/decider/finish.js';
import { Story } from '../../support/decider/story.js';
import { ist } from '../../support/decider/time.js';
import { BY_COMMAND, kyc, kycComplete, low, pilot, tax } from '../../support/decider/use-cases.js';
import { move, newTally } from '../../support/decider/walk.js';
import type { MemoryDocuments } from '../../support/memory-documents.js';

const START = ist('2026-09-01 10:00');
const STARTS = [
  (key: string) => kyc({ key }),
  (key: string) => kycComplete({ key, title: `Onboarding 100% of ${key}` }),
  (key: string) => tax({ key }),
  (key: string) => low({ key }),
  (key: string) => pilot(START, { key }),
  (key: string) => tax({ key, model: BY_COMMAND }),
] as const;

/** A lifecycle led by chance, and everything that the ledger would hold of it. */
export interface Walked {
  readonly story: Story;
  readonly entries: readonly LedgerEntry[];
}

/** Random people until there are `atLeast` events or it is over; every fifth is brought live or to its end. */
export function walked(n: number, atLeast: number): Walked {
  const start = STARTS[n % STARTS.length] ?? STARTS[0];
  const story = new Story(start(`walk-${String(n).padStart(4, '0')}`), START);
  for (let moves = 1; story.recorded.length < atLeast && story.state.stage !== 'retired'; moves++) {
    move(story, n * 1_000_003 + moves * 7_919, newTally());
  }
  if (n % 5 === 0) finish(story);
  return { story, entries: entriesOf(story) };
}

function entriesOf({ recorded, start: { key } }: Story): LedgerEntry[] {
  return recorded.map(({ at, event: { type, ...data } }, index) => ({
    id: `lifecycle/${key}/${index + 1}`,
    lifecycle: key,
    kind: 'event',
    seq: index + 1,
    at,
    type,
    by: 'asha',
    command: null,
    data: data as Json,
  }));
}

/** Stores what a lifecycle began from. */
export async function putStart(documents: MemoryDocuments, { start }: Story): Promise<void> {
  const { document, model } = startDocument(start);
  for (const part of [document, model]) {
    documents.stored.set(digestOf(part), { document: JSON.parse(JSON.stringify(part)) as Json, filing: {} });
  }
}
