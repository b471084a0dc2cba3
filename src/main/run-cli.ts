import { join } from 'node:path';
import { createLoginFile } from '../cli/client/logins.js';
import { createProgram, runProgram } from '../cli/program.js';
import { EXIT } from '../contracts/problem.js';
import { configFolder, type Environment, readEnvironment } from './environment.js';
import { OperatorError, reportFailure } from './operator-error.js';
import { ownTerminal } from './own-terminal.js';
import { ownVerbs } from './own-verbs.js';
import { runningSystem } from './supervisor/addresses.js';

function addressOf({ publicUrl, home, apiPort }: Environment): string {
  return publicUrl ?? runningSystem(home)?.addresses.api ?? `http://127.0.0.1:${apiPort}`;
}

/** Runs the command line and leaves its exit code with this process. */
export async function runCli(args: readonly string[]): Promise<void> {
  try {
    const terminal = ownTerminal();
    const environment = readEnvironment();
    const logins = createLoginFile(join(configFolder(), 'logins.json'));
    const { token } = environment;
    const program = createProgram({ address: addressOf(environment), terminal, token, logins });
    ownVerbs(program, terminal);
    process.exitCode = await runProgram(program, args, terminal);
  } catch (error) {
    reportFailure(error);
    if (error instanceof OperatorError) process.exitCode = EXIT.usage;
  }
}
