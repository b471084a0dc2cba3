// `npm run record-histories`: goes through the journeys of test/replay/journeys.ts on a real server and writes their
// histories to test/replay/histories. Only for a change that no running lifecycle can have met: histories of a
// release are evidence that its lifecycles still replay, and are kept.
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { SetUpError, setUp } from './set-up.mjs';

const root = dirname(dirname(fileURLToPath(import.meta.url)));

setUp()
  .then(() => {
    const vitest = join(root, 'node_modules', 'vitest', 'vitest.mjs');
    process.argv = [
      process.argv[0],
      vitest,
      'run',
      '--config',
      join(root, 'test', 'replay', 'record.config.ts'),
    ];
    return import(pathToFileURL(vitest).href);
  })
  .catch((error) => {
    process.stderr.write(`${error instanceof SetUpError ? error.message : error.stack}\n`);
    process.exitCode = 1;
  });
