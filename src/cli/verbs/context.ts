import type { Command } from 'commander';
import { type ApiClient, createApiClient } from '../client/api-client.js';
import { renewed } from '../client/device-login.js';
import { signedInAs } from '../client/lifecycles.js';
import type { Logins } from '../client/logins.js';
import { UsageError } from '../client/problems.js';
import type { Terminal } from '../terminal/terminal.js';

/** What every verb needs: where the API is, and where to write. */
export interface CliContext {
  readonly address: string;
  readonly terminal: Terminal;
  /** A token or API key of the caller's, which comes before every sign-in. */
  readonly token?: string | undefined;
  readonly logins: Logins;
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

/** The caller's client. Throws `UsageError` where it is not known who that is. */
export async function clientOf(context: CliContext, { as }: SharedOptions): Promise<ApiClient> {
  const { address, token, logins } = context;
  if (as !== undefined) return signedInAs(as, address);
  if (token !== undefined) return createApiClient(address, token);
  const known = await logins.find(address);
  const login = known && (await renewed(known));
  if (login === undefined) {
    throw new UsageError(
      known === undefined
        ? 'say who you are: --as PERSON, somebody of the people file, in development; else airworthy login, or AIRWORTHY_TOKEN'
        : 'your sign-in is over: airworthy login again',
    );
  }
  if (login !== known) await logins.keep(address, login);
  return createApiClient(address, login.accessToken);
}

/** A document as JSON for programs. */
export function printJson({ terminal }: CliContext, document: unknown): void {
  terminal.out(JSON.stringify(document, null, 2));
}
