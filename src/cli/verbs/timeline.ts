import type { Command } from 'commander';
import type { ApiClient } from '../client/api-client.js';
import { followEvents } from '../client/event-stream.js';
import { type Entry, readTimeline } from '../client/lifecycles.js';
import { entryLine } from '../terminal/entry-line.js';
import { type CliContext, clientOf, printJson, sharedOptions } from './context.js';

interface TimelineOptions {
  readonly as?: string;
  readonly json?: boolean;
  readonly follow?: boolean;
}

/** `timeline KEY`: what happened and what was refused. */
export function timelineVerb(program: Command, context: CliContext): void {
  const verb = program
    .command('timeline')
    .description('What happened to a use case and what was refused, oldest first')
    .argument('<key>', 'the use case')
    .option('--follow', 'go on with what comes, until Ctrl-C; with --json one entry a line');
  sharedOptions(verb).action(async (key: string, options: TimelineOptions) => {
    const api = await clientOf(context, options);
    if (options.follow) return follow(api, key, context, options.json);
    const entries = await wholeTimeline(api, key);
    if (options.json) return printJson(context, { items: entries });
    const { out, err, paint } = context.terminal;
    for (const entry of entries) out(entryLine(entry, paint));
    if (entries.length === 0) {
      err(
        `Nothing of ${key} is recorded yet: the ledger may be a moment behind; wait for it with airworthy timeline ${key} --follow`,
      );
    }
  });
}

async function wholeTimeline(api: ApiClient, key: string): Promise<Entry[]> {
  const entries: Entry[] = [];
  for (let cursor: string | undefined; ; ) {
    const { items, next } = await readTimeline(api, key, cursor);
    entries.push(...items);
    if (next === undefined) return entries;
    cursor = next;
  }
}

/** Until it is interrupted, or the lifecycle is over. */
async function follow(
  api: ApiClient,
  key: string,
  { terminal }: CliContext,
  json: boolean | undefined,
): Promise<void> {
  const { out, err, paint } = terminal;
  const interrupted = ({ message }: Error) =>
    err(paint.warn(`Interrupted (${message}); it goes on by itself.`));
  for await (const entry of followEvents(api, key, { interrupted })) {
    out(json ? JSON.stringify(entry) : entryLine(entry, paint));
    if (entry.type === 'Retired') return;
  }
}
