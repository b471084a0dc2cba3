import type { OperatingModel } from '../domain/policy.js';
import { compileOperatingModel } from './compile-operating-model.js';
import { fieldName, parseForm } from './form.js';
import type { WrittenOperatingModel } from './operating-model/model-form.js';
import { writtenOperatingModel } from './operating-model.js';
import { type Layers, readLayers } from './yaml-layers.js';
import type { SourceProblem } from './yaml-source.js';

/** The most that a compiled model may take in a lifecycle's state, as canonical JSON in UTF-8. */
export const MAX_MODEL_BYTES = 32 * 1024;

export type ReadOperatingModel =
  | { readonly ok: true; readonly model: OperatingModel; readonly written: WrittenOperatingModel }
  | { readonly ok: false; readonly problems: readonly SourceProblem[] };

/**
 * Reads an operating model from YAML. A model may extend another: `extends: standard.yaml` takes that
 * one's fields, groups of fields merged, everything else replaced; `resolve` gives the text of a named file or
 * undefined. `file` is the name that problems carry.
 */
export function parseOperatingModel(
  text: string,
  { file, resolve }: { readonly file: string; readonly resolve: (name: string) => string | undefined },
): ReadOperatingModel {
  const layers = readLayers(file, text, resolve);
  if (!layers.ok) return layers;
  const parsed = parseForm(writtenOperatingModel, layers.value);
  if (!parsed.ok) {
    const problems = parsed.problems.map((problem) => ({ ...layers.locate(problem.path), ...problem }));
    return { ok: false, problems };
  }
  const model = compileOperatingModel(parsed.value);
  const bytes = new TextEncoder().encode(JSON.stringify(model)).length;
  if (bytes > MAX_MODEL_BYTES) return tooLarge(layers, bytes);
  return { ok: true, model, written: parsed.value };
}

/** One problem as a line of text: where, which field, what to do. */
export function describeProblem({ file, line, column, path, detail }: SourceProblem): string {
  return `${file}:${line}:${column} ${path.length === 0 ? '' : `${fieldName(path)} `}${detail}`;
}

function tooLarge({ locate }: Layers, bytes: number): ReadOperatingModel {
  const detail = `compiles to ${bytes} bytes, at most ${MAX_MODEL_BYTES} fit into a lifecycle; shorten calendars and questions`;
  return { ok: false, problems: [{ ...locate([]), path: [], detail }] };
}
