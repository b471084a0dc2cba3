import type { CommandName } from '../domain/commands/payloads.js';
import { COMMAND_NAMES, COMMANDS } from '../domain/commands/table.js';

/** One line on every command of the table, for clients that list them. */
export const COMMAND_SUMMARIES = Object.fromEntries(
  COMMAND_NAMES.map((name) => [name, COMMANDS[name].summary]),
) as { readonly [N in CommandName]: string };
