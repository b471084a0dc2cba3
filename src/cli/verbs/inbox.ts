import type { Command } from 'commander';
import { type Inbox, readInbox } from '../client/lists.js';
import { dueTime } from '../terminal/instants.js';
import { table } from '../terminal/table.js';
import type { Terminal } from '../terminal/terminal.js';
import { type CliContext, clientOf, printJson, sharedOptions } from './context.js';

interface InboxOptions {
  readonly as?: string;
  readonly json?: boolean;
  readonly limit?: string;
}

/** `inbox`: what waits on you. */
export function inboxVerb(program: Command, context: CliContext): void {
  const verb = program
    .command('inbox')
    .description('What waits on you, soonest due first')
    .option('--limit <number>', 'at most so many, up to 200');
  sharedOptions(verb).action(async (options: InboxOptions) => {
    const api = await clientOf(context, options);
    const { answer, inbox } = await readInbox(api, { limit: options.limit });
    if (options.json) return printJson(context, answer.body);
    const { terminal } = context;
    if (inbox.items.length === 0) {
      terminal.err(
        'Nothing waits on you. What your teams wait for, and on whom, is in airworthy ls; a decision that was taken just now may take a moment to leave.',
      );
      return;
    }
    showItems(inbox, terminal, Date.now());
  });
}

function showItems({ items, more }: Inbox, { out, err, paint, width }: Terminal, now: number): void {
  const head = ['DUE', 'KEY', 'AS', 'WHAT'].map(paint.dim);
  const body = items.map(({ due, key, who, what }) => [
    due === null ? '–' : due < now ? paint.bad(dueTime(due, now)) : dueTime(due, now),
    paint.name(key),
    who,
    what,
  ]);
  for (const line of table([head, ...body], width)) out(line);
  if (more) err('There is more: add --limit 200');
  const seat = items.find(({ kind, gate }) => kind === 'seat' && gate !== null);
  const next = seat ?? items[0];
  if (next === undefined) return;
  err('');
  err(`Look at it: airworthy show ${next.key}`);
  if (seat?.gate) err(`Decide it:  airworthy decide ${seat.key} ${seat.gate} approve -m …`);
  const item = items.find(({ kind }) => kind === 'item');
  if (item) err(`Cases:      airworthy items ${item.key}, and airworthy decide-item ${item.key} --help`);
}
