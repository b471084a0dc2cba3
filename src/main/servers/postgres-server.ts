import { join } from 'node:path';
import type { Variables } from '../environment.js';
import type { Program } from '../supervisor/running-child.js';
import { type Cluster, serverVariables } from './postgres-cluster.js';
import { addressOf, createDatabase, prepareDatabase, untilAnswers } from './postgres-databases.js';
import { clearAfterKill } from './postgres-processes.js';

/** The database in a cluster of ours. */
export const DATABASE = 'airworthy';

/** Where a server listens, on 127.0.0.1; `fsync: false` loses data when the machine does, not when it is killed. */
export interface ServerOptions {
  port: number;
  fsync?: boolean;
  variables: Variables;
}

/** A cluster's server as a program: ready when it answers and its database has the newest schema. */
export function serverProgram(cluster: Cluster, { port, fsync = true, variables }: ServerOptions): Program {
  const { data, name, program, user, owner, app } = cluster;
  const settings = {
    cluster_name: name,
    listen_addresses: '127.0.0.1',
    unix_socket_directories: '',
    port: String(port),
    fsync: fsync ? 'on' : 'off',
    timezone: 'UTC',
    log_timezone: 'UTC',
    // Clients come and go with every restart of a child; only what went wrong is worth a line.
    log_checkpoints: 'off',
  };
  const options = Object.entries(settings).flatMap(([key, value]) => ['-c', `${key}=${value}`]);
  const [command = '', ...args] = [
    ...user.prefix,
    join(program.binaries, 'postgres'),
    '-D',
    data,
    ...options,
  ];
  return {
    name: 'database',
    command,
    args,
    variables: serverVariables(variables),
    prepare: () => clearAfterKill(name, data),
    ready: async (signal) => {
      const server = addressOf(owner, port, 'postgres');
      await untilAnswers(server, signal);
      await createDatabase(server, DATABASE);
      await prepareDatabase(addressOf(owner, port, DATABASE), app);
    },
    // Mending itself after a kill may take as long as writing what it mends did.
    readyWithinMs: 120_000,
    stopWithinMs: 5_000,
    // Fast: ends the sessions instead of waiting for them.
    stopSignal: 'SIGINT',
  };
}
