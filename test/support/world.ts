/**
 * Everything around a lifecycle, real and on loopback: file journal, mailbox and people file in a folder of its own,
 * the demo release target and metric source over HTTP, and workers that can be stopped and started.
 */
import { copyFile, mkdtemp, readFile, rename, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Client } from '@temporalio/client';
import type { NativeConnection, Worker } from '@temporalio/worker';
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
import { openJournalLedger } from '../../src/ledger/journal-ledger.js';
import { inCheckout } from '../../src/main/checkout.js';
import { createWorkers } from '../../src/main/workers.js';
import type { LedgerEntry } from '../../src/ports/ledger.js';
import type { Notice } from '../../src/ports/notifier.js';
import {
  LIFECYCLE_WORKFLOW,
  type LifecycleInput,
  lifecycleId,
  TASK_QUEUES,
} from '../../src/workflows/messages.js';
import { oversized, runsOf } from './histories.js';
import { Journey } from './journey.js';
import { actorOf, type Starting, startInput } from './lifecycle.js';

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
  readonly #server: Server;
  readonly #services: { readonly url: string; close(): Promise<void> };
  readonly #begun: { readonly key: string; readonly runId: string; readonly measured: boolean }[] = [];
  readonly #actors = new Map<string, Promise<Actor>>();
  #workers: {
    readonly workers: readonly Worker[];
    readonly running: Promise<unknown>;
    close(): Promise<void>;
  } | null = null;

  private constructor(server: Server, home: string, services: { url: string; close(): Promise<void> }) {
    this.#server = server;
    this.#services = services;
    this.home = home;
    this.people = join(home, 'people.yaml');
    this.directory = createPeopleFile(this.people);
  }

  /** Opens one with its workers running; `close` it after the tests. */
  static async open(server: Server): Promise<World> {
    const home = await mkdtemp(join(tmpdir(), 'airworthy-world-'));
    await copyFile(inCheckout('examples', 'people.yaml'), join(home, 'people.yaml'));
    const target = await openDemoTarget(join(home, 'target'), silent);
    const metrics = await openDemoMetrics(join(home, 'metrics'));
    const served = await serveDemo({ '/target': target.router, '/metrics': metrics.router }, 0);
    const close = async () => {
      await served.close();
      await Promise.all([target.close(), metrics.close()]);
    };
    const world = new World(server, home, { url: `http://127.0.0.1:${served.port}`, close });
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
    const ledger = await openJournalLedger(join(this.home, 'journal'), 'events', silent);
    const notifier = await openMailboxNotifier(join(this.home, 'mail', 'mailbox.jsonl'), silent);
    const workers = await createWorkers({
      connection: this.#server.nativeConnection,
      namespace: 'default',
      bundle: inCheckout('dist', 'workflow-bundle.js'),
      ledger,
      notifier,
      directory: this.directory,
      target: createHttpReleaseTarget({ baseUrl: this.targetUrl, timeoutMs: 20_000 }),
      metrics: createHttpMetricSource({ baseUrl: this.metricsUrl, timeoutMs: 4_000 }),
    });
    const close = async () => {
      await Promise.all([ledger.close(), notifier.close()]);
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
    const input: LifecycleInput = {
      start: await startInput(this.directory, starting),
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

  /** What the ledger holds of a lifecycle, in the order of the file. */
  async journal(key: string, folder = 'journal'): Promise<LedgerEntry[]> {
    const entries = await lines<LedgerEntry>(join(this.home, folder, 'events.jsonl'));
    return entries.filter(({ lifecycle }) => lifecycle === key);
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
    await this.#services.close();
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
