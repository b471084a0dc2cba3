import type { Command } from 'commander';
import { type StepUp, signIn } from '../client/device-login.js';
import type { CliContext } from './context.js';

/** `login` and `logout`: for whoever signs in by an issuer; in development nobody does. */
export function loginVerbs(program: Command, { address, logins, terminal }: CliContext): void {
  program
    .command('login')
    .description('Sign in by a browser, here or on another machine; kept for this API until logout')
    .option('--acr <value>', 'how strongly, as a refusal asks for it')
    .option('--max-age <seconds>', 'how long ago at most, as a refusal asks for it')
    .action(async (stepUp: StepUp) => {
      const login = await signIn(address, stepUp, (where, code) => {
        terminal.err(`Open ${where}`);
        terminal.err(`and agree there to the code ${code}.`);
      });
      await logins.keep(address, login);
      terminal.err(`Signed in at ${address}.`);
    });

  program
    .command('logout')
    .description('Forget the sign-in of this API')
    .action(async () => {
      await logins.keep(address, undefined);
      terminal.err(`Signed out at ${address}.`);
    });
}
