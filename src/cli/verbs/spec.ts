import type { Command } from 'commander';
import { parse } from 'yaml';
import { readAlertingRules, readSpecDiff, readSpecOverview, type SpecDiff } from '../client/lists.js';
import { showOverview } from '../terminal/show-overview.js';
import type { Terminal } from '../terminal/terminal.js';
import { type CliContext, clientOf, printJson, sharedOptions } from './context.js';

interface SpecOptions {
  readonly as?: string;
  readonly json?: boolean;
  readonly release?: string;
}

/** `spec diff KEY 1 2`, `spec overview KEY 2`, `spec alerting-rules KEY 2`. */
export function specVerb(program: Command, context: CliContext): void {
  const spec = program.command('spec').description('What the versions of a spec say, and come to');
  diffVerb(spec, context);
  overviewVerb(spec, context);
  alertingVerb(spec, context);
}

function diffVerb(spec: Command, context: CliContext): void {
  const diff = spec
    .command('diff')
    .description('What is different between two versions, clause by clause')
    .argument('<key>', 'the use case')
    .argument('<from>', 'number of the earlier version')
    .argument('<to>', 'number of the later version');
  sharedOptions(diff).action(async (key: string, from: string, to: string, options: SpecOptions) => {
    const api = await clientOf(context, options);
    const { answer, diff: found } = await readSpecDiff(api, key, from, to);
    if (options.json) printJson(context, answer.body);
    else showDiff(found, context.terminal);
  });
}

function overviewVerb(spec: Command, context: CliContext): void {
  const verb = spec
    .command('overview')
    .description('All that a version compiles to: evidence, gates, checks, guard, queues, alerts')
    .argument('<key>', 'the use case')
    .argument('<version>', 'number of the version');
  sharedOptions(verb).action(async (key: string, version: string, options: SpecOptions) => {
    const api = await clientOf(context, options);
    const { answer, overview } = await readSpecOverview(api, key, version);
    if (options.json) printJson(context, answer.body);
    else showOverview(overview, context.terminal);
  });
}

function alertingVerb(spec: Command, context: CliContext): void {
  const verb = spec
    .command('alerting-rules')
    .description('Its live clauses as a rule file of Prometheus')
    .argument('<key>', 'the use case')
    .argument('<version>', 'number of the version')
    .option('--release <label>', 'the release to watch, such as r1; what serves, if left out');
  sharedOptions(verb).action(async (key: string, version: string, options: SpecOptions) => {
    const api = await clientOf(context, options);
    const text = await readAlertingRules(api, key, version, { release: options.release });
    if (options.json) printJson(context, parse(text));
    else context.terminal.out(text.trimEnd());
  });
}

function showDiff({ from, to, changes }: SpecDiff, { out, err, paint }: Terminal): void {
  if (changes.length === 0) return err(`Version ${from.version} and version ${to.version} say the same.`);
  const MARKS = { added: paint.good('+'), removed: paint.bad('-'), changed: paint.warn('~') };
  for (const { change, section, clause, words } of changes) {
    const name = section === clause ? clause : `${section} ${clause}`;
    out(`${MARKS[change]} ${paint.bold(name)}: ${words}`);
  }
}
