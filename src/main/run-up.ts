import type { ChildModules } from './children.js';
import { describeSettings, readEnvironment } from './environment.js';
import { reportFailure } from './operator-error.js';
import { stopOnSignals } from './stop-on-signals.js';
import { type Addresses, runningSystem } from './supervisor/addresses.js';
import { createSystem } from './system.js';

const say = (line: string) => process.stdout.write(`${line}\n`);

function announce(addresses: Addresses, home: string): void {
  const lines = [
    ['API', `${addresses.api}  (try it at /docs)`],
    [
      'Temporal UI',
      addresses.temporalUi && `${addresses.temporalUi}/namespaces/${addresses.namespace}/workflows`,
    ],
    ['Temporal', `${addresses.temporal}, namespace ${addresses.namespace}`],
    ['database', addresses.database],
    ['look at it', addresses.databaseShell],
    ['release target', addresses.targetsFile ?? addresses.target],
    ['metric source', addresses.metricSourcesFile ?? addresses.metrics],
    ['state and logs', home],
  ];
  for (const [name = '', value] of lines) if (value) say(`  ${name.padEnd(16)}${value}`);
}

async function up(modules?: ChildModules): Promise<void> {
  const environment = readEnvironment();
  const { home } = environment;
  const running = runningSystem(home);
  if (running !== undefined) {
    say(`Airworthy is up already, as process ${running.pid}; stop it with: kill ${running.pid}`);
    announce(running.addresses, home);
    return;
  }
  const system = createSystem({ environment, variables: process.env, say, ...(modules && { modules }) });
  const stopped = stopOnSignals(system, say);
  announce(await system.start(), home);
  say('Airworthy is up. Ctrl-C stops it; started again, every lifecycle goes on.');
  await stopped;
  say('Stopped.');
}

/** Runs `up` until it is told to stop, then ends this process. `modules` replaces its children, for tests. */
export async function runUp(modules?: ChildModules): Promise<never> {
  try {
    if (process.argv.includes('--help')) say(`npm run up\n\nSettings, all optional:\n${describeSettings()}`);
    else await up(modules);
  } catch (error) {
    reportFailure(error);
  }
  // Nothing of ours is left to wait for; a connection of a library might be.
  process.exit();
}
