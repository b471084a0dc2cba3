import { setTimeout as sleep } from 'node:timers/promises';
import { compileOperatingModel } from '../contracts/compile-operating-model.js';
import { parseForm } from '../contracts/form.js';
import { writtenOperatingModel } from '../contracts/operating-model.js';
import type { Digest } from '../domain/digest.js';
import type { Documents } from '../ports/documents.js';
import {
  type OperatingModels,
  OperatingModelsUnavailable,
  type PublishedModel,
  type UnusableModel,
} from '../ports/operating-models.js';
import type { Publication, Publications } from '../ports/publications.js';
import { reason } from './system-error.js';

/** Versions are published seldom: nobody who starts something waits longer to hear of one. */
const LOOK_UP_MS = 300;

const UNPROVEN =
  'the ledger says that it was published, and nothing proves that governance and risk approved it; find out who wrote that';

const sameVersion =
  (a: Pick<Publication, 'name' | 'version'>) => (b: Pick<Publication, 'name' | 'version'>) =>
    a.name === b.name && a.version === b.version;

/**
 * The models of a folder, which ship, beside those that were published through their gate. A file that says something
 * else under a version that was published is not used. While the ledger cannot be read, the publications known last
 * hold; where none are known, nothing is, because an older version may be ruled out.
 */
export function createPublishedModels(
  shipped: OperatingModels,
  publications: Pick<Publications, 'published'>,
  documents: Pick<Documents, 'get'>,
): OperatingModels {
  const compiled = new Map<Digest, PublishedModel>();
  let last: readonly Publication[] | undefined;

  const published = async (): Promise<readonly Publication[]> => {
    const asked = publications.published().then((list) => {
      last = list;
      return list;
    });
    if (last !== undefined) return soon(asked, last);
    try {
      return await asked;
    } catch (cause) {
      throw new OperatingModelsUnavailable(`what was published cannot be read: ${reason(cause)}`, { cause });
    }
  };

  const read = async ({
    name,
    version,
    digest,
    at,
    proven,
  }: Publication): Promise<PublishedModel | UnusableModel> => {
    if (!proven) return { file: `${name} ${version}`, problems: [UNPROVEN] };
    const known = compiled.get(digest);
    if (known !== undefined) return known;
    const written = parseForm(writtenOperatingModel, await documents.get(digest));
    const file = `${name} ${version}`;
    if (!written.ok)
      return { file, problems: [`its text ${digest} is not in the document store as it was approved`] };
    const model = { model: compileOperatingModel(written.value), written: written.value, publishedAt: at };
    compiled.set(digest, model);
    return model;
  };

  return {
    async all() {
      const [folder, list] = await Promise.all([shipped.all(), published()]);
      const readAll = await Promise.all(list.map(read));
      const ours = readAll.filter((each): each is PublishedModel => 'model' in each);
      const broken = readAll.filter((each): each is UnusableModel => 'file' in each);
      const models = [...ours];
      for (const shippedModel of folder.models) {
        const { name, version, digest } = shippedModel.model;
        const other = ours.find(({ model }) => sameVersion(shippedModel.model)(model));
        if (other === undefined) models.push(shippedModel);
        else if (other.model.digest !== digest) {
          const problem = `version ${version} was published with another text; give this one a higher version`;
          broken.push({ file: `${name}.yaml`, problems: [problem] });
        }
      }
      return { models, unusable: [...folder.unusable, ...broken] };
    },
  };
}

/** What is asked for where it comes in time, else what was known before. */
async function soon<T>(asked: Promise<T>, known: T): Promise<T> {
  const late = new AbortController();
  const { signal } = late;
  const before = sleep(LOOK_UP_MS, known, { signal }).catch(() => known);
  const answer = await Promise.race([asked.catch(() => known), before]);
  late.abort();
  return answer;
}
