import { execFile } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { stringify } from 'yaml';
import { monitoringPrograms } from './monitoring-programs.js';
import { type Started, startServer } from './started.js';

/** What a Prometheus of a test watches. */
export interface PrometheusOptions {
  /** Text of a rule file (YAML with `groups`). */
  readonly rules?: string;
  /** Addresses to scrape (`host:port` or a URL), at /metrics. */
  readonly scrape?: readonly string[];
  /** Address of an Alertmanager (URL) that alerts go to. */
  readonly alertmanager?: string;
  /** How often it scrapes and evaluates, in milliseconds; 500. */
  readonly everyMs?: number;
  /** Samples from before its start, in the OpenMetrics text format with times in seconds, `# EOF` at the end. */
  readonly history?: string;
}

/** A real Prometheus. */
export interface Prometheus extends Started {
  /** Replaces the rules and loads them; throws with Prometheus' own words where it refuses them. */
  loadRules(rules: string): Promise<void>;
  /** The data of an instant query; throws with Prometheus' own words. */
  query(promql: string): Promise<{ resultType: string; result: unknown[] }>;
}

type Answer =
  | { status: 'success'; data: { resultType: string; result: unknown[] } }
  | { status: 'error'; error: string };

const run = promisify(execFile);
const search = { variables: process.env, say: (line: string) => process.stderr.write(`${line}\n`) };

/** Starts a Prometheus in an empty folder. Its administration and reload are on; nothing is kept after `stop`. */
export async function startPrometheus(options: PrometheusOptions = {}): Promise<Prometheus> {
  const { everyMs = 500, history } = options;
  const programs = await monitoringPrograms(search);
  let rulesFile = '';
  const started = await startServer({
    name: 'prometheus',
    healthy: '/-/ready',
    command: async (port, folder) => {
      rulesFile = join(folder, 'rules.yaml');
      await writeFile(rulesFile, options.rules ?? 'groups: []\n');
      await writeFile(join(folder, 'prometheus.yaml'), configuration(options, everyMs));
      const data = join(folder, 'data');
      if (history !== undefined) await fill(programs.promtool, folder, data, history);
      const args = [
        `--config.file=${join(folder, 'prometheus.yaml')}`,
        `--storage.tsdb.path=${data}`,
        `--web.listen-address=127.0.0.1:${port}`,
        '--web.enable-lifecycle',
        '--storage.tsdb.retention.time=10y',
        '--rules.alert.resend-delay=1s',
        '--log.level=warn',
      ];
      return { program: programs.prometheus, args };
    },
  });
  return {
    ...started,
    async loadRules(rules) {
      await writeFile(rulesFile, rules);
      const response = await fetch(`${started.url}/-/reload`, { method: 'POST' });
      if (!response.ok) throw new Error(`Prometheus does not load these rules: ${await response.text()}`);
    },
    async query(promql) {
      const response = await fetch(`${started.url}/api/v1/query?query=${encodeURIComponent(promql)}`);
      const body = (await response.json()) as Answer;
      if (body.status !== 'success') throw new Error(`Prometheus does not answer ${promql}: ${body.error}`);
      return body.data;
    },
  };
}

function configuration({ scrape = [], alertmanager }: PrometheusOptions, everyMs: number): string {
  const targets = scrape.map(hostOf);
  return stringify({
    global: {
      scrape_interval: `${everyMs}ms`,
      scrape_timeout: `${everyMs}ms`,
      evaluation_interval: `${everyMs}ms`,
    },
    rule_files: ['rules.yaml'],
    scrape_configs: targets.length === 0 ? [] : [{ job_name: 'test', static_configs: [{ targets }] }],
    ...(alertmanager !== undefined && {
      alerting: { alertmanagers: [{ static_configs: [{ targets: [hostOf(alertmanager)] }] }] },
    }),
  });
}

function hostOf(address: string): string {
  return address.includes('://') ? new URL(address).host : address;
}

async function fill(promtool: string, folder: string, data: string, history: string): Promise<void> {
  const file = join(folder, 'history.om');
  await writeFile(file, history);
  await run(promtool, ['tsdb', 'create-blocks-from', 'openmetrics', file, data]);
}

/** Runs promtool, such as `check rules FILE`; `ok` is whether it agrees, `output` what it said. */
export async function promtool(...args: string[]): Promise<{ ok: boolean; output: string }> {
  const programs = await monitoringPrograms(search);
  return run(programs.promtool, args).then(
    ({ stdout, stderr }) => ({ ok: true, output: stdout + stderr }),
    ({ stdout, stderr }: { stdout: string; stderr: string }) => ({ ok: false, output: stdout + stderr }),
  );
}
