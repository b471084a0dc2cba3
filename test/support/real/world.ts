/** One example use case among real services: MLflow and flags serve it, Prometheus measures it, Alertmanager tells of it. */
import { cp, mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { stringify } from 'yaml';
import { readView, type View } from '../../../src/cli/client/lifecycles.js';
import { readExample } from '../../../src/cli/journey/example.js';
import type { Step } from '../../../src/cli/journey/form.js';
import { Journeying } from '../../../src/cli/journey/journeying.js';
import { Narrator } from '../../../src/cli/journey/narrator.js';
import { createSessions, type Sessions } from '../../../src/cli/journey/sessions.js';
import { Timeline } from '../../../src/cli/journey/timeline.js';
import { createTerminal } from '../../../src/cli/terminal/terminal.js';
import { choosePorts } from '../../../src/main/supervisor/ports.js';
import { eventually } from '../eventually.js';
import { startAlertmanager } from '../services/alertmanager.js';
import { startExporter } from '../services/exporter.js';
import { type Mlflow, startMlflow } from '../services/mlflow.js';
import { type Prometheus, startPrometheus } from '../services/prometheus.js';
import { newHome, removeHome, type StartedUp, startUp } from '../up.js';
import { type Gate, startGate } from './gate.js';
import { type Behaviour, startTraffic, type Traffic } from './traffic.js';

/** Scrapes and evaluations: five to twenty of them in the windows that the tests judge by. */
const SCRAPE_MS = 250;
/** The build pipeline of the examples' people, as which monitoring reports. */
const MACHINE = 'dev-ci';

export interface RealOptions {
  readonly key: string;
  /** Shortens elapsed times of rollouts and specs, so that the shortest window is some seconds long. */
  readonly timeScale: number;
  /** Without a measurement for this long, written at scale 1, it is silent. */
  readonly silenceAfter: string;
  /** PromQL by metric, as the metric source's file takes it. */
  readonly metrics: Readonly<Record<string, unknown>>;
  readonly casesPerSecond: number;
  /** By release label. */
  readonly behaviours: Readonly<Record<string, Behaviour>>;
}

type Data = Readonly<Record<string, unknown>>;

export interface RealWorld {
  readonly prometheus: Prometheus;
  readonly mlflow: Mlflow;
  readonly traffic: Traffic;
  readonly exporter: Awaited<ReturnType<typeof startExporter>>;
  /** Between the guard and Prometheus. */
  readonly gate: Gate;
  /** Takes steps as a journey file has them; a registered release becomes a version of the model, and is deployed. */
  take(steps: readonly Step[]): Promise<void>;
  /** The steps of the example's own journey. */
  readonly steps: readonly Step[];
  view(): Promise<View>;
  /** The first view of which it holds. */
  until(what: string, holds: (view: View) => boolean, withinMs?: number): Promise<View>;
  /** What the ledger has of a type, oldest first. */
  events(type: string): Promise<readonly Data[]>;
  /** Once the ledger has this many of a type. */
  untilRecorded(type: string, times: number): Promise<readonly Data[]>;
  /** Loads the alerting rules that the API compiles from a version of the spec. */
  loadAlertingRules(version: number): Promise<string>;
  /** Versions of the registered model by the alias that leads to them. */
  aliases(): Promise<Readonly<Record<string, string>>>;
  close(): Promise<void>;
}

/** Starts everything, ready for the first step; `close` ends all of it. */
export async function openRealWorld(options: RealOptions): Promise<RealWorld> {
  const { key, timeScale } = options;
  const closing: (() => Promise<unknown>)[] = [];
  const close = async () => {
    for (const end of closing.splice(0).reverse()) await end();
  };
  try {
    return await open(options, closing, close);
  } catch (error) {
    await close();
    throw new Error(`${key} at scale ${timeScale} could not be started`, { cause: error });
  }
}

async function open(
  options: RealOptions,
  closing: (() => Promise<unknown>)[],
  close: () => Promise<void>,
): Promise<RealWorld> {
  const { key, behaviours } = options;
  const home = await newHome();
  closing.push(() => removeHome(home));
  const [mlflow, exporter] = await Promise.all([startMlflow(), startExporter()]);
  closing.push(
    () => mlflow.stop(),
    () => exporter.close(),
  );
  await mlflow.registerModel(key, 0);
  // Alertmanager needs the API's address, the API Prometheus', and Prometheus Alertmanager's: the API has a fixed port.
  const apiPort = await freePort();
  const alertmanager = await startAlertmanager({
    webhook: { url: `http://127.0.0.1:${apiPort}/v1/alerts/alertmanager`, token: MACHINE },
  });
  closing.push(() => alertmanager.stop());
  const prometheus = await startPrometheus({
    scrape: [exporter.url],
    alertmanager: alertmanager.url,
    everyMs: SCRAPE_MS,
  });
  closing.push(() => prometheus.stop());
  const gate = await startGate(prometheus.url);
  closing.push(() => gate.close());

  const flags = join(home, 'flags.json');
  const up = await startUp({
    home,
    variables: {
      AIRWORTHY_API_PORT: String(apiPort),
      AIRWORTHY_OPERATING_MODELS: await shortenedModels(home, options),
      AIRWORTHY_TARGETS: await written(home, 'targets.yaml', targetsOf(mlflow.url, flags)),
      AIRWORTHY_METRIC_SOURCES: await written(home, 'metrics.yaml', sourcesOf(gate.url, options.metrics)),
    },
  });
  closing.push(() => up.stop());
  const traffic = startTraffic({ flags, lifecycle: key, casesPerSecond: options.casesPerSecond, exporter });
  closing.push(async () => traffic.stop());
  const sessions = createSessions(up.addresses.api, 20_000);
  const example = readExample(`examples/${key}`);
  const reader = readerOf(example.journey.steps);
  let told = '';
  const terminal = createTerminal({ write: (text) => (told += text) }, { write: () => undefined }, false);
  const narrator = new Narrator(terminal, key, key.length);
  const setting = { example, key, timeScale: options.timeScale, sessions, narrator };
  const journeying = new Journeying(setting, reader);
  const view = () => sessions.as(reader, (api) => readView(api, key));

  /** What a build pipeline does once a release is registered: the model's next version carries its digest. */
  const deploy = async (): Promise<void> => {
    const release = (await view()).delivery?.release;
    if (!release) throw new Error('a release was registered, and the view shows none');
    const { label, digest } = release;
    const tags = [{ key: 'airworthy_release', value: digest }];
    await mlflow.post('model-versions/create', { name: key, source: `s3://models/${key}/${label}`, tags });
    traffic.deploy(label, digest, behaviours[label] ?? {});
  };

  return {
    prometheus,
    mlflow,
    traffic,
    exporter,
    gate,
    steps: example.journey.steps,
    view,
    close,
    async take(steps) {
      for (const step of steps) {
        try {
          await journeying.take(step);
        } catch (cause) {
          const log = await readFile(join(home, 'logs', 'worker.log'), 'utf8').catch(() => '');
          throw new Error([String(cause), told.slice(-4_000), log.slice(-4_000)].join('\n'), { cause });
        }
        if ('do' in step && step.do === 'register-release') await deploy();
      }
    },
    until: (what, holds, withinMs = 60_000) => untilView(key, view, what, holds, withinMs),
    events: (type) => eventsOf(sessions, reader, key, type),
    untilRecorded: (type, times) =>
      eventually(
        `${key}: ${times} ${type}`,
        async () => {
          const found = await eventsOf(sessions, reader, key, type);
          return found.length >= times && found;
        },
        60_000,
      ),
    async loadAlertingRules(version) {
      const rules = await rulesOf(up, key, version);
      await prometheus.loadRules(rules);
      return rules;
    },
    async aliases() {
      const { registered_model } = (await mlflow.get('registered-models/get', { name: key })) as {
        registered_model: { aliases?: readonly { alias: string; version: string }[] };
      };
      return Object.fromEntries(
        (registered_model.aliases ?? []).map(({ alias, version }) => [alias, version]),
      );
    },
  };
}

/** The shipped models at another scale; gates of people who are slower than machines have time. */
async function shortenedModels(
  home: string,
  { timeScale, silenceAfter }: Pick<RealOptions, 'timeScale' | 'silenceAfter'>,
): Promise<string> {
  const folder = join(home, 'operating-models');
  await cp('operating-models', folder, { recursive: true });
  const file = join(folder, 'demo.yaml');
  const changes: readonly (readonly [string, string])[] = [
    ['timeScale: 0.00001', `timeScale: ${timeScale}`],
    ['{after: 70d}', `{after: ${silenceAfter}}`],
    ['{recheck: 28h}', '{recheck: 12h}'],
    ['sla: 60bs', 'sla: 900bs'],
    ['sla: 2bmin', 'sla: 30bmin'],
  ];
  let model = await readFile(file, 'utf8');
  for (const [from, to] of changes) {
    if (!model.includes(from)) throw new Error(`demo.yaml has no ${from} any more`);
    model = model.replaceAll(from, to);
  }
  await writeFile(file, model);
  return folder;
}

function targetsOf(mlflow: string, flags: string) {
  return {
    targets: [
      { id: 'registry', kind: 'mlflow', url: mlflow },
      { id: 'flags', kind: 'flag-file', path: flags },
    ],
    routes: [{ lifecycles: ['*'], apply: ['registry', 'flags'] }],
  };
}

function sourcesOf(url: string, metrics: Readonly<Record<string, unknown>>) {
  return { sources: [{ id: 'prometheus', kind: 'prometheus', url, lifecycles: ['*'], metrics }] };
}

async function written(folder: string, name: string, content: unknown): Promise<string> {
  await mkdir(folder, { recursive: true });
  const file = join(folder, name);
  await writeFile(file, stringify(content));
  return file;
}

async function freePort(): Promise<number> {
  const { port } = await choosePorts({ port: { port: 0, purpose: 'the API', variable: '' } });
  return port;
}

function readerOf(steps: readonly Step[]): string {
  const starting = steps.find((step) => 'start' in step);
  if (starting === undefined || !('start' in starting)) throw new Error('nobody starts this journey');
  return starting.by;
}

async function untilView(
  key: string,
  view: () => Promise<View>,
  what: string,
  holds: (view: View) => boolean,
  withinMs: number,
): Promise<View> {
  let last: View | undefined;
  return eventually(
    `${key}: ${what}`,
    async () => {
      last = await view();
      return holds(last) && last;
    },
    withinMs,
  ).catch((cause: unknown) => {
    const { stage, delivery, candidate, serving, exposure, holds: held, waitingOn } = last ?? {};
    const seen = { stage, delivery, candidate, serving, exposure, held, waitingOn };
    throw new Error(`${what} did not come; last seen: ${JSON.stringify(seen, null, 1)}`, { cause });
  });
}

async function eventsOf(sessions: Sessions, reader: string, key: string, type: string) {
  const timeline = new Timeline(sessions, reader, key);
  await timeline.refresh();
  return timeline.entries.filter((entry) => entry.type === type).map(({ data }) => data as Data);
}

async function rulesOf({ addresses }: StartedUp, key: string, version: number): Promise<string> {
  const answer = await fetch(`${addresses.api}/v1/lifecycles/${key}/specs/${version}/alerting-rules`, {
    headers: { authorization: `Bearer ${MACHINE}` },
  });
  const text = await answer.text();
  if (!answer.ok) throw new Error(`no alerting rules: ${answer.status} ${text}`);
  return text;
}
