import { writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { bundleWorkflowCode, DefaultLogger } from '@temporalio/worker';
import { reportFailure } from './operator-error.js';

// Run by set-up right after compiling. Built beforehand because bundling at start makes a worker three times
// slower to become ready and 90 MiB larger.
const workflowsPath = fileURLToPath(new URL('../workflows/index.js', import.meta.url));
const payloadConverterPath = fileURLToPath(new URL('../workflows/payload-converter.js', import.meta.url));
const workflowInterceptorModules = [
  fileURLToPath(new URL('../workflows/unstarted-task.js', import.meta.url)),
];
// Evaluated once in a worker and shared, frozen, by all its lifecycles: halves the CPU and takes a third of the
// memory of each. So no module of theirs keeps anything, and no table of schemas is left unfrozen: see
// contracts/fields.ts.
const stackTracesPath = fileURLToPath(new URL('../workflows/stack-traces.js', import.meta.url));
const preloadModules = [stackTracesPath, workflowsPath];
const bundlePath = fileURLToPath(new URL('../workflow-bundle.js', import.meta.url));

try {
  const logger = new DefaultLogger('WARN');
  const { code } = await bundleWorkflowCode({
    workflowsPath,
    payloadConverterPath,
    workflowInterceptorModules,
    preloadModules,
    logger,
  });
  await writeFile(bundlePath, code);
} catch (error) {
  reportFailure(error);
}
