import type { Command } from 'commander';
import type { z } from 'zod';
import { KEY_DAYS, type newApiKeyForm } from '../../contracts/api-keys.js';
import { elapsedOf, elapsedTime } from '../../contracts/duration-text.js';
import { createApiKey, listApiKeys, revokeApiKey, type ShownApiKey } from '../client/api-keys.js';
import { UsageError } from '../client/problems.js';
import { table } from '../terminal/table.js';
import { again } from './again.js';
import { type CliContext, clientOf, printJson, sharedOptions } from './context.js';

interface Shared {
  readonly as?: string;
  readonly json?: boolean;
}

interface Making extends Shared {
  readonly label?: string;
  readonly scope?: readonly string[];
  readonly expires?: string;
}

/** `api-keys create|ls|revoke`: keys of machines, for administrators. */
export function apiKeyVerbs(program: Command, context: CliContext): void {
  const group = program.command('api-keys').description('Keys by which machines sign in');
  const { out, err } = context.terminal;

  const create = group
    .command('create')
    .description('Make a key for a machine; it is shown once')
    .argument('<machine>', 'id of the machine in the directory')
    .option('--label <label>', 'what you call it, such as build-server')
    .option('--scope <name>', 'a command or action that it opens; again for more', again)
    .option('--expires <time>', `how long it is good, up to ${KEY_DAYS.most}d`, `${KEY_DAYS.unsaid}d`);
  sharedOptions(create).action(async (person: string, options: Making) => {
    const api = await clientOf(context, options);
    const { answer, made } = await createApiKey(api, bodyOf(person, options));
    if (options.json) return printJson(context, answer.body);
    out(made.token);
    err(`Key ${made.key.id} is good until ${day(made.key.expiresAt)}. It is not shown again.`);
  });

  const list = group
    .command('ls')
    .description('All keys that ever were, newest first')
    .argument('[machine]', 'only those of this machine');
  sharedOptions(list).action(async (person: string | undefined, options: Shared) => {
    const { answer, keys } = await listApiKeys(await clientOf(context, options), person);
    if (options.json) return printJson(context, answer.body);
    if (keys.length === 0) return err('No machine has a key: make one with airworthy api-keys create');
    for (const line of table(
      [HEAD.map(context.terminal.paint.dim), ...keys.map(rowOf)],
      context.terminal.width,
    ))
      out(line);
  });

  const revoke = group
    .command('revoke')
    .description('End a key for good, from the next second on')
    .argument('<id>', 'id of the key');
  sharedOptions(revoke).action(async (id: string, options: Shared) => {
    const { answer, key } = await revokeApiKey(await clientOf(context, options), id);
    if (options.json) return printJson(context, answer.body);
    out(`Key ${key.id} of ${key.person} opens nothing any more.`);
  });
}

const HEAD = ['ID', 'MACHINE', 'LABEL', 'OPENS', 'UNTIL', 'LAST USED'];

function rowOf({ id, person, label, scopes, expiresAt, lastUsedAt, revokedAt }: ShownApiKey): string[] {
  const until = revokedAt === null ? day(expiresAt) : `revoked ${day(revokedAt)}`;
  const used = lastUsedAt === null ? 'never' : new Date(lastUsedAt).toISOString().slice(0, 16);
  return [id, person, label, scopes?.join(', ') ?? 'everything', until, used];
}

function bodyOf(person: string, { label, scope, expires = '' }: Making): z.input<typeof newApiKeyForm> {
  if (label === undefined) throw new UsageError('say what you call it: --label build-server');
  if (scope === undefined) throw new UsageError('say what it opens: --scope add-evidence, again for more');
  if (!elapsedTime.safeParse(expires).success) throw new UsageError('--expires: write a time, such as 90d');
  const expiresAt = new Date(Date.now() + elapsedOf(expires)).toISOString();
  // The API knows which names there are, and says so of a wrong one.
  const scopes = [...scope] as z.input<typeof newApiKeyForm>['scopes'];
  return { person, label, scopes, expiresAt };
}

const day = (at: number): string => new Date(at).toISOString().slice(0, 10);
