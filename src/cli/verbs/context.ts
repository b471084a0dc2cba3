import type { Command } from 'commander';
import type { ApiClient } from '../client/api-client.js';
import { signedInAs } from '../client/lifecycles.js';
import { UsageError } from '../client/problems.js';
import type { Terminal } from '../terminal/terminal.js';

/** What every verb needs: where the API is, and where to write. */
export interface CliContext {
  readonly address: string;
  readonly terminal: Terminal;
}

/** Options of the program itself, which every verb takes too. */
interface SharedOptions {
  readonly as?: string;
  readonly json?: boolean;
}

/** Registers the options that every verb takes. */
export function sharedOptions(command: Command): Command {
  return command
    .option('--as <person>', 'who you are: somebody of the people file (development only)')
    .option('--json', 'print the answer as one JSON document');
}

/** The caller's client. Throws `UsageError` where nobody is named. */
export async function clientOf({ address }: CliContext, { as }: SharedOptions): Promise<ApiClient> {
  if (as === undefined) throw new UsageError('say who you are: --as PERSON, somebody of the people file');
  return signedInAs(as, address);
}

/** A document as JSON for programs. */
export function printJson({ terminal }: CliContext, document: unknown): void {
  terminal.out(JSON.stringify(document, null, 2));
}
