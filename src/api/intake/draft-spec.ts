import type { CommandBody } from '../../contracts/commands.js';
import { readSpec } from '../../contracts/compile-spec.js';
import { type SpecProblem, specProblems } from '../../contracts/spec-problems.js';
import type { Payloads } from '../../domain/commands/payloads.js';
import type { Json } from '../../domain/json.js';
import type { RuledTier, Tier } from '../../domain/vocabulary.js';
import { invalidBody } from '../problem.js';
import type { IntakeContext } from './context.js';

/** Compiles and stores the draft, and lists what the mode and tier require of it and it lacks. */
export async function draftSpec(
  { spec }: CommandBody<'draft-spec'>,
  { key, documents, models, view }: IntakeContext,
): Promise<Payloads['draft-spec']> {
  if (spec.spec !== key) {
    throw invalidBody([
      { path: ['spec', 'spec'], detail: `is ${spec.spec}; write ${key}, whose spec it is` },
    ]);
  }
  const read = readSpec(spec);
  if (!read.ok) throw invalidBody(read.problems, ['spec']);
  const [{ mode, tier, facts, model: pinned }] = await Promise.all([view(), documents.put(spec as Json)]);
  const model = await models.of(pinned.digest);
  const problems = specProblems(spec, { mode, tier: ruledTier(tier.effective), model, facts });
  return { spec: read.compiled, missing: problems.map(inWords).slice(0, 100) };
}

/** A prohibited use case has no rules of its own; its draft is judged by the strictest there are. */
const ruledTier = (tier: Tier): RuledTier => (tier === 'prohibited' ? 'high' : tier);

const inWords = ({ pointer, detail }: SpecProblem): string => `${pointer} ${detail}`.slice(0, 200);
