import { randomUUID } from 'node:crypto';
import proto from '@temporalio/proto';
import { TestWorkflowEnvironment } from '@temporalio/testing';
import { DefaultLogger, Runtime } from '@temporalio/worker';
import { afterAll, inject } from 'vitest';
import { API_IDENTITY } from '../../src/contracts/identities.js';
import { searchAttributes } from '../../src/contracts/search-attributes.js';
import { inCheckout } from '../../src/main/checkout.js';

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
  return untilDone(
    await TestWorkflowEnvironment.createFromExistingServer({ address, namespace: 'default', client }),
  );
}

/** For tests in test/workflow: a time-skipping server of this file's own, stopped after its tests. */
export async function timeSkipping(): Promise<TestWorkflowEnvironment> {
  const executable = { type: 'existing-path', path: inject('testServerProgram') } as const;
  const environment = untilDone(await TestWorkflowEnvironment.createTimeSkipping({ server: { executable } }));
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

function untilDone(environment: TestWorkflowEnvironment): TestWorkflowEnvironment {
  afterAll(() => environment.teardown());
  return environment;
}
