import { writeFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { concurrentAppenders } from './concurrent-appenders.js';
import { postgresKilled } from './postgres-killed.js';
import type { Report, Suite } from './suite.js';
import { workersKilled } from './workers-killed.js';

const SUITES: readonly Suite[] = [concurrentAppenders, postgresKilled, workersKilled];

const { values } = parseArgs({
  options: { json: { type: 'string' }, only: { type: 'string' }, seed: { type: 'string' } },
});
const names = SUITES.map(({ name }) => name);
const say = (line: string): void => void process.stderr.write(`${line}\n`);

function usage(message: string): never {
  say(message);
  process.exit(2);
}

if (values.only !== undefined && !names.includes(values.only))
  usage(`--only takes one of ${names.join(', ')}`);
const seed = values.seed === undefined ? Date.now() % 1_000_000 : Number(values.seed);
if (!Number.isInteger(seed)) usage('--seed takes a whole number, such as one that an earlier run printed');

const reports: Report[] = [];
for (const suite of SUITES.filter(({ name }) => values.only === undefined || name === values.only)) {
  say(`${suite.name}, seed ${seed} ...`);
  const report = await suite.run({ seed, say });
  reports.push(report);
  const { n, fired, lost, duplicated, slowestRecoveryMs, ok } = report;
  process.stdout.write(
    `${ok ? 'ok      ' : 'FAILED  '}${suite.name}: n ${n}, faults ${fired}, lost ${lost}, duplicated ${duplicated}, ` +
      `slowest recovery ${Math.round(slowestRecoveryMs)} ms, seed ${seed}\n`,
  );
}
if (values.json !== undefined) await writeFile(values.json, `${JSON.stringify(reports, null, 2)}\n`);
// The SDK's runtime would keep the process alive.
process.exit(reports.every(({ ok }) => ok) ? 0 : 1);
