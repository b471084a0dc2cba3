import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Connection } from '@temporalio/client';
import { reason } from '../adapters/system-error.js';
import { readTemporalConnection, type Variables } from './environment.js';
import { OperatorError } from './operator-error.js';
import { registerSearchAttributes } from './search-attributes.js';
import { findDevServer } from './servers/dev-server.js';
import { type DevServerPlace, devServerArguments } from './servers/dev-server-arguments.js';
import type { Search } from './servers/fetched.js';
import type { Program } from './supervisor/running-child.js';
import { PORTS_MAY_BE_TAKEN } from './supervisor/start-again.js';

const TRY_EVERY_MS = 100;
const JOIN_WITHIN_MS = 10_000;

/** A development server as a program for the supervisor: ready when it answers and knows our search attributes. */
export async function devServerProgram(
  search: Search,
  place: DevServerPlace,
): Promise<Program & { origin: string }> {
  const { path, origin } = await findDevServer(search);
  return {
    name: 'temporal',
    command: path,
    args: devServerArguments(place),
    // Without TEMPORAL_*, which would be meant for another server.
    variables: withoutTemporal(search.variables),
    ready: (signal) => prepareServer({ TEMPORAL_ADDRESS: `127.0.0.1:${place.port}` }, signal),
    readyWithinMs: 60_000,
    startAttempts: PORTS_MAY_BE_TAKEN,
    stopWithinMs: 3_000,
    origin,
  };
}

/** Checks that the server which TEMPORAL_* name answers, and registers the search attributes there. */
export async function joinServer(variables: Variables): Promise<{ address: string; namespace: string }> {
  const { connectionOptions, namespace } = readTemporalConnection(variables);
  const address = connectionOptions.address ?? '';
  try {
    await prepareServer(variables, AbortSignal.timeout(JOIN_WITHIN_MS));
  } catch (error) {
    if (error instanceof OperatorError) throw error;
    throw new OperatorError(
      `The Temporal server at ${address}, namespace ${namespace}, cannot be used (${reason(error)}). ` +
        'Check TEMPORAL_ADDRESS and the other TEMPORAL_* variables, or unset them to have a server started.',
    );
  }
  return { address, namespace };
}

/** Connects as soon as the server answers, tries anew until the signal, and registers the search attributes. */
async function prepareServer(variables: Variables, signal: AbortSignal): Promise<void> {
  const { connectionOptions, namespace } = readTemporalConnection(variables);
  for (;;) {
    try {
      const connection = await Connection.connect({ ...connectionOptions, connectTimeout: 1_000 });
      try {
        await connection.workflowService.describeNamespace({ namespace });
        await registerSearchAttributes(connection, namespace);
        return;
      } finally {
        await connection.close();
      }
    } catch (error) {
      if (signal.aborted || error instanceof OperatorError) throw error;
      await sleep(TRY_EVERY_MS);
    }
  }
}

function withoutTemporal(variables: Variables): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(variables).filter(([name]) => !name.startsWith('TEMPORAL_')));
}

/**
 * The variables with which a child reaches the server that `up` started, and nothing else: a configuration file
 * of the person's own could carry TLS or keys for another server.
 */
export async function variablesForStartedServer(
  variables: Variables,
  runFolder: string,
  address: string,
): Promise<NodeJS.ProcessEnv> {
  const file = join(runFolder, 'temporal.toml');
  await mkdir(runFolder, { recursive: true });
  await writeFile(file, `[profile.default]\naddress = "${address}"\nnamespace = "default"\n`);
  return { ...withoutTemporal(variables), TEMPORAL_CONFIG_FILE: file, TEMPORAL_ADDRESS: address };
}
