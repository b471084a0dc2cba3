import { type Command, Option } from 'commander';
import { UsageError } from '../client/problems.js';
import { isGroup, readWritten } from '../written/read-written.js';
import { fillIn } from '../written/words.js';
import { again } from './again.js';
import { type CliContext, clientOf, sharedOptions } from './context.js';
import { type PilotOptions, pilotBody } from './pilot.js';
import { reportAnswer } from './report.js';

interface StartOptions extends PilotOptions {
  readonly as?: string;
  readonly json?: boolean;
  readonly file?: string;
  readonly pilot?: boolean;
  readonly idempotencyKey?: string;
}

/** `start -f usecase.yaml`, or `start --pilot` with what the light path asks. */
export function startVerb(program: Command, context: CliContext): void {
  const verb = program
    .command('start')
    .description('Start a lifecycle: from a file, or a pilot from what the light path asks')
    .option('-f, --file <file>', 'what POST /v1/lifecycles takes, in YAML or JSON')
    .option('--key <key>', 'names the use case for good, such as meeting-notes')
    .option('--idempotency-key <key>', 'to repeat a start whose outcome is unknown')
    .option('--pilot', 'start a pilot: narrow, capped, boxed in time; a partner decides once')
    .option('--title <title>', 'what people call it')
    .option('--team <team>', 'whose it is')
    .option('--purpose <text>', 'what it is for')
    .option('--may <action>', 'what AI may do; again for more', again)
    .option('--must-not <action>', 'what AI must never do; again for more', again)
    .option('--cohort <file>', 'who takes part: opaque ids, one a line; a first line with # describes them')
    .option('--partner <person>', 'holds product, decides the start, owns it with you')
    .option('--ends <date>', 'end of the time box: a date, or a date-time with its offset')
    .option('--facts <file>', 'answers to the risk facts; what is not answered counts as the worst')
    .addOption(new Option('--fact <fact=answer>', 'one answer; again for more').argParser(again))
    .option('--fallback <text>', 'how the work is done without it', 'the work is done by hand, as before')
    .option('--runbook <name>', 'where that is written down', 'none yet')
    .option('--operating-model <name>', 'the rules to start under', 'standard');
  sharedOptions(verb).action(async (options: StartOptions) => {
    const api = await clientOf(context, options);
    const body = options.pilot ? pilotBody(options) : startBody(options);
    const answer = await api.post('/v1/lifecycles', body, { idempotencyKey: options.idempotencyKey });
    reportAnswer(context, answer, options.json);
  });
}

function startBody({ file, key }: StartOptions): unknown {
  if (file === undefined) throw new UsageError('name a file with -f, or start a pilot with --pilot');
  const written = fillIn(readWritten(file), undefined, Date.now());
  return key !== undefined && isGroup(written) ? { ...written, key } : written;
}
