import { join } from 'node:path';
import { pino } from 'pino';
import { openDemoMetrics } from '../adapters/demo-metrics/server.js';
import { serveDemo } from '../adapters/demo-server.js';
import { openDemoTarget } from '../adapters/demo-target/server.js';
import { readEnvironment } from './environment.js';
import { reportFailure } from './operator-error.js';

/** Serves the demo release target under /target and the demo metric source under /metrics until told to stop. */
async function serve(): Promise<void> {
  const { home, servicesPort, logLevel } = readEnvironment();
  const log = pino({ name: 'demo-services', level: logLevel });
  const target = await openDemoTarget(join(home, 'target'), log);
  const metrics = await openDemoMetrics(join(home, 'metrics'));
  const server = await serveDemo({ '/target': target.router, '/metrics': metrics.router }, servicesPort);
  log.info({ port: server.port }, 'serving the demo release target and metric source');

  let stopping = false;
  const stop = (): void => {
    if (stopping) return;
    stopping = true;
    server
      .close()
      .then(() => Promise.all([target.close(), metrics.close()]))
      .then(() => {
        if (process.connected) process.disconnect();
      })
      .catch(reportFailure);
  };
  process.once('SIGTERM', stop);
  process.once('SIGINT', stop);
  // Without the parent that started it nobody would ever stop this process.
  process.once('disconnect', stop);
  process.send?.({ ready: true, port: server.port });
}

serve().catch(reportFailure);
