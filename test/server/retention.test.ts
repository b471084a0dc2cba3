import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Client, Connection, WorkflowNotFoundError } from '@temporalio/client';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { readView } from '../../src/cli/client/lifecycles.js';
import { exampleBody, readExample } from '../../src/cli/journey/example.js';
import { Journeying } from '../../src/cli/journey/journeying.js';
import { Narrator } from '../../src/cli/journey/narrator.js';
import { createSessions, type Sessions } from '../../src/cli/journey/sessions.js';
import { createTerminal } from '../../src/cli/terminal/terminal.js';
import { fillIn } from '../../src/cli/written/words.js';
import { choosePorts } from '../../src/main/supervisor/ports.js';
import { type RunningChild, startChild } from '../../src/main/supervisor/running-child.js';
import { devServerProgram } from '../../src/main/temporal-server.js';
import type { LedgerEntry } from '../../src/ports/ledger.js';
import { lifecycleId } from '../../src/workflows/messages.js';
import { airworthy } from '../e2e/programs.js';
import { eventually } from '../support/eventually.js';
import { newHome, removeHome, type StartedUp, startUp } from '../support/up.js';

const KEY = 'tax-payments';
const AT = `/v1/lifecycles/${KEY}`;
/** The shortest that a server takes. */
const RETENTION_S = 3_600;

const example = readExample(`examples/${KEY}`);
const silent = createTerminal({ write: () => undefined }, { write: () => undefined }, false);
let server: RunningChild;
let up: StartedUp;
let sessions: Sessions;
let temporal: Client;

beforeAll(async () => {
  const home = await newHome();
  const address = await startTemporal(home);
  up = await startUp({ home, variables: { TEMPORAL_ADDRESS: address } });
  sessions = createSessions(up.addresses.api, 10_000);
  temporal = new Client({ connection: await Connection.connect({ address }) });
});
afterAll(async () => {
  await temporal.connection.close();
  await up.stop();
  await server.stop();
  await removeHome(up.home);
});

/** A server as `up` starts it, but that deletes within seconds: else it waits until it next writes its progress down. */
async function startTemporal(home: string): Promise<string> {
  const { port } = await choosePorts({ port: { port: 0, purpose: 'Temporal', variable: '' } });
  const program = await devServerProgram({ variables: process.env, say: () => undefined }, { port });
  const soon = '--dynamic-config-value=history.transferProcessorUpdateAckInterval="200ms"';
  const places = { runFolder: home, logFolder: home };
  server = startChild({ ...program, args: [...program.args, soon] }, places);
  await server.ready;
  return `127.0.0.1:${port}`;
}

const get = (path: string, as = 'divya') => sessions.as(as, async (api) => (await api.get(path)).body);

/** From its start over spec, release and evidence to an early end. */
async function live(): Promise<void> {
  const setting = { example, key: KEY, timeScale: 1, sessions, narrator: new Narrator(silent, KEY, 1) };
  const journeying = new Journeying(setting, 'divya');
  const { steps } = example.journey;
  const submitted = steps.findIndex((step) => 'do' in step && step.do === 'submit-for-review');
  for (const step of steps.slice(0, submitted)) await journeying.take(step);
  await journeying.take({ by: 'bela', do: 'cancel', with: { reason: 'The service is given up.' } });
}

/** Everything that is recorded of it, as its readers are shown it. */
async function shown() {
  const [timeline, specs, evidence, releases, spec, list] = await Promise.all(
    [
      `${AT}/timeline?limit=200`,
      `${AT}/specs`,
      `${AT}/evidence`,
      `${AT}/releases`,
      `${AT}/specs/1`,
      `/v1/lifecycles?stage=retired`,
    ].map((path) => get(path)),
  );
  const { items } = timeline as { items: readonly LedgerEntry[] };
  const events = items.filter(({ kind }) => kind === 'event');
  return { events, specs, evidence, releases, spec, list };
}

/** Does away with the execution as the end of its retention does. */
async function forget(): Promise<void> {
  const { workflowService } = temporal;
  const namespace = 'default';
  const config = { workflowExecutionRetentionTtl: { seconds: RETENTION_S } } as never;
  await workflowService.updateNamespace({ namespace, config });
  const workflowId = lifecycleId(KEY);
  await workflowService.deleteWorkflowExecution({ namespace, workflowExecution: { workflowId } });
  await eventually('Temporal has forgotten it', async () => {
    const found = await temporal.workflow
      .getHandle(workflowId)
      .describe()
      .catch((error: unknown) => error);
    return found instanceof WorkflowNotFoundError;
  });
}

async function refusedAgain(as: string, idempotencyKey?: string): Promise<void> {
  const starting = example.journey.steps.find((step) => 'start' in step);
  const body = fillIn(exampleBody(example, starting?.start ?? '', KEY), undefined, Date.now());
  const again = sessions.as(as, (api) => api.post('/v1/lifecycles', body, { idempotencyKey }));
  await expect(again).rejects.toMatchObject({
    document: { status: 409, code: 'exists', reasons: [{ pointer: '/key' }] },
  });
}

it('what Temporal no longer keeps is complete in the ledger, and its key stays taken', async () => {
  await live();
  await temporal.workflow.getHandle(lifecycleId(KEY)).result();
  const { version, stage } = await sessions.as('divya', (api) => readView(api, KEY));
  expect(stage).toBe('retired');
  await eventually('it is drained', async () => (await shown()).events.length === version);
  const before = await shown();
  await forget();

  const after = await shown();
  expect(after).toEqual(before);
  expect(after.events.map(({ seq }) => seq)).toEqual(Array.from({ length: version }, (_, n) => n + 1));
  expect([after.events[0]?.type, after.events.at(-1)?.type]).toEqual(['LifecycleStarted', 'Retired']);
  expect(after).toMatchObject({
    specs: { items: [{ version: 1, submittedBy: 'hari' }] },
    spec: { spec: { spec: KEY } },
    evidence: { items: [{ kind: 'eval' }, { kind: 'vendor-review' }] },
    releases: { items: [{ label: 'r1' }] },
    list: { items: [{ key: KEY, stage: 'retired' }] },
  });
  expect(await get(AT)).toMatchObject({
    stale: true,
    because: 'not-found',
    stage: 'retired',
    version,
    ledger: { recorded: version },
    allowedCommands: [],
  });

  const told = await airworthy(up.home, 'show', KEY, '--as', 'divya');
  expect(told.code).toBe(0);
  expect(told.out).toMatch(
    /^Old: as recorded at .*The engine has forgotten it;\nnothing moves it any more\./,
  );

  // In the process that had started it, and in one that never heard of it.
  await refusedAgain('divya');
  await refusedAgain('hari');
  process.kill(await up.childPid('api'), 'SIGKILL');
  await eventually('the API runs again', () => up.output().includes('api runs again.'));
  await refusedAgain('divya');
  await refusedAgain('gita');
  expect((await shown()).events).toEqual(before.events);
});

it('its export is complete and verifies, and the reconciler misses nothing', async () => {
  const since = Date.now();
  await temporal.schedule.getHandle('reconcile').trigger();
  await eventually('the reconciler has looked', async () => {
    for await (const { status, startTime } of temporal.workflow.list({ query: 'WorkflowType = "reconcile"' }))
      if (status.name === 'COMPLETED' && startTime.getTime() >= since) return true;
    return false;
  });
  const bundle = join(up.home, 'export.jsonl');
  const response = await fetch(`${up.addresses.api}/v1/ledger/export?lifecycle=${KEY}`, {
    headers: { authorization: 'Bearer dev-zoya' },
  });
  const text = await response.text();
  await writeFile(bundle, text);
  const lines = text
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line));
  const entries = lines.filter(Array.isArray).map(([, entry]) => entry as LedgerEntry);
  const { events, specs } = await shown();
  expect(entries.filter(({ kind }) => kind === 'event').map(({ id }) => id)).toEqual(
    events.map(({ id }) => id),
  );
  expect(entries.filter(({ kind }) => kind === 'finding')).toEqual([]);
  const documents = lines.filter(({ type }) => type === 'document').map(({ digest }) => digest as string);
  const [{ data }] = events as [LedgerEntry];
  const { start } = data as { start: string };
  const [{ digest }] = (specs as { items: [{ digest: string }] }).items;
  expect(documents).toEqual(expect.arrayContaining([start, digest]));

  const verified = await airworthy(up.home, 'ledger', 'verify', bundle, '--json');
  expect(verified).toMatchObject({ code: 0, err: '' });
  expect(JSON.parse(verified.out)).toMatchObject({ ok: true, lifecycle: KEY, entries: entries.length });
});
