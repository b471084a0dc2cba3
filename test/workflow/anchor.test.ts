import type { WorkflowFailedError } from '@temporalio/client';
import type { ApplicationFailure } from '@temporalio/common';
import { Worker } from '@temporalio/worker';
import { beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { createSealCheckpoint } from '../../src/activities/seal-checkpoint.js';
import { createEgress } from '../../src/adapters/egress/egress.js';
import { createWebhookWitness } from '../../src/adapters/webhook-witness.js';
import { createWitnessing, type Witnesses } from '../../src/ledger/anchors/witnessing.js';
import { type Witness, WitnessConflict } from '../../src/ports/witness.js';
import type { Anchored } from '../../src/workflows/anchor.js';
import { TASK_QUEUES } from '../../src/workflows/messages.js';
import { openSealing, type Sealing } from '../ledger/anchors/sealing.js';
import { event } from '../ports/ledger-entries.js';
import { activitiesOf } from '../support/histories.js';
import { timeSkipping, unique, workflowBundle } from '../support/temporal.js';
import { startWitnessService } from '../support/witness-service.js';

const PATIENCE_MS = 60_000;

let environment: Awaited<ReturnType<typeof timeSkipping>>;
beforeAll(async () => {
  environment = await timeSkipping();
});

/** A worker that seals, until the test is over; answers how to run one anchor. */
async function anchoring({ sealer, app }: Sealing, witnesses: Witnesses) {
  const worker = await Worker.create({
    connection: environment.nativeConnection,
    taskQueue: TASK_QUEUES.workflows,
    workflowBundle,
    activities: createSealCheckpoint({ sealer, witnessing: createWitnessing(app, witnesses) }),
  });
  const running = worker.run();
  onTestFinished(async () => {
    worker.shutdown();
    await running;
  });
  return async () => {
    const workflowId = unique('anchor');
    const handle = await environment.client.workflow.start<() => Promise<Anchored>>('anchor', {
      workflowId,
      taskQueue: TASK_QUEUES.workflows,
      args: [{ patienceMs: PATIENCE_MS }] as never,
    });
    return { anchored: handle.result(), history: () => handle.fetchHistory() };
  };
}

async function serviceWitness() {
  const service = await startWitnessService();
  onTestFinished(() => service.close());
  const egress = createEgress({ allow: ['127.0.0.1'], privateNetworks: ['127.0.0.0/8'] });
  const options = { egress, url: service.url, secrets: [service.secret], timeoutMs: 500 };
  return { service, witness: createWebhookWitness(options) };
}

const conflicting: Witness = {
  publish: async ({ checkpoint }) => {
    throw new WitnessConflict(checkpoint.number);
  },
};

describe('an anchor', () => {
  it('seals, hands over, and says what it did', async () => {
    const sealing = await openSealing();
    const { service, witness } = await serviceWitness();
    const anchor = await anchoring(sealing, { webhook: witness });
    const first = await anchor();
    expect(await first.anchored).toEqual({ number: 1, fresh: true, witnesses: { webhook: 'taken' } });
    expect(service.taken).toEqual(await sealing.checkpoints());
    const second = await anchor();
    expect(await second.anchored).toEqual({ number: 1, fresh: false, witnesses: { webhook: 'taken' } });
    expect(service.posts).toBe(1);
    const history = await first.history();
    expect(activitiesOf(history)).toEqual(['sealCheckpoint', 'publishCheckpoints']);
    const summaries = (history.events ?? []).flatMap(({ userMetadata }) => userMetadata?.summary?.data ?? []);
    expect(summaries.map((data) => JSON.parse(Buffer.from(data).toString()))).toEqual([
      'seal all chains into a checkpoint',
      'hand checkpoints to the witness webhook',
    ]);
  });

  it('hands a checkpoint over again until the witness has it', async () => {
    const { service, witness } = await serviceWitness();
    const atTheThird: Witness = {
      publish: (signed, signal) => {
        service.mood = service.posts < 2 ? 'fails' : 'takes';
        return witness.publish(signed, signal);
      },
    };
    const anchor = await anchoring(await openSealing(), { webhook: atTheThird });
    const { anchored } = await anchor();
    expect(await anchored).toMatchObject({ witnesses: { webhook: 'taken' } });
    expect(service.posts).toBe(3);
    expect(service.taken).toHaveLength(1);
  });

  it('seals on while a witness is dead, gives it up in time, and hands over what it missed once it is back', async () => {
    const sealing = await openSealing();
    const dead = await serviceWitness();
    dead.service.mood = 'hangs';
    const other = await serviceWitness();
    const anchor = await anchoring(sealing, { dead: dead.witness, other: other.witness });
    for (const number of [1, 2]) {
      await sealing.ledger.append([event('a', number)]);
      const { anchored } = await anchor();
      const witnesses = { dead: 'behind', other: 'taken' };
      expect(await anchored).toEqual({ number, fresh: true, witnesses });
    }
    expect(dead.service.posts).toBeGreaterThan(2);
    expect(other.service.taken).toEqual(await sealing.checkpoints());
    dead.service.mood = 'takes';
    const { anchored } = await anchor();
    expect(await anchored).toMatchObject({ fresh: false, witnesses: { dead: 'taken', other: 'taken' } });
    expect(dead.service.taken).toEqual(await sealing.checkpoints());
  });

  it.each([
    ['a chain was rewritten', 'LedgerRewritten', /lifecycle\/a/],
    ['a witness has another checkpoint', 'WitnessConflict', /conflicting/],
  ])('fails for operators to see where %s', async (what, type, said) => {
    const sealing = await openSealing();
    await sealing.ledger.append([event('a', 1)]);
    await sealing.sealer.seal();
    const { service, witness } = await serviceWitness();
    const rewritten = what.startsWith('a chain');
    if (rewritten) await sealing.forge("DELETE FROM ledger.entry WHERE chain = 'lifecycle/a'");
    const anchor = await anchoring(sealing, { webhook: witness, ...(rewritten ? {} : { conflicting }) });
    const { anchored } = await anchor();
    const failure = await anchored.then(
      () => undefined,
      (error: WorkflowFailedError) => (error.cause?.cause ?? error.cause) as ApplicationFailure,
    );
    expect(failure).toMatchObject({ type, message: expect.stringMatching(said) });
    expect(service.taken).toHaveLength(rewritten ? 0 : 1);
  });
});
