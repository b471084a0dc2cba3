import type { CommandBody } from '../../contracts/commands.js';
import type { Payloads } from '../../domain/commands/payloads.js';
import type { Digest } from '../../domain/digest.js';
import { invalidBody, Problem } from '../problem.js';
import type { IntakeContext } from './context.js';

const CONTENT_LIMIT = 1_024 * 1_024;

type EvidenceBody = CommandBody<'add-evidence'>;

/** Stores the evidence where it is small, and finds out whether who produced it is independent of the team. */
export async function addEvidence(
  body: EvidenceBody,
  context: IntakeContext,
): Promise<Payloads['add-evidence']> {
  const { kind, collectedAt, about, results } = body;
  const producer = producerOf(body, context);
  const [independent, digest] = await Promise.all([
    isIndependent(producer, context),
    contentDigest(body, context),
  ]);
  return { kind, digest, producer, independent, collectedAt: Date.parse(collectedAt), about, results };
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

async function contentDigest(
  { digest, content, mediaType }: EvidenceBody,
  { documents }: IntakeContext,
): Promise<Digest> {
  if (digest !== undefined) return digest;
  if (Buffer.byteLength(JSON.stringify(content)) > CONTENT_LIMIT) {
    throw new Problem(
      'too-large',
      'evidence content takes at most 1 MiB; keep it elsewhere and send its digest',
    );
  }
  if (content === undefined)
    throw invalidBody([{ path: ['digest'], detail: 'give either digest or content' }]);
  return documents.put({ mediaType, content }, { kind: 'evidence' });
}
