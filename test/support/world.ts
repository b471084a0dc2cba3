/**
 * Everything around a lifecycle, real and on loopback: a database, mailbox and people file of its own, the demo release
 * target and metric source over HTTP, and workers that can be stopped and started.
 */
import { copyFile, mkdtemp, readFile, rename, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Client } from '@temporalio/client';
import type { NativeConnection, Worker } from '@temporalio/worker';
import type pg from 'pg';
import { expect } from 'vitest';
import { openDemoMetrics } from '../../src/adapters/demo-metrics/server.js';
import { serveDemo } from '../../src/adapters/demo-server.js';
import { openDemoTarget } from '../../src/adapters/demo-target/server.js';
import { createHttpMetricSource } from '../../src/adapters/http-metric-source.js';
import { createHttpReleaseTarget } from '../../src/adapters/http-release-target.js';
import { openMailboxNotifier } from '../../src/adapters/mailbox-notifier.js';
import { createPeopleFile, type PeopleFile } from '../../src/adapters/people-file.js';
import type { AppliedEffect } from '../../src/adapters/target-protocol.js';
import type { Actor } from '../../src/domain/lifecycle/actor.js';
import { startDocument } from '../../src/domain/lifecycle/start-input.js';
import { createPool } from '../../src/ledger/pool.js';
import { createPostgresLedger } from '../../src/ledger/postgres-ledger.js';
import { createHoldings } from '../../src/ledger/projection/holders.js';
import { createProjector } from '../../src/ledger/projection/projector.js';
import { inCheckout } from '../../src/main/checkout.js';
import type { Notifying } from '../../src/main/notifying.js';
import { ask } from '../../src/main/servers/postgres-databases.js';
import { createWorkers } from '../../src/main/workers.js';
import type { LedgerEntry } from '../../src/ports/ledger.js';
import type { Notice } from '../../src/ports/notifier.js';
import {
  LIFECYCLE_WORKFLOW,
  type LifecycleInput,
  lifecycleId,
  TASK_QUEUES,
} from '../../src/workflows/messages.js';
import { freshDatabase } from './fresh-database.js';
import { oversized, runsOf } from './histories.js';
import { Journey } from './journey.js';
import { actorOf, type Starting, startInput } from './lifecycle.js';
import { MemoryDocuments } from './memory-documents.js';
import type { DatabaseUrls } from './postgres.js';

const silent = { info: () => undefined, warn: () => undefined };

/** A Temporal server as the SDK's test environments present it. */
export interface Server {
  readonly client: Client;
  readonly nativeConnection: NativeConnection;
  /** The server's clock: ahead of ours where time is skipped. */
  currentTimeMs(): Promise<number>;
}

/** A fault of a demo server, as `POST /faults` takes it. */
export interface Fault {
  readonly kind: 'drop-reply' | 'hang' | 'fail' | 'slow' | 'down' | 'nan' | 'missing';
  readonly lifecycle?: string;
  readonly times?: number;
  readonly ms?: number;
}

export class World {
  readonly home: string;
  readonly people: string;
  readonly directory: PeopleFile;
  readonly database: DatabaseUrls;
  /** What starts are recorded with, for the projection. */
  readonly documents = new MemoryDocuments();
  readonly #reading: pg.Pool;
  readonly #server: Server;
  readonly #services: { readonly url: string; close(): Promise<void> };
  /** How people are told from the next start of the workers on; undefined: the mailbox keeps it all. */
  notifying: Notifying | undefined;
  readonly #begun: { readonly key: string; readonly runId: string; readonly measured: boolean }[] = [];
  readonly #actors = new Map<string, Promise<Actor>>();
  #workers: {
    readonly workers: readonly Worker[];
    readonly running: Promise<unknown>;
    close(): Promise<void>;
  } | null = null;

  private constructor(
    server: Server,
    home: string,
    services: { url: string; close(): Promise<void> },
    database: DatabaseUrls,
  ) {
    this.#server = server;
    this.#services = services;
    this.home = home;
    this.database = database;
    this.#reading = createPool(database.appUrl, { max: 2 });
    this.people = join(home, 'people.yaml');
    this.directory = createPeopleFile(this.people);
  }

  /** Opens one with its workers running, on a fresh database or the one given; `close` it after the tests. */
  static async open(server: Server, given?: DatabaseUrls, notifying?: Notifying): Promise<World> {
    const home = await mkdtemp(join(tmpdir(), 'airworthy-world-'));
    await copyFile(inCheckout('examples', 'people.yaml'), join(home, 'people.yaml'));
    const target = await openDemoTarget(join(home, 'target'), silent);
    const metrics = await openDemoMetrics(join(home, 'metrics'));
    const served = await serveDemo({ '/target': target.router, '/metrics': metrics.router }, 0);
    const close = async () => {
      await served.close();
      await Promise.all([target.close(), metrics.close()]);
    };
    const database = given ?? (await freshDatabase());
    const world = new World(server, home, { url: `http://127.0.0.1:${served.port}`, close }, database);
    world.notifying = notifying;
    await world.startWorkers();
    return world;
  }

  get client(): Client {
    return this.#server.client;
  }

  now(): Promise<number> {
    return this.#server.currentTimeMs();
  }

  get targetUrl(): string {
    return `${this.#services.url}/target`;
  }

  get metricsUrl(): string {
    return `${this.#services.url}/metrics`;
  }

  /** Somebody of the people file; once asked for, known even while that file is away. */
  actor(person: string): Promise<Actor> {
    const actor = this.#actors.get(person) ?? actorOf(this.directory, person);
    this.#actors.set(person, actor);
    return actor;
  }

  /** Takes the people file away: until it is back nobody can say who is who. Those asked for before stay known. */
  async withoutPeople(): Promise<{ back(): Promise<void> }> {
    const away = `${this.people}-away`;
    await Promise.all(['hari', 'leena', 'gita', 'tara', 'farah'].map((person) => this.actor(person)));
    await rename(this.people, away);
    return { back: () => rename(away, this.people) };
  }

  async startWorkers(): Promise<void> {
    const pool = createPool(this.database.appUrl);
    const projector = createProjector(pool, this.documents, silent);
    const notifier = await openMailboxNotifier(join(this.home, 'mail', 'mailbox.jsonl'), silent);
    const workers = await createWorkers({
      connection: this.#server.nativeConnection,
      namespace: 'default',
      bundle: inCheckout('dist', 'workflow-bundle.js'),
      ledger: createPostgresLedger(pool, projector.project),
      notifier,
      ...(this.notifying && { notifying: this.notifying }),
      directory: this.directory,
      holdings: createHoldings(pool),
      target: createHttpReleaseTarget({ baseUrl: this.targetUrl, timeoutMs: 20_000 }),
      metrics: createHttpMetricSource({ baseUrl: this.metricsUrl, timeoutMs: 4_000 }),
      documents: this.documents,
    });
    const close = async () => {
      await projector.close();
      await Promise.all([pool.end(), notifier.close()]);
    };
    this.#workers = { workers, running: Promise.all(workers.map((worker) => worker.run())), close };
  }

  /** Resolves when nothing of this process works for any lifecycle any more. */
  async stopWorkers(): Promise<void> {
    const running = this.#workers;
    this.#workers = null;
    for (const worker of running?.workers ?? []) if (worker.getState() === 'RUNNING') worker.shutdown();
    await running?.running;
    await running?.close();
  }

  /** Starts a lifecycle; see `startInput`. `measured`: whether `close` asserts the sizes of its payloads. */
  async begin(starting: Starting, measured = true): Promise<Journey> {
    const { key } = starting;
    const start = await startInput(this.directory, starting);
    const recorded = startDocument(start);
    await Promise.all([recorded.document, recorded.model].map((document) => this.documents.put(document)));
    const input: LifecycleInput = {
      start,
      trust: 'dev',
      link: `http://127.0.0.1:8080/v1/lifecycles/${key}`,
    };
    const handle = await this.client.workflow.start(LIFECYCLE_WORKFLOW, {
      workflowId: lifecycleId(key),
      taskQueue: TASK_QUEUES.workflows,
      args: [input],
      memo: { startId: `start-${key}` },
    });
    this.#begun.push({ key, runId: handle.firstExecutionRunId, measured });
    return new Journey(this, key, handle.firstExecutionRunId);
  }

  /** What the ledger holds of a lifecycle, in its order. */
  async journal(key: string): Promise<LedgerEntry[]> {
    const { rows } = await this.#reading.query<{ body: string }>(
      'SELECT body FROM ledger.entry WHERE chain = $1 AND seq IS NOT NULL ORDER BY position',
      [`lifecycle/${key}`],
    );
    return rows.map(({ body }) => JSON.parse(body) as LedgerEntry);
  }

  /** Takes the database away from everybody, this reader included, until it is back. */
  async withoutLedger(): Promise<{ back(): Promise<void> }> {
    const name = new URL(this.database.ownerUrl).pathname.slice(1);
    const server = Object.assign(new URL(this.database.ownerUrl), { pathname: 'postgres' }).href;
    const allow = (allowed: boolean) => `ALTER DATABASE ${name} ALLOW_CONNECTIONS ${allowed}`;
    await ask(server, allow(false));
    await ask(server, `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '${name}'`);
    return { back: async () => void (await ask(server, allow(true))) };
  }

  async mailbox(key: string): Promise<Notice[]> {
    return (await lines<Notice>(join(this.home, 'mail', 'mailbox.jsonl'))).filter(
      ({ lifecycle }) => lifecycle === key,
    );
  }

  /** Everything the demo target has applied for a lifecycle, oldest first. */
  async applied(key: string): Promise<AppliedEffect[]> {
    const { entries } = await call<{ entries: AppliedEffect[] }>(
      `${this.targetUrl}/journal?lifecycle=${key}`,
      'GET',
    );
    return entries;
  }

  async faultAtTarget(fault: Fault): Promise<void> {
    await call(`${this.targetUrl}/faults`, 'POST', fault);
  }

  async faultAtMetrics(fault: Fault): Promise<void> {
    await call(`${this.metricsUrl}/faults`, 'POST', fault);
  }

  async clearFaults(): Promise<void> {
    await Promise.all([this.targetUrl, this.metricsUrl].map((url) => call(`${url}/faults`, 'DELETE')));
  }

  /** How often each fault has fired so far, at both servers. */
  async fired(): Promise<Readonly<Record<string, number>>> {
    const [target, metrics] = await Promise.all(
      [this.targetUrl, this.metricsUrl].map((url) =>
        call<{ fired: Record<string, number> }>(`${url}/faults`, 'GET'),
      ),
    );
    return { ...target?.fired, ...metrics?.fired };
  }

  /** What the metric source is going to measure for a lifecycle. */
  async measure(key: string, timeScale: number, series: readonly object[]): Promise<void> {
    await call(`${this.metricsUrl}/series/${key}`, 'PUT', { timeScale, series });
  }

  /** Ends what is open, and asserts of every history that it kept within its limits. */
  async close(): Promise<void> {
    await this.stopWorkers();
    for (const { key, runId, measured } of this.#begun) {
      const id = lifecycleId(key);
      await this.client.workflow
        .getHandle(id)
        .terminate('the test is over')
        .catch(() => undefined);
      const runs = measured ? await runsOf(this.client, id, runId) : [];
      for (const { history } of runs) expect(oversized(history)).toEqual([]);
    }
    await Promise.all([this.#services.close(), this.#reading.end()]);
    await rm(this.home, { recursive: true, force: true });
  }
}

async function call<T>(url: string, method: string, content?: unknown): Promise<T> {
  const response = await fetch(url, {
    method,
    ...(content !== undefined && {
      body: JSON.stringify(content),
      headers: { 'content-type': 'application/json' },
    }),
  });
  if (!response.ok) throw new Error(`${method} ${url}: ${response.status} ${await response.text()}`);
  return (await response.json()) as T;
}

async function lines<T>(file: string): Promise<T[]> {
  const text = await readFile(file, 'utf8').catch(() => '');
  return text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as T);
}
