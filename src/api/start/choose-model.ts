import type { OperatingModels, PublishedModel } from '../../ports/operating-models.js';
import { Problem } from '../problem.js';

/** A version of a model by name, the newest where none is named; throws `Problem` for an unknown, an unusable or a demo one. */
export async function chooseModel(
  models: OperatingModels,
  name: string,
  trust: 'dev' | 'signed',
  version?: number,
): Promise<PublishedModel> {
  const { models: usable, unusable } = await models.all();
  const [chosen] = usable
    .filter(({ model }) => model.name === name && (version ?? model.version) === model.version)
    .sort((a, b) => b.model.version - a.model.version);
  if (chosen === undefined) {
    const broken = unusable.find(({ file }) => file.startsWith(`${name}.`));
    const names = usable.map(({ model }) => `${model.name} ${model.version}`).join(', ');
    const wanted = version === undefined ? '' : ` of version ${version}`;
    const message =
      broken === undefined
        ? `there is no operating model "${name}"${wanted}; there are ${names}`
        : `the operating model "${name}" cannot be used: ${broken.problems.slice(0, 5).join('; ')}`;
    throw problem('unknown-operating-model', message);
  }
  const { demo, timeScale } = chosen.model;
  if (trust !== 'dev' && (demo || timeScale !== 1)) {
    throw problem('demo-model-refused', `"${name}" shortens time; choose a model that does not`);
  }
  return chosen;
}

function problem(code: 'unknown-operating-model' | 'demo-model-refused', message: string): Problem {
  return new Problem(code, message, { reasons: [{ code, message, pointer: '/operatingModel' }] });
}
