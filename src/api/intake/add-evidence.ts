import type { CommandBody } from '../../contracts/commands.js';
import { readResults } from '../../contracts/evidence-import/read-results.js';
import type { Payloads } from '../../domain/commands/payloads.js';
import type { Digest } from '../../domain/digest.js';
import { invalidBody, Problem } from '../problem.js';
import type { IntakeContext } from './context.js';
import { evidenceSubjects } from './evidence-subjects.js';

const CONTENT_LIMIT = 1_024 * 1_024;

type EvidenceBody = CommandBody<'add-evidence'>;

/** Reads results out of a file, stores what is small, and finds out whether who produced it is independent of the team. */
export async function addEvidence(
  body: EvidenceBody,
  context: IntakeContext,
): Promise<Payloads['add-evidence']> {
  const { kind } = body;
  refuseOversized(body);
  const { results, collectedAt } = statedBy(body);
  const producer = producerOf(body, context);
  const [independent, about] = await Promise.all([
    isIndependent(producer, context),
    evidenceSubjects(body, context),
  ]);
  // Last: what is refused leaves no document behind.
  const digest = await contentDigest(body, context);
  return { kind, digest, producer, independent, collectedAt: Date.parse(collectedAt), about, results };
}

/** What a file says about itself goes before what is said about it. */
function statedBy({ format, rename, content, results = {}, collectedAt }: EvidenceBody) {
  if (format === undefined) return { results, collectedAt: known(collectedAt) };
  const read = readResults(format, content, rename);
  if (!read.ok) throw invalidBody(read.problems, ['content']);
  const { imported } = read;
  if (imported.collectedAt !== undefined && collectedAt !== undefined) {
    const detail = `is ${imported.collectedAt} by the file itself; leave it out`;
    throw invalidBody([{ path: ['collectedAt'], detail }]);
  }
  return { results: imported.results, collectedAt: known(imported.collectedAt ?? collectedAt) };
}

function known(collectedAt: string | undefined): string {
  if (collectedAt !== undefined) return collectedAt;
  const detail = 'is missing, and the file does not say it either; say when it was collected';
  throw invalidBody([{ path: ['collectedAt'], detail }]);
}

/** People speak for themselves; a machine reports for whoever ran what it reports on. */
function producerOf({ producer }: EvidenceBody, { actor }: IntakeContext): string {
  if (producer === undefined || producer === actor.person || actor.roles.includes('machine')) {
    return producer ?? actor.person;
  }
  const message = `only a machine reports what ${producer} produced; leave producer out, or have them send it`;
  throw new Problem('not-permitted', message, {
    reasons: [{ code: 'not-permitted', message, fact: 'producer' }],
  });
}

async function isIndependent(producer: string, { directory, team }: IntakeContext): Promise<boolean> {
  const person = await directory.person(producer);
  if (person === undefined) {
    const message = `nobody has the id "${producer}"; use an id of the directory`;
    throw new Problem('unknown-person', message, {
      reasons: [{ code: 'unknown-person', message, pointer: '/producer' }],
    });
  }
  return person.roles.includes('independent') || !person.teams.includes(team);
}

function refuseOversized({ content }: EvidenceBody): void {
  if (content === undefined || Buffer.byteLength(JSON.stringify(content)) <= CONTENT_LIMIT) return;
  throw new Problem(
    'too-large',
    'evidence content takes at most 1 MiB; keep it elsewhere and send its digest',
  );
}

async function contentDigest(
  { digest, content, mediaType }: EvidenceBody,
  { documents }: IntakeContext,
): Promise<Digest> {
  if (digest !== undefined) return digest;
  if (content === undefined)
    throw invalidBody([{ path: ['digest'], detail: 'give either digest or content' }]);
  return documents.put({ mediaType, content }, { kind: 'evidence' });
}
