import type { Command } from 'commander';
import { UsageError } from '../cli/client/problems.js';
import type { Terminal } from '../cli/terminal/terminal.js';
import { EXIT } from '../contracts/problem.js';
import { inCheckout } from './checkout.js';

/** `policy test FILE`: offline, so it needs no API; loaded late, because it brings the whole compiler. */
export function policyTestVerb(policy: Command, { out, err, paint }: Terminal, people: () => string): void {
  policy
    .command('test')
    .description('Compile and check an operating model, and run the example use cases under it; no server')
    .argument('<file>', 'an operating model, as the files of operating-models are')
    .option('--examples <folder>', 'use cases to run; absent: those that ship')
    .action(async (file: string, { examples }: { examples?: string }) => {
      const [{ testPolicy }, { createPeopleFile }] = await Promise.all([
        import('./policy-test.js'),
        import('../adapters/people-file.js'),
      ]);
      const directory = createPeopleFile(people());
      const { lines } = await testPolicy(file, { examples: examples ?? inCheckout('examples'), directory });
      for (const { bad, text } of lines) if (!bad) out(text);
      const wrong = lines.filter(({ bad }) => bad);
      for (const { text } of wrong) err(paint.bad(text));
      if (wrong.length > 0) throw new UsageError(`${wrong.length} problem(s)`, { exit: EXIT.refused });
    });
}
