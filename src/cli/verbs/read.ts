/** The verbs that only look: show, route. */
import type { Command } from 'commander';
import { askView, readRoute } from '../client/lifecycles.js';
import { showRoute } from '../terminal/show-route.js';
import { showView } from '../terminal/show-view.js';
import { again } from './again.js';
import { type CliContext, clientOf, printJson, sharedOptions } from './context.js';
import { watch } from './watch.js';

interface ShowOptions {
  readonly as?: string;
  readonly json?: boolean;
  readonly watch?: boolean;
}

interface RouteOptions {
  readonly as?: string;
  readonly json?: boolean;
  readonly whatIf?: readonly string[];
}

export function readVerbs(program: Command, context: CliContext): void {
  const show = program
    .command('show')
    .description('Where a lifecycle stands, what it waits for, and what you may do')
    .argument('<key>', 'the use case')
    .option('--watch', 'go on showing it whenever it changes; with --json one document a line');
  sharedOptions(show).action(async (key: string, options: ShowOptions) => {
    const api = await clientOf(context, options);
    if (options.watch) return watch(api, key, context, options.json);
    const { answer, view } = await askView(api, key);
    if (options.json) printJson(context, answer.body);
    else if (view !== undefined) showView(view, context.terminal, Date.now());
  });

  const route = program
    .command('route')
    .description('The earliest honest go-live, what leads to it, and what is missing')
    .argument('<key>', 'the use case')
    .option(
      '--what-if <assumption>',
      'without=FACT, or second=FUNCTION for one more eligible person; again for more',
      again,
    );
  sharedOptions(route).action(async (key: string, options: RouteOptions) => {
    const api = await clientOf(context, options);
    const { answer, route: found } = await readRoute(api, key, options.whatIf ?? []);
    if (options.json) printJson(context, answer.body);
    else showRoute(found, context.terminal);
  });
}
