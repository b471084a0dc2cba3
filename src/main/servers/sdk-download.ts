import { createRequire } from 'node:module';
import { DefaultLogger, Runtime } from '@temporalio/worker';
import { reason } from '../../adapters/system-error.js';

/** What the SDK can download: the development server, or the one that skips time. */
export type DownloadKind = 'dev-server' | 'time-skipping';

// A process of its own (`node sdk-download.js KIND FOLDER`), because the SDK's download cannot be cancelled:
// whoever waits for it ends the process instead. The SDK downloads only as part of a start, so it is started
// once and stopped again.
const [kind, downloadDir] = process.argv.slice(2) as [DownloadKind, string];
const { version } = createRequire(import.meta.url)('@temporalio/worker/package.json') as { version: string };
const exe = {
  type: 'cached-download',
  downloadDir,
  version: 'default',
  ttl: 86_400_000,
  sdkName: 'sdk-typescript',
  sdkVersion: version,
} as const;

type ServerConfig = Parameters<Runtime['createEphemeralServer']>[0];

const configs: Record<DownloadKind, ServerConfig> = {
  'dev-server': {
    type: 'dev-server',
    exe,
    namespace: 'default',
    ip: '127.0.0.1',
    port: null,
    uiPort: null,
    dbFilename: null,
    ui: false,
    log: { format: 'pretty', level: 'error' },
    extraArgs: [],
  },
  'time-skipping': { type: 'time-skipping', exe, port: null, extraArgs: [] },
};

try {
  Runtime.install({ logger: new DefaultLogger('ERROR') });
  const server = await Runtime.instance().createEphemeralServer(configs[kind]);
  await Runtime.instance().shutdownEphemeralServer(server);
  process.exit(0);
} catch (error) {
  process.stderr.write(`${reason(error)}\n`);
  process.exit(1);
}
