import { describe, expect, it } from 'vitest';
import { createModelFolder } from '../../src/adapters/model-folder.js';
import { createPublishedModels } from '../../src/adapters/published-models.js';
import type { Digest } from '../../src/domain/digest.js';
import { LedgerUnavailable } from '../../src/ports/ledger.js';
import { OperatingModelsUnavailable } from '../../src/ports/operating-models.js';
import type { Publication } from '../../src/ports/publications.js';
import { shipped } from '../operating-models/shipped-models.js';
import { MemoryDocuments } from '../support/memory-documents.js';

const folder = createModelFolder('operating-models');
const { written } = shipped('standard');

async function office() {
  const documents = new MemoryDocuments();
  const list: Publication[] = [];
  const state: { published: () => Promise<readonly Publication[]> } = { published: async () => list };
  const publish = async (change: object, more: Partial<Publication> = {}): Promise<Digest> => {
    const text = { ...written, ...change };
    const digest = await documents.put(text);
    list.push({ name: text.name, version: text.version, digest, at: 7, proven: true, ...more });
    return digest;
  };
  const models = createPublishedModels(folder, { published: () => state.published() }, documents);
  const versions = async () =>
    (await models.all()).models.map(({ model: { name, version } }) => `${name} ${version}`).sort();
  return { models, publish, state, versions };
}

describe('published models, beside those that ship', () => {
  it('are all there, as they were approved', async () => {
    const { models, publish, versions } = await office();
    const digest = await publish({ version: 2 });
    expect(await versions()).toEqual(['demo 1', 'standard 1', 'standard 2']);
    const found = (await models.all()).models.find(({ model }) => model.version === 2);
    expect(found).toMatchObject({ model: { digest }, publishedAt: 7 });
  });

  it('win over a file that says something else under their version', async () => {
    const { models, publish, versions } = await office();
    await publish({ version: 1, editors: ['uma'] });
    expect(await versions()).toEqual(['demo 1', 'standard 1']);
    const { models: usable, unusable } = await models.all();
    expect(usable.find(({ model }) => model.name === 'standard')?.model.editors).toEqual(['uma']);
    expect(unusable).toMatchObject([
      { file: 'standard.yaml', problems: [expect.stringContaining('higher version')] },
    ]);
  });

  it('are not used where nothing proves them, or their text is gone', async () => {
    const { models, publish, versions } = await office();
    await publish({ version: 2 }, { proven: false });
    await publish({ version: 3 }, { digest: `sha256:${'0'.repeat(64)}` });
    expect(await versions()).toEqual(['demo 1', 'standard 1']);
    const { unusable } = await models.all();
    expect(unusable.map(({ file, problems }) => [file, problems.length])).toEqual([
      ['standard 2', 1],
      ['standard 3', 1],
    ]);
  });

  it('hold as known last while the ledger is away or slow, and are never guessed', async () => {
    const { models, publish, state, versions } = await office();
    const away = async (): Promise<never> => {
      throw new LedgerUnavailable('it is away');
    };
    const { published } = state;
    state.published = away;
    await expect(models.all()).rejects.toThrow(OperatingModelsUnavailable);
    state.published = published;
    await publish({ version: 2 });
    await models.all();
    state.published = away;
    expect(await versions()).toContain('standard 2');
    state.published = () => new Promise(() => undefined);
    expect(await versions()).toContain('standard 2');
  });
});
