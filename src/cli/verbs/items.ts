import { type Command, Option } from 'commander';
import { ITEM_STATUSES } from '../../contracts/items.js';
import { type Item, readItems } from '../client/lists.js';
import { dueTime } from '../terminal/instants.js';
import { table } from '../terminal/table.js';
import type { Terminal } from '../terminal/terminal.js';
import { type CliContext, clientOf, printJson, sharedOptions } from './context.js';

interface ItemsOptions {
  readonly as?: string;
  readonly json?: boolean;
  readonly status?: string;
  readonly late?: boolean;
  readonly limit?: string;
  readonly cursor?: string;
}

/** `items`: the cases of one use case that people review. */
export function itemsVerb(program: Command, context: CliContext): void {
  const verb = program
    .command('items')
    .argument('<key>', 'the use case')
    .description('The cases that people review, last opened first')
    .addOption(new Option('--status <status>', 'only in this status').choices(ITEM_STATUSES))
    .option('--late', 'only those whose SLA has passed and that nobody has decided')
    .option('--limit <number>', 'at most so many, up to 200')
    .option('--cursor <cursor>', 'go on behind an earlier page');
  sharedOptions(verb).action(async (key: string, options: ItemsOptions) => {
    const { status, late, limit, cursor } = options;
    const api = await clientOf(context, options);
    const filters = { status, late: late ? 'true' : undefined, limit, cursor };
    const { answer, list } = await readItems(api, key, filters);
    if (options.json) return printJson(context, answer.body);
    const { terminal } = context;
    if (list.items.length === 0) return terminal.err(`No case of ${key} is like that.`);
    showItems(list.items, terminal, Date.now());
    if (list.nextCursor !== null) terminal.err(`There are more: add --cursor ${list.nextCursor}`);
  });
}

function showItems(items: readonly Item[], { out, paint, width }: Terminal, now: number): void {
  const head = ['ITEM', 'QUEUE', 'STATUS', 'DUE', 'CASE', 'BY'].map(paint.dim);
  const body = items.map(({ item, queue, status, due, settles, case: reference, decidedBy }) => {
    const until = status === 'waiting' ? due : status === 'second-line' ? settles : null;
    return [
      paint.name(item),
      queue,
      status === 'second-line' ? paint.bad(status) : status,
      until === null ? '–' : dueTime(until, now),
      reference,
      decidedBy ?? '–',
    ];
  });
  for (const line of table([head, ...body], width)) out(line);
}
