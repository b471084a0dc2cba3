/**
 * Two ways to hand over evidence: a body that states everything, and the file that a tool wrote, as it is, with the rest
 * in the address. The second becomes the first before anything looks at it.
 */
import { z } from 'zod';
import type { Json } from '../../domain/json.js';
import { RESULTS_FORMATS } from '../evidence-import/read-results.js';
import { field, instant } from '../fields.js';

const kind = field.id.describe('Such as eval, red-team or privacy.');
const label = z.string().regex(/^r[1-9]\d{0,8}$/, { error: 'write the label of a release, such as r2' });

export const evidenceForm = z
  .strictObject({
    kind,
    digest: field.digest.exactOptional().describe('Where the evidence is kept elsewhere.'),
    content: z
      .json()
      .meta({ id: 'Json', description: 'Any JSON value.' })
      .exactOptional()
      .describe('Small evidence itself, up to 1 MiB, kept in the document store.'),
    mediaType: z
      .string()
      .regex(/^[\w.+-]+\/[\w.+-]+$/, { error: 'write a media type such as application/json' })
      .max(100)
      .default('application/json'),
    format: z
      .enum(RESULTS_FORMATS)
      .exactOptional()
      .describe('Reads results and collectedAt out of the content: the file that a tool wrote, as it is.'),
    rename: z
      .record(z.string().min(1).max(160), z.string().min(1).max(160))
      .exactOptional()
      .describe('With a format: how the spec calls a result, by its name in the file.'),
    producer: field.personId
      .exactOptional()
      .describe('Who produced it; you, unless you report for a machine.'),
    collectedAt: instant(
      'When it was collected; with a format only where the file does not say.',
    ).exactOptional(),
    about: z
      .array(field.digest)
      .max(20)
      .exactOptional()
      .describe('Digests of the spec and of the release it speaks about.'),
    spec: z
      .int()
      .min(1)
      .exactOptional()
      .describe('Instead of about: the version of the spec it speaks about.'),
    release: label
      .exactOptional()
      .describe('Instead of about: the label of the release it speaks about; its spec is meant with it.'),
    results: field.results.exactOptional(),
  })
  .superRefine((given, context) => {
    for (const [path, message] of contradictions(given)) {
      context.addIssue({ code: 'custom', path: [path], message });
    }
  });

/** What cannot be together, or not be missing together. */
function contradictions(given: Readonly<Record<string, unknown>>): [field: string, what: string][] {
  const has = (name: string): boolean => given[name] !== undefined;
  const found: [string, string][] = [];
  if (has('digest') === has('content')) found.push(['digest', 'give either digest or content']);
  if (has('format') && !has('content')) found.push(['content', 'is missing; a format needs the file itself']);
  if (has('format') && has('results'))
    found.push(['results', 'come out of the file where a format is given']);
  if (has('rename') && !has('format')) found.push(['rename', 'names results of a file; say its format']);
  if (!has('format') && !has('collectedAt'))
    found.push(['collectedAt', 'is missing; say when it was collected']);
  if (has('about') && (has('release') || has('spec')))
    found.push(['about', 'says in digests what release and spec say; give one of them']);
  if (!has('about') && !has('release') && !has('spec'))
    found.push(['about', 'is missing; say which release it speaks about, or which spec']);
  return found;
}

/** Everything about a file of results that is not in the file. */
export const evidenceFileQuery = z.strictObject({
  format: z.enum(RESULTS_FORMATS).describe('Says that the body is a file of results, and who wrote it.'),
  kind,
  release: label.optional().describe('The release it speaks about; its spec is meant with it.'),
  spec: z.coerce
    .number<string>()
    .int()
    .min(1)
    .optional()
    .describe('The version of the spec it speaks about.'),
  about: z.array(field.digest).max(20).optional().describe('The same by digests.'),
  producer: field.personId.optional().describe('Who produced it; you, unless you report for a machine.'),
  collectedAt: z.string().optional().describe('When it was collected, where the file does not say.'),
  rename: z
    .array(z.string().regex(/^.+=.+$/, { error: 'write theirs=ours, such as Accuracy=f1' }))
    .max(200)
    .optional()
    .describe('How the spec calls a result: `theirs=ours`.'),
});

/** A file and its address as the body of the command. */
export function bodyOfFile({ rename, ...rest }: z.output<typeof evidenceFileQuery>, content: Json): Json {
  const stated = Object.entries(rest).filter(([, value]) => value !== undefined);
  const renaming = rename === undefined ? {} : { rename: Object.fromEntries(rename.map(halves)) };
  return { ...(Object.fromEntries(stated) as typeof rest), ...renaming, content } as Json;
}

/** A name of theirs may hold an equals sign, a name of the spec may not. */
function halves(written: string): [string, string] {
  const at = written.lastIndexOf('=');
  return [written.slice(0, at), written.slice(at + 1)];
}
