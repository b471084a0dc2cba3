/** A YAML file and the files that it extends, laid over each other. */
import type { FieldProblem } from './form.js';
import { type Place, readYaml, type SourceProblem, type YamlSource } from './yaml-source.js';

const MAX_LAYERS = 5;

export interface Layers {
  /** The merged value, without the `extends` fields. */
  readonly value: unknown;
  /** Where a field was written, or should have been. */
  readonly locate: (path: FieldProblem['path']) => Place;
}

export type ReadLayers =
  | ({ readonly ok: true } & Layers)
  | { readonly ok: false; readonly problems: readonly SourceProblem[] };

type Group = Readonly<Record<string, unknown>>;

/**
 * Reads a file and what it extends. Groups of fields merge, the extending file first; lists and plain values
 * are replaced whole. Refuses files that are missing, extend each other in a circle, or too many.
 */
export function readLayers(
  file: string,
  text: string,
  resolve: (name: string) => string | undefined,
): ReadLayers {
  const sources: YamlSource[] = [];
  const files = [file];
  let next: string | undefined = text;
  let value: unknown = {};
  while (next !== undefined) {
    const read = readYaml(files.at(-1) ?? file, next);
    if (!read.ok) return read;
    const { source } = read;
    sources.push(source);
    const refuse = (detail: string): ReadLayers => {
      const { file: where, line, column } = source.locate(['extends']);
      return { ok: false, problems: [{ file: where, line, column, path: ['extends'], detail }] };
    };
    if (!isGroup(source.value)) {
      value = sources.length === 1 ? source.value : value;
      break;
    }
    const { extends: base, ...own } = source.value;
    value = mergeUnder(value, own);
    if (base === undefined) break;
    if (typeof base !== 'string') return refuse('must be the name of a file, such as standard.yaml');
    if (files.includes(base)) return refuse(`goes in a circle: ${[...files, base].join(' → ')}`);
    if (files.length >= MAX_LAYERS)
      return refuse(`is nested too deep; at most ${MAX_LAYERS} files build on each other`);
    next = resolve(base);
    if (next === undefined)
      return refuse(`names "${base}", which is not there; correct the name or add the file`);
    files.push(base);
  }
  return { ok: true, value, locate: (path) => locateIn(sources, path) };
}

/** `over` wins, except that groups on both sides merge. */
function mergeUnder(over: unknown, under: unknown): unknown {
  if (over === undefined) return under;
  if (!isGroup(over) || !isGroup(under)) return over;
  const keys = new Set([...Object.keys(under), ...Object.keys(over)]);
  return Object.fromEntries([...keys].map((key) => [key, mergeUnder(own(over, key), own(under, key))]));
}

function locateIn(sources: readonly YamlSource[], path: FieldProblem['path']): Place {
  const places = sources.map((source) => source.locate(path));
  const reached = Math.max(...places.map(({ depth }) => depth));
  // What a file replaced whole hides the files below it, however deep those go.
  const { file, line, column } = places.find(({ depth, open }) => depth === reached || !open) ??
    places[0] ?? { file: '', line: 1, column: 1 };
  return { file, line, column };
}

const own = (group: Group, key: string): unknown => (Object.hasOwn(group, key) ? group[key] : undefined);

const isGroup = (value: unknown): value is Group =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
