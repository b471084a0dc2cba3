import type { Finding } from './checks.js';
import type { Verdict } from './verifier.js';

/** Findings shown to people; the machine-readable verdict has all. */
const SHOWN = 20;

/** A verdict for people, a line each: first whether it holds, then the first bad row, then what was seen. */
export function verdictLines(verdict: Verdict): readonly string[] {
  const { ok, findings, gaveUp } = verdict;
  const more = findings.length - SHOWN;
  return [
    ok ? 'Verified: nothing was edited, deleted, inserted, swapped, truncated or forked.' : 'NOT verified.',
    ...findings
      .slice(0, SHOWN)
      .map((finding, i) => `${i === 0 ? 'First bad row: ' : '  then: '}${where(finding)}`),
    ...(more > 0 ? [`  and ${more} more`] : []),
    ...(gaveUp ? ['The rest was not read.'] : []),
    counts(verdict),
    ...sealing(verdict),
    ...keyLines(verdict),
  ];
}

function where({ check, line, chain, position, message }: Finding): string {
  const place = [
    ...(chain === null ? [] : [chain]),
    ...(position === null ? [] : [`position ${position}`]),
    `line ${line}`,
  ];
  return `${place.join(', ')}: ${message} [${check}]`;
}

function counts({ lifecycle, chains, entries, documents, encrypted }: Verdict): string {
  const of = lifecycle === null ? many(chains, 'chain') : `lifecycle ${lifecycle}`;
  const sealed = encrypted > 0 ? ` (${encrypted} encrypted, whose content was not checked)` : '';
  return `Read ${of} with ${many(entries, 'entry', 'entries')}, ${many(documents, 'document')}${sealed}.`;
}

function sealing({ lastCheckpoint, checkpoints, unsealed }: Verdict): readonly string[] {
  if (lastCheckpoint === null) {
    return ['No checkpoint is in it: whoever could write the ledger could have written all of it anew.'];
  }
  const at = new Date(lastCheckpoint.at).toISOString();
  const open = unsealed === 0 ? '' : `; ${many(unsealed, 'entry is', 'entries are')} newer or not sealed`;
  return [`${many(checkpoints, 'checkpoint')}, the last, ${lastCheckpoint.number}, of ${at}${open}.`];
}

function keyLines({ keys, keysTrusted, checkpoints }: Verdict): readonly string[] {
  if (keysTrusted || checkpoints === 0) return [];
  return [
    'The keys come from what was verified itself: compare their fingerprints with those you were given, or pass --key.',
    ...keys.map(({ id, fingerprint }) => `  key ${id}  SHA-256 ${fingerprint}`),
  ];
}

function many(n: number, one: string, others = `${one}s`): string {
  return `${n} ${n === 1 ? one : others}`;
}
