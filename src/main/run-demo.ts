import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { UsageError } from '../cli/client/problems.js';
import { type Example, readExample } from '../cli/journey/example.js';
import { runDemo } from '../cli/journey/run-demo.js';
import { inCheckout } from './checkout.js';
import { type Environment, readEnvironment } from './environment.js';
import { OperatorError, reportFailure } from './operator-error.js';
import { ownTerminal } from './own-terminal.js';
import { stopOnSignals } from './stop-on-signals.js';
import { type Addresses, runningSystem } from './supervisor/addresses.js';
import { createSystem } from './system.js';

const SHIPPED = ['kyc-onboarding', 'tax-payments'];

export interface DemoOptions {
  /** Stop everything that was started. */
  readonly once: boolean;
  /** Names in examples/, or folders; undefined for those that ship. */
  readonly examples: readonly string[] | undefined;
}

/** Runs the demo, then ends this process: 0 only if every journey was the one its file says. */
export async function runDemoProgram({ once, examples = SHIPPED }: DemoOptions): Promise<never> {
  let went = false;
  try {
    const read = examples.map((name) => readExample(folderOf(name)));
    const environment = readEnvironment();
    const running = runningSystem(environment.home);
    went = running === undefined ? await alone(environment, read, once) : await joined(running, read);
  } catch (error) {
    reportFailure(error instanceof UsageError ? new OperatorError(error.message) : error);
  }
  process.exit(went ? 0 : 1);
}

function folderOf(name: string): string {
  const shipped = inCheckout('examples', name);
  const folder = existsSync(join(shipped, 'journey.yaml')) ? shipped : resolve(name);
  if (existsSync(join(folder, 'journey.yaml'))) return folder;
  throw new OperatorError(
    `There is no example ${name}: name one of ${SHIPPED.join(', ')}, or a folder with a journey.yaml.`,
  );
}

async function joined(
  running: { pid: number; addresses: Addresses },
  examples: readonly Example[],
): Promise<boolean> {
  const terminal = ownTerminal();
  terminal.out(`Joining the Airworthy that is up as process ${running.pid}; it goes on running.`);
  return runDemo(examples, systemOf(running.addresses), terminal);
}

async function alone(
  environment: Environment,
  examples: readonly Example[],
  once: boolean,
): Promise<boolean> {
  const terminal = ownTerminal();
  const system = createSystem({ environment, variables: process.env, say: terminal.out });
  const stopped = stopOnSignals(system, terminal.out);
  try {
    const addresses = await system.start();
    // Whoever stops it while the journeys run has seen enough: then they did not go to their end.
    const went = await Promise.race([
      runDemo(examples, systemOf(addresses), terminal),
      stopped.then(() => false),
    ]);
    if (once) return went;
    terminal.out('');
    terminal.out(
      'Airworthy stays up. Ctrl-C stops it; started again with npm run up, every lifecycle goes on.',
    );
    await stopped;
    return went;
  } finally {
    await system.stop();
  }
}

function systemOf({ api, metrics, temporalUi, namespace }: Addresses) {
  const workflows = temporalUi === undefined ? undefined : `${temporalUi}/namespaces/${namespace}/workflows`;
  return { address: api, metrics, workflows };
}
