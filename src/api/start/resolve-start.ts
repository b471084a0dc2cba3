import { missingOf } from '../../contracts/brief.js';
import { readSpec } from '../../contracts/compile-spec.js';
import type { PilotBody, StartBody } from '../../contracts/start.js';
import type { Digest } from '../../domain/digest.js';
import { answerProblems } from '../../domain/governance/answers.js';
import type { Facts } from '../../domain/governance/facts.js';
import type { Json } from '../../domain/json.js';
import { CURRENT_ENGINE } from '../../domain/lifecycle/engine.js';
import { type StartInput, type Starting, startDocument } from '../../domain/lifecycle/start-input.js';
import type { OperatingModel } from '../../domain/policy.js';
import type { Directory, Person } from '../../ports/directory.js';
import type { Documents } from '../../ports/documents.js';
import type { OperatingModels } from '../../ports/operating-models.js';
import { actorIn } from '../authorize.js';
import { broughtTo } from '../brought-documents.js';
import { invalidBody } from '../problem.js';
import { chooseModel } from './choose-model.js';
import { rightsOf } from './rights.js';
import { readTeam } from './team.js';

/** What a start is resolved from. */
export interface StartSources {
  readonly directory: Directory;
  readonly documents: Documents;
  readonly models: OperatingModels;
  readonly trust: 'dev' | 'signed';
}

/**
 * Everything a lifecycle begins from: team and model looked up, documents stored, the rest compiled; and stored
 * itself, so that ledger and documents alone lead to its state. Whether it may begin is for the decider to say.
 * Throws `Problem`, and what the ports throw.
 */
export async function resolveStart(
  body: StartBody,
  person: Person,
  sources: StartSources,
): Promise<StartInput> {
  const { documents, directory, models, trust } = sources;
  // All but the model, which is nobody's own.
  const brought = broughtTo(documents, body.key);
  const [{ team, rights }, { model, written }] = await Promise.all([
    readTeam(directory, body.team),
    chooseModel(models, body.operatingModel, trust),
  ]);
  requireAnswers(body.facts, model);
  const [brief, pilot] = await Promise.all([
    storeBrief(body, person, brought),
    body.mode === 'pilot' ? storePilot(body, brought) : null,
    documents.put(written),
  ]);
  const starting: Starting = {
    engine: CURRENT_ENGINE,
    key: body.key,
    title: body.title,
    mode: body.mode,
    actor: actorIn(person, team.id),
    team,
    model,
    rights: rightsOf(rights, body.rights),
    facts: body.facts,
    brief,
    pilot,
  };
  return { ...starting, recordedAs: await storeStart(starting, documents) };
}

async function storeStart(starting: Starting, documents: Documents): Promise<Digest> {
  const { document, model } = startDocument(starting);
  const brought = broughtTo(documents, starting.key);
  const [recordedAs] = await Promise.all([brought.put(document), documents.put(model)]);
  return recordedAs;
}

/** What is not answered counts as unsure; what is answered must be a question, and an answer, of the model. */
function requireAnswers(facts: Facts, model: OperatingModel): void {
  const unsure = Object.fromEntries(model.facts.map(({ id }) => [id, 'unsure']));
  const problems = answerProblems({ ...unsure, ...facts }, model.facts);
  if (problems.length === 0) return;
  throw invalidBody(problems.map(({ fact, message }) => ({ path: ['facts', fact], detail: message })));
}

async function storeBrief(
  body: StartBody,
  { id: subject }: Person,
  documents: Documents,
): Promise<StartInput['brief']> {
  // A pilot's light form says what a brief would.
  const brief = body.mode === 'pilot' ? { summary: body.purpose, ...body.brief } : body.brief;
  const digest = await documents.put(brief, { subject });
  return { digest, missing: body.mode === 'pilot' ? [] : missingOf(brief) };
}

async function storePilot(body: PilotBody, documents: Documents): Promise<NonNullable<StartInput['pilot']>> {
  const { key, purpose, learn, may, mustNot, cohort, fallback, endsAt, partner } = body;
  const light = { spec: key, purpose, may, mustNot, fallback, cohort: cohort.description };
  const read = readSpec(learn === undefined ? light : { ...light, learn });
  if (!read.ok) throw invalidBody(read.problems);
  const [cohortDigest, release] = await Promise.all([
    documents.put(cohort),
    documents.put(body.release ?? { undeclared: key }),
    documents.put(read.spec as Json),
  ]);
  return {
    spec: read.compiled,
    cohort: { digest: cohortDigest, people: cohort.people.length },
    endsAt: Date.parse(endsAt),
    partner,
    release,
  };
}
