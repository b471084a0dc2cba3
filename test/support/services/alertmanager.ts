import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { stringify } from 'yaml';
import { monitoringPrograms } from './monitoring-programs.js';
import { type Started, startServer } from './started.js';

/** Where an Alertmanager of a test sends its notifications, and how often. */
export interface AlertmanagerOptions {
  readonly webhook: { readonly url: string /** A bearer token. */; readonly token?: string };
  /** How often it tells about an alert that still fires, in milliseconds; an hour: once only. */
  readonly repeatEveryMs?: number;
}

/** An alert as monitoring hands it in. */
interface PostedAlert {
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations?: Readonly<Record<string, string>>;
  /** RFC 3339; an `endsAt` of now or before resolves it. */
  readonly startsAt?: string;
  readonly endsAt?: string;
}

/** A real Alertmanager. */
export interface Alertmanager extends Started {
  /** Hands alerts in, as Prometheus does. */
  post(alerts: readonly PostedAlert[]): Promise<void>;
}

/** Starts an Alertmanager on its own (no cluster) that tells a webhook at once, resolved alerts too. */
export async function startAlertmanager(options: AlertmanagerOptions): Promise<Alertmanager> {
  const say = (line: string) => process.stderr.write(`${line}\n`);
  const { alertmanager, root } = await monitoringPrograms({ variables: process.env, say });
  const started = await startServer({
    name: 'alertmanager',
    healthy: '/-/ready',
    command: async (port, folder) => {
      const file = join(folder, 'alertmanager.yaml');
      await writeFile(file, configuration(options));
      const args = [
        `--config.file=${file}`,
        `--storage.path=${join(folder, 'data')}`,
        `--web.listen-address=127.0.0.1:${port}`,
        '--cluster.listen-address=',
      ];
      return { program: 'env', args: [`--chdir=${root}`, alertmanager, ...args] };
    },
  });
  return {
    ...started,
    async post(alerts) {
      const response = await fetch(`${started.url}/api/v2/alerts`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(alerts),
      });
      if (!response.ok) throw new Error(`Alertmanager does not take these alerts: ${await response.text()}`);
    },
  };
}

function configuration({ webhook, repeatEveryMs = 3_600_000 }: AlertmanagerOptions): string {
  const { token } = webhook;
  const authorized = token && { http_config: { authorization: { credentials: token } } };
  return stringify({
    route: {
      receiver: 'webhook',
      group_by: ['airworthy_lifecycle'],
      group_wait: '100ms',
      group_interval: '500ms',
      repeat_interval: `${repeatEveryMs}ms`,
    },
    receivers: [
      {
        name: 'webhook',
        webhook_configs: [{ url: webhook.url, send_resolved: true, ...(authorized || undefined) }],
      },
    ],
  });
}
