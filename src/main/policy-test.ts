/** Tries an operating model without starting anything: is it sound, and what would it mean for the examples. */
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { readModelText } from '../cli/written/model-file.js';
import { isGroup, readWritten } from '../cli/written/read-written.js';
import { fieldName, namingEntries, parseForm } from '../contracts/form.js';
import { describeProblem, MAX_MODEL_BYTES, parseOperatingModel } from '../contracts/read-operating-model.js';
import { specForm } from '../contracts/spec.js';
import { specProblems } from '../contracts/spec-problems.js';
import { authorityName } from '../domain/gates/authority.js';
import { answerProblems } from '../domain/governance/answers.js';
import type { Facts } from '../domain/governance/facts.js';
import { computeTier } from '../domain/governance/tier.js';
import { rulesFor } from '../domain/lifecycle/rules.js';
import { staffingReasons } from '../domain/lifecycle/staffing.js';
import type { OperatingModel, TierRules } from '../domain/policy.js';
import { MODES, type Mode } from '../domain/vocabulary.js';
import type { Directory } from '../ports/directory.js';

/** What came of it: lines for people, and how many of them say that something is wrong. */
export interface PolicyTest {
  readonly lines: readonly { readonly bad: boolean; readonly text: string }[];
}

const good = (text: string) => ({ bad: false, text });
const bad = (text: string) => ({ bad: true, text });

/** Compiles a file with its checks, then runs the use cases of a folder under it. Throws `UsageError` for what is no file. */
export async function testPolicy(
  file: string,
  { examples, directory }: { readonly examples: string; readonly directory: Directory },
): Promise<PolicyTest> {
  const { text, beside } = readModelText(file);
  const read = parseOperatingModel(text, { file, resolve: (name) => beside?.[name] });
  if (!read.ok) return { lines: read.problems.map((problem) => bad(describeProblem(problem))) };
  const { model } = read;
  const bytes = new TextEncoder().encode(JSON.stringify(model)).length;
  const head = good(
    `${model.name} ${model.version} is sound: ${bytes} of ${MAX_MODEL_BYTES} bytes, ${model.digest}`,
  );
  const cases = readdirSync(examples).filter((name) => existsSync(join(examples, name, 'usecase.yaml')));
  const tried = await Promise.all(cases.map((name) => tryExample(model, join(examples, name), directory)));
  return { lines: [head, ...tried.flat()] };
}

async function tryExample(
  model: OperatingModel,
  folder: string,
  directory: Directory,
): Promise<PolicyTest['lines'][number][]> {
  const value = readWritten(join(folder, 'usecase.yaml'));
  const { key, mode, team, facts } = (isGroup(value) ? value : {}) as Record<string, unknown>;
  const known = MODES.find((each) => each === mode);
  if (typeof key !== 'string' || known === undefined || !isGroup(facts))
    return [bad(`${folder}: no use case`)];
  const wrong = answerProblems(facts as Facts, model.facts);
  if (wrong.length > 0) return wrong.map(({ message }) => bad(`${key}: ${message}`));
  const { tier, rule } = computeTier(model, facts as Facts);
  const rules = rulesFor(model, known, tier);
  const unstaffed = typeof team === 'string' ? await staffing(model, rules, team, directory) : [];
  return [
    good(`${key}: ${known}, ${tier} by ${rule}${rules ? `; ${inWords(rules)}` : ''}`),
    ...unstaffed.map((message) => bad(`${key}: ${message}`)),
    ...(tier === 'prohibited'
      ? []
      : specsOf(folder).flatMap((spec) => trySpec(model, spec, known, tier, facts as Facts))),
  ];
}

/** The gates with their seats and times, and the evidence. */
function inWords({ gates, change, evidence }: TierRules): string {
  const listed = Object.entries({ ...gates, ...(change && { change }) }).map(
    ([name, { seats, sla }]) => `${name} by ${seats.map(authorityName).join(', ')} in ${sla.n}${sla.unit}`,
  );
  const kinds = evidence.map(({ kind, before }) => `${kind} before ${before}`);
  return [...listed, kinds.length === 0 ? 'no evidence' : kinds.join(', ')].join('; ');
}

async function staffing(
  { editors }: OperatingModel,
  rules: TierRules | null,
  id: string,
  directory: Directory,
): Promise<string[]> {
  const [team, members] = await Promise.all([directory.team(id), directory.members(id)]);
  if (!team) return [`there is no team ${id} in the people file`];
  const people = members.map(({ id: person, functions }) => ({ person, functions }));
  const rights = { ...team.rights, stopShipHolder: team.rights.stopShipHolder ?? [] };
  const pinned = { id, calendar: team.calendar, lead: team.lead, heads: team.heads, members: people };
  return staffingReasons(rules, { team: pinned, rights, editors }).map(({ message }) => message);
}

function specsOf(folder: string): string[] {
  return readdirSync(folder)
    .filter((name) => /^spec.*\.ya?ml$/.test(name))
    .map((name) => join(folder, name));
}

/** A spec may lack what its own story adds later, so that is told and is no failure. */
function trySpec(
  model: OperatingModel,
  file: string,
  mode: Mode,
  tier: 'low' | 'medium' | 'high',
  facts: Facts,
): PolicyTest['lines'][number][] {
  const written = readWritten(file);
  const spec = parseForm(specForm, written);
  if (!spec.ok)
    return namingEntries(written, spec.problems).map(({ path, detail }) =>
      bad(`  ${file}: ${fieldName(path)} ${detail}`),
    );
  const missing = specProblems(spec.value, { mode, tier, model, facts });
  return [
    good(
      `  ${file}: ${missing.length === 0 ? 'complete' : `lacks ${missing.map(({ pointer }) => pointer).join(', ')}`}`,
    ),
  ];
}
