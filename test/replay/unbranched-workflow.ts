/** What a change of behaviour does that forgets to ask for the engine: engine 2 for those that began with 1. */
import { lifecycle as real } from '../../src/workflows/index.js';

export async function lifecycle(argument: Parameters<typeof real>[0]): Promise<void> {
  if (!('start' in argument)) return real(argument);
  return real({ ...argument, start: { ...argument.start, engine: 2 } });
}
