import { randomUUID } from 'node:crypto';
import { connect } from 'node:net';
import proto from '@temporalio/proto';
import { TestWorkflowEnvironment } from '@temporalio/testing';
import { DefaultLogger, Runtime } from '@temporalio/worker';
import { inject } from 'vitest';
import { API_IDENTITY } from '../../src/contracts/identities.js';
import { searchAttributes } from '../../src/contracts/search-attributes.js';
import { inCheckout } from '../../src/main/checkout.js';
import { afterFile } from './after-file.js';

const { IndexedValueType } = proto.temporal.api.enums.v1;

Runtime.install({
  logger: new DefaultLogger('ERROR'),
  telemetryOptions: { logging: { filter: 'ERROR', forward: {} } },
});

/** The workflows as `up` runs them; set-up has built it from these sources. */
export const workflowBundle = { codePath: inCheckout('dist', 'workflow-bundle.js') };

/** A name no other test uses, for task queues and keys on a shared server. */
export function unique(prefix: string): string {
  return `${prefix}-${randomUUID().slice(0, 8)}`;
}

/** For tests in test/server: the run's development server, closed for this file after its tests. */
export async function devServer(): Promise<TestWorkflowEnvironment> {
  const address = inject('devServerAddress');
  // As the API: what anybody else sends, a reconciler that works on this server would freeze.
  const client = { identity: API_IDENTITY };
  const namespace = 'default';
  const environment = await TestWorkflowEnvironment.createFromExistingServer({ address, namespace, client });
  afterFile(() => environment.teardown());
  return environment;
}

/** For tests in test/workflow: a time-skipping server of this file's own, stopped after its tests. */
export async function timeSkipping(): Promise<TestWorkflowEnvironment> {
  const executable = { type: 'existing-path', path: inject('testServerProgram') } as const;
  const environment = await TestWorkflowEnvironment.createTimeSkipping({ server: { executable } });
  const { address } = environment;
  afterFile(async () => {
    await environment.teardown();
    if (await listens(address)) throw new Error(`the test server at ${address} outlived its file`);
  });
  // Without the list that `up` begins with, which this server does not have.
  await environment.connection.operatorService.addSearchAttributes({
    namespace: 'default',
    searchAttributes: Object.fromEntries(
      Object.entries(searchAttributes).map(([name, type]) => [
        name,
        IndexedValueType[`INDEXED_VALUE_TYPE_${type}`],
      ]),
    ),
  });
  return environment;
}

function listens(address: string): Promise<boolean> {
  const { hostname, port } = new URL(`http://${address}`);
  return new Promise((resolve) => {
    const socket = connect({ host: hostname, port: Number(port) });
    socket.once('error', () => resolve(false));
    socket.once('connect', () => {
      socket.destroy();
      resolve(true);
    });
  });
}
