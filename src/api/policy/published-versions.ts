import type { OperatingModel } from '../../domain/policy.js';
import type { Api } from '../deps.js';
import { chooseModel } from '../start/choose-model.js';

/** Finds a published version of a model, and sees to it that its text is kept and the ledger names it. */
export function publishedVersions({ models, trust, documents, usedModels }: Api) {
  return async (name: string, version?: number): Promise<OperatingModel> => {
    const { model, written } = await chooseModel(models, name, trust, version);
    await documents.put(written);
    await usedModels.record(model);
    return model;
  };
}
