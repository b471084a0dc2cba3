import { type Command, Option } from 'commander';
import { MODES, STAGES, TIERS } from '../../contracts/lists.js';
import { type LifecycleRow, readLifecycles } from '../client/lists.js';
import { dueTime } from '../terminal/instants.js';
import { table } from '../terminal/table.js';
import type { Terminal } from '../terminal/terminal.js';
import { type CliContext, clientOf, printJson, sharedOptions } from './context.js';

interface ListOptions {
  readonly as?: string;
  readonly json?: boolean;
  readonly stage?: string;
  readonly mode?: string;
  readonly tier?: string;
  readonly team?: string;
  readonly owner?: string;
  readonly waitingOn?: string;
  readonly held?: boolean;
  readonly search?: string;
  readonly sort?: string;
  readonly limit?: string;
  readonly cursor?: string;
}

/** `ls`: the lifecycles of your teams. */
export function lsVerb(program: Command, context: CliContext): void {
  const verb = program
    .command('ls')
    .description('The use cases of your teams, by filters: where each stands and what it waits for')
    .addOption(new Option('--stage <stage>', 'only in this stage').choices(STAGES))
    .addOption(new Option('--mode <mode>', 'only in this mode').choices(MODES))
    .addOption(new Option('--tier <tier>', 'only of this risk tier').choices(TIERS))
    .option('--team <team>', 'only of this team')
    .option('--owner <person>', 'only where this person holds a decision right')
    .option('--waiting-on <who>', 'a seat such as readiness:risk, a function such as risk, or a person')
    .option('--held', 'only what a hold stands against')
    .option('--search <words>', 'words of the key or title')
    .addOption(new Option('--sort <by>', 'what comes first').choices(['due', 'key', 'updated', 'opened']))
    .option('--limit <number>', 'at most so many, up to 200')
    .option('--cursor <cursor>', 'go on behind an earlier page');
  sharedOptions(verb).action(async (options: ListOptions) => {
    const { stage, mode, tier, team, owner, waitingOn, held, search, sort, limit, cursor } = options;
    const filters = { stage, mode, tier, team, owner, waitingOn, held: held ? 'true' : undefined, q: search };
    const api = await clientOf(context, options);
    const { answer, list } = await readLifecycles(api, { ...filters, sort, limit, cursor });
    if (options.json) return printJson(context, answer.body);
    const { terminal } = context;
    if (list.items.length === 0) return terminal.err(emptyBecause(filters));
    showRows(list.items, terminal, Date.now());
    if (list.nextCursor !== null) terminal.err(`There are more: add --cursor ${list.nextCursor}`);
  });
}

function showRows(rows: readonly LifecycleRow[], { out, paint, width }: Terminal, now: number): void {
  const head = ['KEY', 'STAGE', 'TIER', 'MODE', 'SERVES', 'DUE', 'WAITS FOR'].map(paint.dim);
  const body = rows.map((row) => [
    paint.name(row.key),
    row.held ? `${row.stage} ${paint.bad('held')}` : row.stage,
    row.tier,
    row.mode,
    serving(row),
    dueIn(row.nextDue, now, paint),
    row.waitingOn.join(', '),
  ]);
  for (const line of table([head, ...body], width)) out(line);
}

function serving({ release, exposure }: LifecycleRow): string {
  if (release === null) return '–';
  return exposure === null ? `${release}, share unknown` : `${release} ${exposure} %`;
}

function dueIn(due: number | null, now: number, paint: Terminal['paint']): string {
  if (due === null) return '–';
  const text = dueTime(due, now);
  return due < now ? paint.bad(text) : text;
}

function emptyBecause(filters: Readonly<Record<string, string | undefined>>): string {
  const given = Object.values(filters).filter((value) => value !== undefined);
  return given.length > 0
    ? 'Nothing in your teams is like that: leave out a filter, or see all of it with airworthy ls'
    : 'Your teams have no use case yet: start one with airworthy start -f usecase.yaml, or try airworthy demo';
}
