import { readFileSync } from 'node:fs';
import type { WrittenOperatingModel } from '../../src/contracts/operating-model/model-form.js';
import { describeProblem, parseOperatingModel } from '../../src/contracts/read-operating-model.js';
import type { OperatingModel } from '../../src/domain/policy.js';

/** Text of a shipped operating model, such as `standard.yaml`. */
export const shippedText = (file: string): string =>
  readFileSync(new URL(`../../operating-models/${file}`, import.meta.url), 'utf8');

/** A shipped operating model, written and compiled; throws with every problem where it has one. */
export function shipped(name: 'standard' | 'demo'): {
  model: OperatingModel;
  written: WrittenOperatingModel;
} {
  const file = `${name}.yaml`;
  const read = parseOperatingModel(shippedText(file), { file, resolve: shippedText });
  if (!read.ok) throw new Error(read.problems.map(describeProblem).join('\n'));
  return read;
}
