import { runCli } from './run-cli.js';

await runCli(['demo', ...process.argv.slice(2)]);
