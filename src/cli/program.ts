import { Command, CommanderError } from 'commander';
import { EXIT, type ExitCode } from '../contracts/problem.js';
import { ApiProblem, problemLines, Unreachable, UsageError } from './client/problems.js';
import type { Terminal } from './terminal/terminal.js';
import { apiKeyVerbs } from './verbs/api-keys.js';
import { commandVerbs } from './verbs/commands.js';
import type { CliContext } from './verbs/context.js';
import { decideVerb } from './verbs/decide.js';
import { decisionsVerb } from './verbs/decisions.js';
import { evidenceVerb } from './verbs/evidence.js';
import { inboxVerb } from './verbs/inbox.js';
import { itemsVerb } from './verbs/items.js';
import { ledgerVerbs } from './verbs/ledger.js';
import { loginVerbs } from './verbs/login.js';
import { lsVerb } from './verbs/ls.js';
import { policyVerbs } from './verbs/policy.js';
import { portfolioVerb } from './verbs/portfolio.js';
import { readVerbs } from './verbs/read.js';
import { specVerb } from './verbs/spec.js';
import { startVerb } from './verbs/start.js';
import { timelineVerb } from './verbs/timeline.js';
import { tokenVerb } from './verbs/token.js';

/** The program with every verb that is a client of the API. Whoever composes it may add more. */
export function createProgram(context: CliContext): Command {
  const { terminal } = context;
  const program = new Command('airworthy')
    .description('Carries AI use cases from a scoped idea to governed live operation')
    // A verb's own --version, of a spec, is not the program's business.
    .enablePositionalOptions()
    .showSuggestionAfterError()
    .exitOverride()
    .configureOutput({
      writeOut: (text) => terminal.out(text.trimEnd()),
      writeErr: (text) => terminal.err(text.trimEnd()),
    });
  startVerb(program, context);
  lsVerb(program, context);
  readVerbs(program, context);
  timelineVerb(program, context);
  specVerb(program, context);
  decisionsVerb(program, context);
  inboxVerb(program, context);
  itemsVerb(program, context);
  portfolioVerb(program, context);
  decideVerb(program, context);
  commandVerbs(program, context);
  evidenceVerb(program, context);
  ledgerVerbs(program, context);
  policyVerbs(program, context);
  tokenVerb(program, context);
  loginVerbs(program, context);
  apiKeyVerbs(program, context);
  return program;
}

/** Runs the program and tells its exit code; anything that is not a failure of the caller's or the API's is thrown. */
export async function runProgram(
  program: Command,
  args: readonly string[],
  terminal: Terminal,
): Promise<ExitCode> {
  try {
    await program.parseAsync([...args], { from: 'user' });
    return EXIT.done;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.done : EXIT.usage;
    if (error instanceof ApiProblem) return fail(terminal, problemLines(error), error.exit);
    if (error instanceof UsageError || error instanceof Unreachable) {
      return fail(terminal, error.message.split('\n'), error.exit);
    }
    throw error;
  }
}

function fail({ err, paint }: Terminal, lines: readonly string[], exit: ExitCode): ExitCode {
  const [first = '', ...rest] = lines;
  err(paint.bad(first));
  for (const line of rest) err(line);
  return exit;
}
