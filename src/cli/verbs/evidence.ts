import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { type Command, Option } from 'commander';
import {
  RESULTS_FORMATS,
  type ResultsFormat,
  readResults,
} from '../../contracts/evidence-import/read-results.js';
import { fieldName } from '../../contracts/form.js';
import { sendCommand } from '../client/lifecycles.js';
import { UsageError } from '../client/problems.js';
import { again } from './again.js';
import { type CliContext, clientOf, sharedOptions } from './context.js';
import { reportAnswer } from './report.js';

/** As much as the API keeps of a file; of a larger one only what it says travels, with its digest. */
const LARGEST = 1_024 * 1_024;

interface EvidenceOptions {
  readonly as?: string;
  readonly json?: boolean;
  readonly format: ResultsFormat;
  readonly kind: string;
  readonly release?: string;
  readonly spec?: string;
  readonly producer?: string;
  readonly collectedAt?: string;
  readonly rename?: readonly string[];
  readonly idempotencyKey?: string;
}

/** `import-evidence KEY FILE`: the results of a tool, as it wrote them. */
export function evidenceVerb(program: Command, context: CliContext): void {
  const verb = program
    .command('import-evidence')
    .description('Add evidence from the file of results that a tool wrote')
    .argument('<key>', 'the use case')
    .argument(
      '<file>',
      'promptfoo: eval -o FILE.json; mlflow: the answer to runs/get; metrics: name to value',
    )
    .addOption(new Option('--format <format>', 'who wrote it').choices(RESULTS_FORMATS).makeOptionMandatory())
    .requiredOption('--kind <kind>', 'the kind of evidence that the spec asks for, such as eval')
    .option('--release <label>', 'the release it speaks about, such as r2; its spec is meant with it')
    .option('--spec <version>', 'the version of the spec it speaks about, where there is no release yet')
    .option('--producer <person>', 'for machines: who ran what they report on')
    .option('--collected-at <time>', 'where the file does not say it')
    .option('--rename <theirs=ours>', 'how the spec calls a result; again for more', again)
    .option('--idempotency-key <key>', 'to repeat one whose outcome is unknown');
  sharedOptions(verb).action(async (key: string, file: string, options: EvidenceOptions) => {
    const body = bodyOf(file, options);
    const api = await clientOf(context, options);
    const answer = await sendCommand(api, key, 'add-evidence', body, options.idempotencyKey);
    reportAnswer(context, answer, options.json);
  });
}

function bodyOf(file: string, options: EvidenceOptions): Readonly<Record<string, unknown>> {
  const bytes = bytesOf(file);
  const content = jsonOf(file, bytes);
  const { format, kind, release, spec, producer, collectedAt, rename = [] } = options;
  const renaming = Object.fromEntries(rename.map(halves));
  const version = spec === undefined || Number.isNaN(Number(spec)) ? spec : Number(spec);
  const stated = defined({ kind, release, spec: version, producer, collectedAt });
  if (Buffer.byteLength(JSON.stringify(content)) <= LARGEST) {
    return { ...stated, format, content, ...(rename.length > 0 && { rename: renaming }) };
  }
  const read = readResults(format, content, renaming);
  if (!read.ok) {
    throw new UsageError(
      read.problems.map(({ path, detail }) => `${file} ${fieldName(path)} ${detail}`).join('\n'),
    );
  }
  const digest = `sha256:${createHash('sha256').update(bytes).digest('hex')}`;
  return { ...stated, digest, ...read.imported };
}

function bytesOf(file: string): Buffer {
  try {
    return readFileSync(file);
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new UsageError(`${file} cannot be read (${why}); name a file that is there`, { cause });
  }
}

function jsonOf(file: string, bytes: Buffer): unknown {
  try {
    return JSON.parse(bytes.toString('utf8'));
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new UsageError(`${file} is not JSON (${why}); have the tool write it again`, { cause });
  }
}

function halves(written: string): [string, string] {
  const at = written.lastIndexOf('=');
  if (at < 1) throw new UsageError(`--rename takes theirs=ours, such as Accuracy=f1, not ${written}`);
  return [written.slice(0, at), written.slice(at + 1)];
}

const defined = (fields: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> =>
  Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined));
