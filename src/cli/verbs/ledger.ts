import type { Command } from 'commander';
import { eraseSubject } from '../client/erasures.js';
import { UsageError } from '../client/problems.js';
import { type CliContext, clientOf, printJson, sharedOptions } from './context.js';

interface EraseOptions {
  readonly as?: string;
  readonly json?: boolean;
  readonly reason?: string;
}

/** The command that all of `ledger …` belongs to; made where it is not there yet. */
export function ledgerCommand(program: Command): Command {
  const known = program.commands.find((command) => command.name() === 'ledger');
  return (
    known ?? program.command('ledger').description('What was recorded: to be verified, and what is erased')
  );
}

/** `ledger erase SUBJECT --reason …`: for auditors. */
export function ledgerVerbs(program: Command, context: CliContext): void {
  const erase = ledgerCommand(program)
    .command('erase')
    .description('Make what somebody wrote unreadable, everywhere and for good; the ledger still verifies')
    .argument('<subject>', 'id of the person')
    .option('--reason <text>', 'why, such as the number of the request');
  sharedOptions(erase).action(async (subject: string, options: EraseOptions) => {
    if (options.reason === undefined) throw new UsageError('say why: --reason TEXT');
    const api = await clientOf(context, options);
    const { answer, erased } = await eraseSubject(api, { subject, reason: options.reason });
    if (options.json) return printJson(context, answer.body);
    const { documents, entry } = erased;
    const what = documents === 1 ? '1 document' : `${documents} documents`;
    context.terminal.out(`Nobody can read ${what} of ${subject} any more; recorded as ${entry}.`);
  });
}
