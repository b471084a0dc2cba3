/** YAML text that remembers where each value stands, so that a problem can name its line. */
import { isAlias, isMap, isScalar, isSeq, LineCounter, type Node, parseDocument, type YAMLMap } from 'yaml';
import type { FieldProblem } from './form.js';

export interface Place {
  readonly file: string;
  /** Both counted from 1. */
  readonly line: number;
  readonly column: number;
}

/** A problem of a text, where it stands, the field by name and what to do. */
export interface SourceProblem extends Place {
  readonly path: FieldProblem['path'];
  readonly detail: string;
}

export interface YamlSource {
  readonly value: unknown;
  /**
   * Where a value, or else the nearest thing around it that is there, stands. `depth` counts the keys of
   * the path that were found; `open` says that what was found is a map, which another file may add to.
   */
  readonly locate: (path: FieldProblem['path']) => Place & { readonly depth: number; readonly open: boolean };
}

export type ReadYaml =
  | { readonly ok: true; readonly source: YamlSource }
  | { readonly ok: false; readonly problems: readonly SourceProblem[] };

/** Parses one YAML document; aliases and merge keys are resolved, tags of other kinds are refused. */
export function readYaml(file: string, text: string): ReadYaml {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, merge: true, prettyErrors: false });
  const placeOf = (offset: number): Place => {
    const { line, col } = lines.linePos(offset);
    return { file, line, column: col };
  };
  const broken = [...document.errors, ...document.warnings];
  if (broken.length > 0) {
    const problems = broken.map(({ pos, message }) => ({
      ...placeOf(pos[0]),
      path: [],
      detail: `is not valid YAML: ${message}`,
    }));
    return { ok: false, problems };
  }
  const target = (node: unknown): unknown => (isAlias(node) ? node.resolve(document) : node);
  let value: unknown;
  try {
    value = document.toJS();
  } catch (error) {
    // Aliases that multiply without end are found only when they are resolved.
    if (!(error instanceof ReferenceError)) throw error;
    const detail = `cannot be resolved: ${error.message}`;
    return { ok: false, problems: [{ file, line: 1, column: 1, path: [], detail }] };
  }
  const locate: YamlSource['locate'] = (path) => {
    let node: unknown = document.contents;
    let offset = (node as Node | null)?.range?.[0] ?? 0;
    let depth = 0;
    for (const key of path) {
      const found = child(target(node), key, target);
      if (found === undefined) break;
      node = found.value;
      offset = found.offset ?? offset;
      depth += 1;
    }
    return { ...placeOf(offset), depth, open: isMap(target(node)) };
  };
  return { ok: true, source: { value, locate } };
}

type Found = { readonly value: unknown; readonly offset: number | undefined };

function child(parent: unknown, key: string | number, target: (node: unknown) => unknown): Found | undefined {
  if (isSeq(parent) && typeof key === 'number') {
    const value = parent.items[key];
    return value === undefined ? undefined : { value, offset: (target(value) as Node).range?.[0] };
  }
  if (!isMap(parent)) return undefined;
  const pair = parent.items.find((item) => isScalar(item.key) && String(item.key.value) === String(key));
  // A map's entry is named by its key: the value may stand on a line of its own, or be an alias.
  if (pair !== undefined) return { value: pair.value, offset: (pair.key as Node).range?.[0] };
  return merged(parent, target).reduce<Found | undefined>(
    (found, map) => found ?? child(map, key, target),
    undefined,
  );
}

function merged(parent: YAMLMap, target: (node: unknown) => unknown): readonly unknown[] {
  return parent.items
    .filter((item) => isScalar(item.key) && item.key.source === '<<')
    .flatMap((item) => {
      const value = target(item.value);
      return isSeq(value) ? value.items.map(target) : [value];
    });
}
