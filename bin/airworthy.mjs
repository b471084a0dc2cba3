#!/usr/bin/env node
// The command line from a checkout: set-up first, which takes under a second once it has been done.
import { SetUpError, setUp } from '../scripts/set-up.mjs';

try {
  await setUp();
  process.setSourceMapsEnabled(true);
  await import('../dist/main/cli.js');
} catch (error) {
  process.stderr.write(`${error instanceof SetUpError ? error.message : error.stack}\n`);
  process.exitCode = 1;
}
