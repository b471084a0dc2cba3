import type { Command } from 'commander';
import { devToken } from '../client/lifecycles.js';
import { UsageError } from '../client/problems.js';
import { type CliContext, printJson, sharedOptions } from './context.js';

/** `token --as PERSON`: for calls by other means, such as curl. */
export function tokenVerb(program: Command, context: CliContext): void {
  const verb = program
    .command('token')
    .description('A development token of a person, for calls by other means');
  sharedOptions(verb).action(async ({ as, json }: { readonly as?: string; readonly json?: boolean }) => {
    if (as === undefined) throw new UsageError('say whose token: --as PERSON, somebody of the people file');
    const token = await devToken(as, context.address);
    if (json) printJson(context, { person: as, token });
    else context.terminal.out(token);
  });
}
