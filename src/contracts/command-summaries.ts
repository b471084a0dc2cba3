import type { CommandName } from '../domain/commands/payloads.js';
import { COMMAND_NAMES, COMMANDS } from '../domain/commands/table.js';
import {
  ITEM_COMMAND_NAMES,
  ITEM_COMMANDS,
  type ItemCommandName,
} from '../domain/operations/item-commands.js';

/** One line on every command of the table, for clients that list them. */
export const COMMAND_SUMMARIES = Object.fromEntries(
  COMMAND_NAMES.map((name) => [name, COMMANDS[name].summary]),
) as { readonly [N in CommandName]: string };

/** The same of the table of items. */
export const ITEM_COMMAND_SUMMARIES = Object.fromEntries(
  ITEM_COMMAND_NAMES.map((name) => [name, ITEM_COMMANDS[name].summary]),
) as { readonly [N in ItemCommandName]: string };
