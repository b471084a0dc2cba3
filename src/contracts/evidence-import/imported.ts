import type { Results } from '../../domain/governance/evidence-verdicts.js';
import type { FieldProblem } from '../form.js';

/** What a file of results says, in the words of `add-evidence`. */
interface Imported {
  readonly results: Results;
  /** RFC 3339; undefined where the file does not say. */
  readonly collectedAt?: string;
}

/** Paths of problems begin at the file's root. */
export type ReadResults =
  | { readonly ok: true; readonly imported: Imported }
  | { readonly ok: false; readonly problems: readonly FieldProblem[] };

export function unreadable(path: FieldProblem['path'], detail: string): ReadResults {
  return { ok: false, problems: [{ path, detail }] };
}

/** Name in a file to name in the spec; what is not listed keeps its name. */
export type Renaming = Readonly<Record<string, string>>;
