import { writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { bundleWorkflowCode, DefaultLogger } from '@temporalio/worker';

/** Where the floor's bundle lies once it is made. */
export const floorBundlePath = fileURLToPath(new URL('./workflow-bundle.js', import.meta.url));

/** Bundles the floor's workflow into a file, as set-up does with ours, and answers with its path. */
export async function bundleFloor(): Promise<string> {
  const workflowsPath = fileURLToPath(new URL('./workflow.js', import.meta.url));
  const { code } = await bundleWorkflowCode({ workflowsPath, logger: new DefaultLogger('WARN') });
  await writeFile(floorBundlePath, code);
  return floorBundlePath;
}
