import { copyFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { createModelFolder } from '../../src/adapters/model-folder.js';
import { digestOf } from '../../src/domain/digest.js';
import { OperatingModelsUnavailable } from '../../src/ports/operating-models.js';
import { temporaryFolder } from '../ports/temporary-folder.js';

async function shipped(): Promise<string> {
  const folder = await temporaryFolder();
  for (const name of ['standard.yaml', 'demo.yaml'])
    await copyFile(join('operating-models', name), join(folder, name));
  return folder;
}

describe('the folder of operating models', () => {
  it('gives every model with the written form that its digest covers', async () => {
    const { models, unusable } = await createModelFolder('operating-models').all();
    expect(models.map(({ model }) => model.name).sort()).toEqual(['demo', 'standard']);
    for (const { model, written } of models) expect(digestOf(written)).toBe(model.digest);
    expect(unusable).toEqual([]);
  });

  it('reads again what was written to, and only then', async () => {
    const folder = await shipped();
    const models = createModelFolder(folder);
    const first = await models.all();
    expect(await models.all()).toBe(first);
    await rm(join(folder, 'demo.yaml'));
    expect((await models.all()).models.map(({ model }) => model.name)).toEqual(['standard']);
  });

  it('names file, line and field of a model that cannot be used, and goes on with the others', async () => {
    const folder = await shipped();
    await writeFile(join(folder, 'broken.yaml'), 'extends: standard.yaml\nname: broken\nversion: none\n');
    const { models, unusable } = await createModelFolder(folder).all();
    expect(models).toHaveLength(2);
    expect(unusable).toMatchObject([{ file: 'broken.yaml' }]);
    expect(unusable[0]?.problems.join('\n')).toMatch(/broken\.yaml:3:\d+ version /);
  });

  it('says when it cannot be read', async () => {
    const folder = createModelFolder(join(await temporaryFolder(), 'nowhere'));
    await expect(folder.all()).rejects.toThrow(OperatingModelsUnavailable);
  });
});
