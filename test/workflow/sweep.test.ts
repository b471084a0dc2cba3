import { Worker } from '@temporalio/worker';
import { beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { createSweep } from '../../src/activities/sweep.js';
import { createDocumentKeeping } from '../../src/ledger/documents/keeping.js';
import { createPostgresLedger } from '../../src/ledger/postgres-ledger.js';
import { TASK_QUEUES } from '../../src/workflows/messages.js';
import { freshPools } from '../ledger/documents/pools.js';
import { timeSkipping, unique, workflowBundle } from '../support/temporal.js';

let environment: Awaited<ReturnType<typeof timeSkipping>>;
beforeAll(async () => {
  environment = await timeSkipping();
});

describe('the sweep', () => {
  it('goes on page after page until nothing is left, and each page is recorded', async () => {
    const { owner, app } = await freshPools();
    await owner.query(`INSERT INTO documents.document (digest, class, body, stored_at)
      SELECT 'sha256:' || encode(sha256(convert_to(n::text, 'UTF8')), 'hex'), 'record', convert_to(n::text, 'UTF8'),
        now() - interval '2 days' FROM generate_series(1, 2500) n`);
    await owner.query("UPDATE documents.sweeping SET unbroken_since = now() - interval '1 day'");
    const worker = await Worker.create({
      connection: environment.nativeConnection,
      taskQueue: TASK_QUEUES.workflows,
      workflowBundle,
      activities: createSweep(createDocumentKeeping(app)),
    });
    const running = worker.run();
    onTestFinished(async () => {
      worker.shutdown();
      await running;
    });
    const options = { workflowId: unique('sweep'), taskQueue: TASK_QUEUES.workflows };
    await environment.client.workflow.execute('sweep', options);
    expect((await owner.query('SELECT FROM documents.document')).rowCount).toBe(0);
    const { entries } = await createPostgresLedger(app).read(null, null, 10);
    expect(entries.map(({ type, data }) => [type, data])).toMatchObject(
      [1000, 1000, 500].map((record) => ['swept', { orphaned: { record } }]),
    );
  });
});
