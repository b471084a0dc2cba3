import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Command } from 'commander';
import { type Decision, readDecisions } from '../client/lists.js';
import { type CliContext, clientOf, printJson, sharedOptions } from './context.js';

interface DecisionsOptions {
  readonly as?: string;
  readonly json?: boolean;
  readonly out?: string;
}

/** `decisions KEY`: every decision, and into a folder what standard tools check of each. */
export function decisionsVerb(program: Command, context: CliContext): void {
  const verb = program
    .command('decisions')
    .description('Every decision with what proves it, as in-toto statements in DSSE envelopes')
    .argument('<key>', 'the use case')
    .option('--out <folder>', 'write two envelopes of each there: the decision, and its key’s certificate');
  sharedOptions(verb).action(async (key: string, options: DecisionsOptions) => {
    const api = await clientOf(context, options);
    const decisions: Decision[] = [];
    for (let cursor: string | undefined; ; ) {
      const { items, nextCursor } = await readDecisions(api, key, { cursor });
      decisions.push(...items);
      if (nextCursor === null) break;
      cursor = nextCursor;
    }
    if (options.out !== undefined) await writeEnvelopes(options.out, decisions);
    if (options.json) return printJson(context, { items: decisions });
    const { out, paint } = context.terminal;
    for (const { at, gate, person, decision, doubt, envelope } of decisions) {
      const proven =
        doubt === null ? `signed by ${envelope?.signatures[0]?.keyid}` : paint.warn(`not proven: ${doubt}`);
      out(`${new Date(at).toISOString()}  ${gate}  ${person}  ${decision}  ${proven}`);
    }
  });
}

async function writeEnvelopes(folder: string, decisions: readonly Decision[]): Promise<void> {
  await mkdir(folder, { recursive: true });
  for (const { entry, envelope, certificate } of decisions) {
    if (envelope === null || certificate === null) continue;
    const name = entry.replaceAll('/', '-');
    await writeFile(join(folder, `${name}.decision.json`), `${JSON.stringify(envelope, null, 2)}\n`);
    await writeFile(join(folder, `${name}.certificate.json`), `${JSON.stringify(certificate, null, 2)}\n`);
  }
}
