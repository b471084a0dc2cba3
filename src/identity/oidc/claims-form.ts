/** How claims become people: data, by issuer, in a file of the operator's. */
import { readFile } from 'node:fs/promises';
import { z } from 'zod';
import { parseForm } from '../../contracts/form.js';
import { describeProblem } from '../../contracts/read-operating-model.js';
import { readYaml, type SourceProblem } from '../../contracts/yaml-source.js';
import { BUSINESS_FUNCTIONS } from '../../domain/vocabulary.js';

/** A claim by name, or by the names on the way to it. */
const claim = z.union([z.string().min(1), z.array(z.string().min(1)).min(1)]);

/** What each value of a claim stands for; other values stand for nothing. */
const meaning = <V extends z.ZodType>(value: V) =>
  z.strictObject({ claim, values: z.record(z.string(), z.union([value, z.array(value)])) });

const id = z.string().regex(/^[a-z][a-z0-9-]{0,39}$/, { error: 'write an id as in the people file' });

const mappingForm = z.strictObject({
  issuer: z.url({ protocol: /^https?$/ }),
  /** The claim with somebody's id here; absent: an id is made of issuer and subject. */
  person: claim.exactOptional(),
  name: claim.default('name'),
  functions: meaning(z.enum(BUSINESS_FUNCTIONS)).exactOptional(),
  teams: meaning(id).exactOptional(),
  roles: meaning(id).exactOptional(),
  /** Limits tokens to what stands behind the prefix in this claim; absent: tokens are not limited. */
  scopes: z.strictObject({ claim: claim.default('scope'), prefix: z.string().default('') }).exactOptional(),
  /** Whether that id may be one of somebody who is known by other means, who is then the same person. */
  links: z.boolean().default(false),
});

const claimsForm = z.strictObject({ issuers: z.array(mappingForm) });

export type ClaimsMapping = z.output<typeof mappingForm>;

/** The mappings of a YAML or JSON file. Throws with every line that is wrong. */
export async function readClaimsMappings(path: string): Promise<readonly ClaimsMapping[]> {
  const yaml = readYaml(path, await readFile(path, 'utf8'));
  if (!yaml.ok) throw saying(yaml.problems);
  const parsed = parseForm(claimsForm, yaml.source.value);
  if (parsed.ok) return parsed.value.issuers;
  throw saying(parsed.problems.map((problem) => ({ ...yaml.source.locate(problem.path), ...problem })));
}

function saying(problems: readonly SourceProblem[]): Error {
  return new Error(problems.map(describeProblem).join('\n'));
}
