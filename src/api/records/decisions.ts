import type { DecisionItem } from '../../contracts/decisions.js';
import { type Doubt, doubtOfProven, type Proven } from '../../contracts/proof/proof.js';
import type { PlacedEntry } from '../../ports/ledger.js';
import type { Signer } from '../../ports/signer.js';
import { certificateEnvelope, provenOfEntry, statementEnvelope } from './dsse.js';
import { type Told, told } from './of-type.js';
import type { RecordSources } from './sources.js';

/** A page of the decisions of a lifecycle with what proves them, oldest first, behind the position `after`. */
export async function decisionsPage(
  { readModel, signer }: Pick<RecordSources, 'readModel'> & { readonly signer?: Signer },
  key: string,
  after: number,
  limit: number,
): Promise<{ readonly items: readonly DecisionItem[]; readonly nextCursor: string | null }> {
  const found = await readModel.entriesOfType(key, ['DecisionRecorded'], after, limit + 1);
  const roots = (await signer?.knownRoots()) ?? [];
  const shown = found.slice(0, limit);
  return {
    items: shown.map((entry) => itemOf(entry, roots)),
    nextCursor: found.length > limit ? String(shown.at(-1)?.position) : null,
  };
}

function itemOf(entry: PlacedEntry, roots: readonly string[]): DecisionItem {
  const recorded = told<'DecisionRecorded'>(entry);
  const { gate, decision, at } = recorded;
  const proven = provenOfEntry(entry.data);
  return {
    entry: entry.id,
    at,
    gate,
    person: decision.person,
    decision: decision.decision,
    doubt: doubtOf(entry, recorded, proven, roots) ?? null,
    envelope: proven ? statementEnvelope(proven) : null,
    certificate: proven ? certificateEnvelope(proven.certificate) : null,
  };
}

/** What speaks against it: whoever writes the ledger could have put a proof of something else beside an entry. */
function doubtOf(
  { lifecycle, command, at }: PlacedEntry,
  { gate, decision }: Told<'DecisionRecorded'>,
  proven: Proven | undefined,
  roots: readonly string[],
): Doubt | undefined {
  if (proven === undefined) return 'unsigned';
  const { predicate } = proven.statement;
  const { person } = predicate['actor'] as { readonly person?: unknown };
  const answer = predicate['answer'] as { readonly gate?: unknown; readonly decision?: unknown } | undefined;
  // A first key is turned by another command, which approves nothing else than itself.
  const answered = command === 'decide' ? answer : { gate, decision: 'approve' };
  const same =
    predicate['lifecycle'] === lifecycle &&
    predicate['command'] === command &&
    person === decision.person &&
    answered?.gate === gate &&
    answered.decision === decision.decision;
  return same ? doubtOfProven(proven, roots, at) : 'another-statement';
}
