import type { Command } from 'commander';
import { readSpecDiff, type SpecDiff } from '../client/lists.js';
import type { Terminal } from '../terminal/terminal.js';
import { type CliContext, clientOf, printJson, sharedOptions } from './context.js';

/** `spec diff KEY 1 2`. */
export function specVerb(program: Command, context: CliContext): void {
  const spec = program.command('spec').description('What the versions of a spec say');
  const diff = spec
    .command('diff')
    .description('What is different between two versions, clause by clause')
    .argument('<key>', 'the use case')
    .argument('<from>', 'number of the earlier version')
    .argument('<to>', 'number of the later version');
  sharedOptions(diff).action(
    async (
      key: string,
      from: string,
      to: string,
      options: { readonly as?: string; readonly json?: boolean },
    ) => {
      const api = await clientOf(context, options);
      const { answer, diff: found } = await readSpecDiff(api, key, from, to);
      if (options.json) printJson(context, answer.body);
      else showDiff(found, context.terminal);
    },
  );
}

function showDiff({ from, to, changes }: SpecDiff, { out, err, paint }: Terminal): void {
  if (changes.length === 0) return err(`Version ${from.version} and version ${to.version} say the same.`);
  const MARKS = { added: paint.good('+'), removed: paint.bad('-'), changed: paint.warn('~') };
  for (const { change, section, clause, words } of changes) {
    const name = section === clause ? clause : `${section} ${clause}`;
    out(`${MARKS[change]} ${paint.bold(name)}: ${words}`);
  }
}
