import { mlflowProgram } from './mlflow-program.js';
import { monitoringPrograms } from './monitoring-programs.js';

const say = (line: string) => process.stderr.write(`${line}\n`);

/** Finds (the first time: fetches) the services that tests start, before any test waits for one. */
export async function setup(): Promise<void> {
  const stopped = new AbortController();
  // What is being fetched runs in groups of its own, and would go on without us.
  const stop = () => stopped.abort();
  process.once('exit', stop);
  const search = { variables: process.env, say, signal: stopped.signal };
  const monitoring = await monitoringPrograms(search);
  const mlflow = await mlflowProgram(search);
  process.off('exit', stop);
  say(`Services of this run: ${monitoring.origin}; ${mlflow.origin}.`);
}
