/**
 * The zod side of the command table: what every command takes over HTTP. Adding a command is one row in
 * `domain/commands/table.ts`, one here (in `bodies/`), one payload in `payloads.ts` where it brings a document.
 */
import type { z } from 'zod';
import type { CommandName } from '../domain/commands/payloads.js';
import type { Body } from './bodies/body.js';
import { INTAKE_BODIES } from './bodies/intake.js';
import { PLAIN_BODIES } from './payloads.js';

export const COMMAND_BODIES = { ...PLAIN_BODIES, ...INTAKE_BODIES } satisfies {
  readonly [N in CommandName]: Body<z.ZodType>;
};

/** A command's body after parsing. */
export type CommandBody<N extends CommandName> = z.output<(typeof COMMAND_BODIES)[N]['body']>;
