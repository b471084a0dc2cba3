import type { Command } from 'commander';
import type { Terminal } from '../cli/terminal/terminal.js';
import { again } from '../cli/verbs/again.js';
import { ledgerCommand } from '../cli/verbs/ledger.js';
import { policyCommand } from '../cli/verbs/policy.js';
import { commandKeyVerbs } from './command-key-verbs.js';
import { currentSettings, describeSettings, readEnvironment } from './environment.js';
import { keyVerbs } from './key-verbs.js';
import { bundleVerbs } from './ledger-verbs.js';
import { policyTestVerb } from './policy-verb.js';
import { rebuildVerb } from './rebuild-verb.js';
import { openRunningDatabase } from './running-database.js';

/** The verbs that work without the API, because they start it or are about this machine. */
export function ownVerbs(program: Command, terminal: Terminal): void {
  const { out } = terminal;
  const openPool = () => openRunningDatabase(readEnvironment());
  const ledger = ledgerCommand(program);
  bundleVerbs(ledger, terminal, openPool);
  keyVerbs(ledger, terminal, openPool);
  commandKeyVerbs(program, terminal, readEnvironment);
  policyTestVerb(policyCommand(program), terminal, () => readEnvironment().people);
  rebuildVerb(ledger, terminal, async () => {
    const pool = await openPool();
    const { createPostgresDocuments } = await import('../ledger/documents/postgres-documents.js');
    const { masterKeyIn } = await import('./document-store.js');
    return { pool, documents: createPostgresDocuments(pool, await masterKeyIn(readEnvironment())) };
  });

  program
    .command('up')
    .description('Start Airworthy with all it needs, and stay until Ctrl-C')
    .addHelpText('after', `\nSettings, all optional:\n${describeSettings()}`)
    .action(async () => {
      const { runUp } = await import('./run-up.js');
      await runUp();
    });

  program
    .command('demo')
    .description('Start Airworthy, or join it where it is up, and carry the examples through it')
    .option('--once', 'stop everything that was started, and exit 0 only if all went as the files say')
    .option('--example <name>', 'only this one; again for more', again)
    .action(async ({ once, example }: { once?: boolean; example?: readonly string[] }) => {
      const { runDemoProgram } = await import('./run-demo.js');
      await runDemoProgram({ once: once ?? false, examples: example });
    });

  program
    .command('config')
    .description('Every setting with its value and what it is for')
    .option('--json', 'as one JSON document')
    .action(({ json }: { json?: boolean }) => {
      const settings = currentSettings();
      if (json)
        out(JSON.stringify(Object.fromEntries(settings.map(({ name, value }) => [name, value])), null, 2));
      else for (const { name, value, purpose } of settings) out(`${name}=${value ?? ''}\n    ${purpose}`);
    });
}
