import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { openApiDocument } from '../api/openapi/document.js';
import { inCheckout } from './checkout.js';
import { OperatorError, reportFailure } from './operator-error.js';
import { permissions } from './reference/permissions.js';
import { stateDiagram } from './reference/state-diagram.js';

/** What docs/reference holds that comes from the sources: file by its parts, and its content. */
const GENERATED: readonly { readonly file: readonly string[]; readonly content: () => string }[] = [
  {
    file: ['docs', 'reference', 'openapi.json'],
    content: () => `${JSON.stringify(openApiDocument(), null, 2)}\n`,
  },
  { file: ['docs', 'reference', 'permissions.md'], content: permissions },
  { file: ['docs', 'reference', 'state-diagram.md'], content: stateDiagram },
];

/** Writes the generated references; with `--check`, says which are out of date instead. */
async function generate(check: boolean): Promise<void> {
  const stale: string[] = [];
  for (const { file, content } of GENERATED) {
    const path = inCheckout(...file);
    const fresh = content();
    if ((await contentOf(path)) === fresh) continue;
    stale.push(file.join('/'));
    if (check) continue;
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, fresh);
  }
  if (check && stale.length > 0)
    throw new OperatorError(`${stale.join(', ')} out of date: run npm run generate.`);
  process.stdout.write(stale.length === 0 ? 'Everything is current.\n' : `Wrote ${stale.join(', ')}.\n`);
}

async function contentOf(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    throw error;
  }
}

generate(process.argv.includes('--check')).catch(reportFailure);
