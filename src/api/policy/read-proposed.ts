import { compileOperatingModel } from '../../contracts/compile-operating-model.js';
import type { WrittenOperatingModel } from '../../contracts/operating-model/model-form.js';
import { describeProblem, parseOperatingModel } from '../../contracts/read-operating-model.js';
import type { OperatingModel } from '../../domain/policy.js';
import { Problem } from '../problem.js';

const FILE = 'proposal.yaml';
const MOST = 50;

/** A model as somebody sent it. */
export interface SentModel {
  readonly model: OperatingModel;
  readonly written: WrittenOperatingModel;
}

/** Reads and checks a text as the files are read; throws `Problem` that says line by line what is wrong. */
export function readSent(text: string, beside: Readonly<Record<string, string>> = {}): SentModel {
  const read = parseOperatingModel(text, {
    file: FILE,
    resolve: (name) => (Object.hasOwn(beside, name) ? beside[name] : undefined),
  });
  if (read.ok) return read;
  const reasons = read.problems.slice(0, MOST).map((problem) => ({
    code: 'invalid-body',
    message: describeProblem(problem),
    pointer: '/text',
  }));
  throw new Problem('invalid-body', `the model cannot be used: ${reasons[0]?.message ?? 'it is empty'}`, {
    reasons,
  });
}

/** The model with these people among its editors: what they sign covers who wrote it. */
export function editedBy({ written }: SentModel, person: string): SentModel {
  if (written.editors.includes(person)) return { written, model: compileOperatingModel(written) };
  const edited = { ...written, editors: [...written.editors, person] };
  return { written: edited, model: compileOperatingModel(edited) };
}
