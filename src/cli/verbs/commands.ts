/** One verb for every command of the table that has none of its own. */
import { type Command, Option } from 'commander';
import type { z } from 'zod';
import type { Body } from '../../contracts/bodies/body.js';
import { ITEM_BODIES } from '../../contracts/bodies/items.js';
import { COMMAND_SUMMARIES, ITEM_COMMAND_SUMMARIES } from '../../contracts/command-summaries.js';
import { COMMAND_BODIES } from '../../contracts/commands.js';
import { sendCommand } from '../client/lifecycles.js';
import { again } from './again.js';
import { type BodySources, bodyOf } from './body.js';
import { type CliContext, clientOf, sharedOptions } from './context.js';
import { flagsOf } from './flags.js';
import { reportAnswer } from './report.js';

interface CommandOptions extends Record<string, unknown> {
  readonly as?: string;
  readonly json?: boolean;
  readonly file?: string;
  readonly data?: string;
  readonly idempotencyKey?: string;
}

/** Both tables of commands: those of lifecycles, and those of the items below them. */
const SUMMARIES: Readonly<Record<string, string>> = { ...COMMAND_SUMMARIES, ...ITEM_COMMAND_SUMMARIES };
const BODIES = Object.entries<Body<z.ZodType>>({ ...COMMAND_BODIES, ...ITEM_BODIES }).filter(
  ([name]) => name !== 'decide',
);

/** Registers the generated verbs. */
export function commandVerbs(program: Command, context: CliContext): void {
  for (const [name, { body, example }] of BODIES) {
    const verb = program.command(name).argument('<key>', 'the use case');
    verb.description(SUMMARIES[name] ?? '');
    for (const { syntax, description, choices, repeatable } of flagsOf(body)) {
      const option = new Option(syntax, description);
      if (repeatable) option.argParser(again);
      else if (choices.length > 0) option.choices([...choices]);
      verb.addOption(option);
    }
    bodyOptions(sharedOptions(verb)).addHelpText(
      'after',
      `\nA whole body, for --data or -f:\n  ${JSON.stringify(example)}`,
    );
    verb.action(async (key: string, options: CommandOptions) => {
      const api = await clientOf(context, options);
      const { file, data, idempotencyKey, json } = options;
      const sources: BodySources = { file, data, flags: options };
      const answer = await sendCommand(api, key, name, await bodyOf(body, sources, api, key), idempotencyKey);
      reportAnswer(context, answer, json);
    });
  }
}

/** Registers the options by which every command's body may be given. */
function bodyOptions(verb: Command): Command {
  return verb
    .option(
      '-f, --file <file>',
      'the body, or its one field, in YAML or JSON; $now, $spec and $release are filled in',
    )
    .option('--data <json>', 'the body, or a part of it, as JSON')
    .option('--idempotency-key <key>', 'to repeat a command whose outcome is unknown');
}
