import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { describeProblem, parseOperatingModel } from '../contracts/read-operating-model.js';
import {
  type OperatingModels,
  OperatingModelsUnavailable,
  type PublishedModel,
  type UnusableModel,
} from '../ports/operating-models.js';
import { reason } from './system-error.js';

type Models = Awaited<ReturnType<OperatingModels['all']>>;

/** Operating models as YAML files of one folder, read again whenever one of them was written to. */
export function createModelFolder(folder: string): OperatingModels {
  let last: { readonly version: string; readonly models: Models } | undefined;

  return {
    async all() {
      try {
        const files = (await readdir(folder)).filter((name) => /\.ya?ml$/.test(name)).sort();
        const version = (await Promise.all(files.map((name) => versionOf(folder, name)))).join('\n');
        if (last?.version !== version) last = { version, models: await load(folder, files) };
        return last.models;
      } catch (cause) {
        throw new OperatingModelsUnavailable(`the operating models cannot be read: ${reason(cause)}`, {
          cause,
        });
      }
    },
  };
}

async function versionOf(folder: string, name: string): Promise<string> {
  const { mtimeMs, size, ino } = await stat(join(folder, name));
  return `${name}.${ino}.${mtimeMs}.${size}`;
}

async function load(folder: string, files: readonly string[]): Promise<Models> {
  const texts = new Map(
    await Promise.all(files.map(async (name) => [name, await readFile(join(folder, name), 'utf8')] as const)),
  );
  const models: PublishedModel[] = [];
  const unusable: UnusableModel[] = [];
  for (const [file, text] of texts) {
    const read = parseOperatingModel(text, { file, resolve: (name) => texts.get(name) });
    if (read.ok) models.push({ model: read.model, written: read.written });
    else unusable.push({ file, problems: read.problems.map(describeProblem) });
  }
  return { models, unusable };
}
