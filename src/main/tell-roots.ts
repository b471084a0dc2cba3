import { Client, Connection, WorkflowNotFoundError } from '@temporalio/client';
import type { RootSet } from '../contracts/proof/roots.js';
import { POLICY_WORKFLOW } from '../workflows/messages/policy.js';
import { LIFECYCLE_WORKFLOW, updateRootsSignal } from '../workflows/messages.js';
import { readTemporalConnection } from './environment.js';

/** Sends a set of root keys to every lifecycle and every proposed operating model that runs, and answers to how many; each judges it for itself. */
export async function tellRoots(set: RootSet): Promise<number> {
  const { connectionOptions, namespace } = readTemporalConnection();
  const connection = await Connection.connect(connectionOptions);
  try {
    const client = new Client({ connection, namespace });
    const types = `WorkflowType = '${LIFECYCLE_WORKFLOW}' OR WorkflowType = '${POLICY_WORKFLOW}'`;
    const query = `(${types}) AND ExecutionStatus = 'Running'`;
    let told = 0;
    for await (const { workflowId } of client.workflow.list({ query })) {
      try {
        await client.workflow.getHandle(workflowId).signal(updateRootsSignal, set);
        told++;
      } catch (error) {
        // One that has ended since it was listed believes nobody any more.
        if (!(error instanceof WorkflowNotFoundError)) throw error;
      }
    }
    return told;
  } finally {
    await connection.close();
  }
}
