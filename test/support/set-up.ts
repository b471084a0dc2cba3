import { setUp } from '../../scripts/set-up.mjs';

/** Tests that start processes use the compiled program: it must be of these sources. */
export async function setup(): Promise<void> {
  await setUp();
}
