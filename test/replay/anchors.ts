/** An anchor on a real server, gone through for its history: one witness takes the checkpoint, another is down. */
import type { TestWorkflowEnvironment } from '@temporalio/testing';
import { Worker } from '@temporalio/worker';
import { createSealCheckpoint } from '../../src/activities/seal-checkpoint.js';
import { createWitnessing } from '../../src/ledger/anchors/witnessing.js';
import { WitnessUnavailable } from '../../src/ports/witness.js';
import type { AnchorInput } from '../../src/workflows/anchor.js';
import { TASK_QUEUES } from '../../src/workflows/messages.js';
import { openSealing } from '../ledger/anchors/sealing.js';
import { events } from '../ports/ledger-entries.js';
import type { History } from '../support/histories.js';
import { unique, workflowBundle } from '../support/temporal.js';

/** Where the history of an anchor is kept, apart from those of lifecycles. */
export const ANCHOR = 'scheduled/anchor';

export async function anchorHistory({ client, nativeConnection }: TestWorkflowEnvironment): Promise<History> {
  const { ledger, sealer, app } = await openSealing();
  await ledger.append(events('a', 3));
  const witnessing = createWitnessing(app, {
    file: { publish: async () => undefined },
    webhook: {
      publish: async () => {
        throw new WitnessUnavailable('the witness did not answer');
      },
    },
  });
  const worker = await Worker.create({
    connection: nativeConnection,
    taskQueue: TASK_QUEUES.workflows,
    workflowBundle,
    activities: createSealCheckpoint({ sealer, witnessing }),
  });
  const input: AnchorInput = { patienceMs: 2_000 };
  return worker.runUntil(async () => {
    const handle = await client.workflow.start('anchor', {
      workflowId: unique('anchor'),
      taskQueue: TASK_QUEUES.workflows,
      args: [input],
    });
    await handle.result();
    return handle.fetchHistory();
  });
}
