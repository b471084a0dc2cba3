import type { Command } from 'commander';
import { type Portfolio, readPortfolio } from '../client/lists.js';
import { span } from '../terminal/instants.js';
import { table } from '../terminal/table.js';
import type { Terminal } from '../terminal/terminal.js';
import { type CliContext, clientOf, printJson, sharedOptions } from './context.js';

/** `portfolio`: what is open, counted. */
export function portfolioVerb(program: Command, context: CliContext): void {
  const verb = program.command('portfolio').description('What is open in your teams: by stage, tier and age');
  sharedOptions(verb).action(async (options: { readonly as?: string; readonly json?: boolean }) => {
    const api = await clientOf(context, options);
    const { answer, portfolio } = await readPortfolio(api);
    if (options.json) return printJson(context, answer.body);
    const { terminal } = context;
    if (portfolio.open === 0) {
      terminal.err(
        'Nothing is open in your teams: start a use case with airworthy start -f usecase.yaml, or look at what is closed with airworthy ls --stage retired',
      );
      return;
    }
    showPortfolio(portfolio, terminal, Date.now());
  });
}

function showPortfolio(portfolio: Portfolio, { out, paint, width }: Terminal, now: number): void {
  const { open, held, overdue, byStage, byTier, byMode, byTeam, items } = portfolio;
  const bad = (count: number, what: string) => (count > 0 ? paint.bad(`${count} ${what}`) : `none ${what}`);
  out(`${paint.bold(`${open} open`)}, ${bad(held, 'held')}, ${bad(overdue, 'overdue')}`);
  if (items.open > 0) out(`${items.open} cases wait for a person, ${bad(items.late, 'late')}`);
  const section = (title: string, rows: readonly (readonly string[])[]): void => {
    out('');
    out(paint.bold(title));
    for (const line of table(rows, width)) out(`  ${line}`);
  };
  section(
    'By stage',
    byStage.map(({ stage, count, oldest }) => [stage, String(count), `the oldest for ${span(now - oldest)}`]),
  );
  section(
    'By tier',
    byTier.map(({ tier, count }) => [tier, String(count)]),
  );
  section(
    'By mode',
    byMode.map(({ mode, count }) => [mode, String(count)]),
  );
  section(
    'By team',
    byTeam.map(({ team, count }) => [team, String(count)]),
  );
}
