/** What a careless change does: one more step before anything else, in every lifecycle that ever began. */
import { sleep } from '@temporalio/workflow';
import { lifecycle as real } from '../../src/workflows/index.js';

export async function lifecycle(...args: Parameters<typeof real>): Promise<void> {
  await sleep(1);
  return real(...args);
}
