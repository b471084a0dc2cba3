/**
 * A Temporal server, a database and workers of a test's own: the reconciler looks at everything there is, so that
 * what other tests leave behind would be found too.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client } from '@temporalio/client';
import { TestWorkflowEnvironment } from '@temporalio/testing';
import type { PageSeen } from '../../src/activities/types.js';
import { createHttpMetricSource } from '../../src/adapters/http-metric-source.js';
import { createHttpReleaseTarget } from '../../src/adapters/http-release-target.js';
import { openMailboxNotifier } from '../../src/adapters/mailbox-notifier.js';
import { createPeopleFile } from '../../src/adapters/people-file.js';
import type { Envelope } from '../../src/contracts/envelope.js';
import { API_IDENTITY } from '../../src/contracts/identities.js';
import { signableStart } from '../../src/contracts/proof/start.js';
import type { CommandName } from '../../src/domain/commands/payloads.js';
import { startDocument } from '../../src/domain/lifecycle/start-input.js';
import { createPool } from '../../src/ledger/pool.js';
import { createPostgresLedger } from '../../src/ledger/postgres-ledger.js';
import { createReconcileRecords } from '../../src/ledger/reconcile/records.js';
import { inCheckout } from '../../src/main/checkout.js';
import { startMemoryServer } from '../../src/main/servers/memory-server.js';
import { createWorkers } from '../../src/main/workers.js';
import type { PlacedEntry } from '../../src/ports/ledger.js';
import {
  LIFECYCLE_WORKFLOW,
  type LifecycleInput,
  lifecycleId,
  TASK_QUEUES,
} from '../../src/workflows/messages.js';
import { freshDatabase } from './fresh-database.js';
import { Journey } from './journey.js';
import { actorOf, type Starting, startInput } from './lifecycle.js';
import { MemoryDocuments } from './memory-documents.js';
import type { Authority } from './signing.js';
import { unique } from './temporal.js';

/** Nothing is released in these tests, so nothing listens there. */
const NOWHERE = { baseUrl: 'http://127.0.0.1:9', timeoutMs: 100 };
const SILENT = { info: () => undefined, warn: () => undefined };

/** Opens one; `patienceMs` as the reconciler takes it. With an authority everything is under trust `signed`. */
export async function openOutOfBand(patienceMs: number, authority?: Authority) {
  const pool = createPool((await freshDatabase()).appUrl);
  const home = await mkdtemp(join(tmpdir(), 'airworthy-out-of-band-'));
  const server = await startMemoryServer({ variables: process.env, say: () => undefined });
  const environment = await TestWorkflowEnvironment.createFromExistingServer({
    address: server.address,
    namespace: 'default',
  });
  const { connection, nativeConnection } = environment;
  const directory = createPeopleFile(inCheckout('examples', 'people.yaml'));
  const documents = new MemoryDocuments();
  const ledger = createPostgresLedger(pool);
  const notifier = await openMailboxNotifier(join(home, 'mailbox.jsonl'), SILENT);
  const workers = await createWorkers({
    connection: nativeConnection,
    namespace: 'default',
    bundle: inCheckout('dist', 'workflow-bundle.js'),
    ledger,
    directory,
    target: createHttpReleaseTarget(NOWHERE),
    metrics: createHttpMetricSource(NOWHERE),
    documents,
    notifier,
    ...(authority && { roots: async () => authority.trust.roots }),
    reconciler: {
      records: createReconcileRecords(pool),
      documents,
      patienceMs,
      ...(authority && { roots: async () => authority.trust.roots }),
    },
  });
  const running = Promise.all(workers.map((worker) => worker.run()));
  const api = new Client({ connection, identity: API_IDENTITY });
  const operator = new Client({ connection, identity: '4711@operators-laptop' });

  const policies = new Map<string, string>();
  const entries = async (key: string): Promise<readonly PlacedEntry[]> =>
    (await ledger.read(key, null, 1_000)).entries;
  const around = {
    client: api,
    now: async () => Date.now(),
    actor: (person: string) => actorOf(directory, person),
    journal: async (key: string) => (await entries(key)).filter(({ kind }) => kind === 'event'),
    ...(authority && {
      prove: <N extends CommandName>(key: string, name: N, message: Envelope<N>) =>
        authority.proven(key, name, message, Date.now(), { policy: policies.get(key) ?? null }),
    }),
  };

  return {
    address: server.address,
    api,
    operator,
    ledger,
    pool,
    actor: around.actor,

    /** Starts a lifecycle as the API does; `client` and `stored` as somebody else would. */
    async begin(starting: Starting, { client = api, stored = true } = {}): Promise<Journey> {
      const start = await startInput(directory, starting);
      if (stored) await documents.put(startDocument(start).document);
      policies.set(starting.key, start.model.digest);
      const input = authority ? provenStart(authority, start) : { start, trust: 'dev' as const, link: '' };
      const { firstExecutionRunId } = await client.workflow.start(LIFECYCLE_WORKFLOW, {
        workflowId: lifecycleId(starting.key),
        taskQueue: TASK_QUEUES.workflows,
        args: [input],
      });
      return new Journey(around, starting.key, firstExecutionRunId);
    },

    /** One whole pass. */
    reconcile: (): Promise<Omit<PageSeen, 'next'>> =>
      api.workflow.execute('reconcile', {
        workflowId: unique('reconcile'),
        taskQueue: TASK_QUEUES.workflows,
        args: [],
      }),

    /** What the ledger has of findings about a lifecycle; null: about none. */
    async findings(key: string | null): Promise<readonly PlacedEntry[]> {
      const page = await ledger.read(key, null, 1_000);
      return page.entries.filter(({ kind }) => kind === 'finding');
    },

    async close(): Promise<void> {
      for (const worker of workers) if (worker.getState() === 'RUNNING') worker.shutdown();
      await running;
      await Promise.all([notifier.close(), pool.end()]);
      await environment.teardown();
      await server.stop();
      await rm(home, { recursive: true, force: true });
    },
  };
}

function provenStart(authority: Authority, start: LifecycleInput['start']): LifecycleInput {
  const { trust } = authority;
  const identity = { id: `start-${start.key}`, digest: 'start' };
  const proof = authority.proof(signableStart(start, trust, identity), Date.now());
  return { start, trust, link: '', proof: { ...identity, proof } };
}

export type OutOfBand = Awaited<ReturnType<typeof openOutOfBand>>;
