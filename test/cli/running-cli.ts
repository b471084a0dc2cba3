import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { ApiDeps } from '../../src/api/deps.js';
import { createProgram, runProgram } from '../../src/cli/program.js';
import { createTerminal } from '../../src/cli/terminal/terminal.js';
import type { CliContext } from '../../src/cli/verbs/context.js';
import { runningApi } from '../api/running-api.js';
import { temporaryFolder } from '../ports/temporary-folder.js';

/** What one call of the command line came to. */
export interface Called {
  readonly exit: number;
  readonly out: string;
  readonly err: string;
}

const nobody = { find: async () => undefined, keep: async () => undefined };

/** Runs the command line against an address, without colour. */
export async function callCli(address: string, ...args: readonly string[]): Promise<Called> {
  return callCliWith({ address }, ...args);
}

interface Given extends Partial<Omit<CliContext, 'terminal'>> {
  readonly address: string;
  /** Told what the verb says while it goes on. */
  readonly onErr?: (text: string) => void;
}

/** The same, for somebody with a token or with sign-ins. */
export async function callCliWith(
  { address, token, logins = nobody, onErr }: Given,
  ...args: readonly string[]
): Promise<Called> {
  let out = '';
  let err = '';
  const stdout = {
    write: (text: string): void => {
      out += text;
    },
  };
  const stderr = {
    write: (text: string): void => {
      err += text;
      onErr?.(text);
    },
  };
  const terminal = createTerminal(stdout, stderr, false);
  const exit = await runProgram(createProgram({ address, terminal, token, logins }), args, terminal);
  return { exit, out, err };
}

/** The command line beside an API that runs in this process, with a place for the files it is given. */
export async function runningCli(overrides: Partial<ApiDeps> = {}) {
  const api = await runningApi(overrides);
  const folder = await temporaryFolder();
  return {
    api,
    call: (...args: readonly string[]) => callCli(api.origin, ...args),
    file: async (name: string, text: string) => {
      await writeFile(join(folder, name), text);
      return join(folder, name);
    },
  };
}
