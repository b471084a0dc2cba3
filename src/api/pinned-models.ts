import { compileOperatingModel } from '../contracts/compile-operating-model.js';
import { parseForm } from '../contracts/form.js';
import { writtenOperatingModel } from '../contracts/operating-model.js';
import type { Digest } from '../domain/digest.js';
import type { OperatingModel } from '../domain/policy.js';
import type { Documents } from '../ports/documents.js';
import { Problem } from './problem.js';

const KEPT = 16;

/** Operating models as lifecycles have them pinned, by the digest of their written form. */
export interface PinnedModels {
  /** Throws `Problem` where the document store does not have it any more. */
  of(digest: Digest): Promise<OperatingModel>;
}

export function createPinnedModels(documents: Documents): PinnedModels {
  const kept = new Map<Digest, OperatingModel>();
  return {
    async of(digest) {
      const known = kept.get(digest);
      if (known !== undefined) return known;
      const written = parseForm(writtenOperatingModel, await documents.get(digest));
      if (!written.ok) {
        throw new Problem(
          'documents-unavailable',
          `the operating model ${digest} is not in the document store`,
        );
      }
      const model = compileOperatingModel(written.value);
      if (kept.size >= KEPT) kept.clear();
      kept.set(digest, model);
      return model;
    },
  };
}
