import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { cacheFolder } from '../../../src/main/environment.js';
import { OperatorError } from '../../../src/main/operator-error.js';
import { fetchedBefore, fetchInto, type Search, type Source } from '../../../src/main/servers/fetched.js';
import { onPath } from '../../../src/main/servers/program-path.js';
import { unpackDebian } from './debian.js';

/** Paths of the monitoring programs, and in words where they come from. */
export interface MonitoringPrograms {
  readonly prometheus: string;
  readonly promtool: string;
  readonly alertmanager: string;
  /** Where Alertmanager must run: it finds its own files relative to that. */
  readonly root: string;
  readonly origin: string;
}

// One release of Debian in a cache: what another one built may not run here.
const source: Source = {
  folder: 'monitoring-debian',
  program: join('usr', 'bin', 'prometheus'),
  words: "Debian's prometheus and prometheus-alertmanager",
};

/**
 * Prometheus, promtool and Alertmanager: on the PATH, fetched before, or fetched once as Debian packages and
 * unpacked into the cache. Throws OperatorError saying what to install when none of these is possible.
 */
export async function monitoringPrograms(search: Search): Promise<MonitoringPrograms> {
  const installed = await ofTheMachine(search);
  if (installed !== undefined) return installed;
  const cache = cacheFolder(search.variables);
  const found = (await fetchedBefore(cache, source)) ?? (await fetch(cache, search));
  const bin = join(cache, source.folder, 'usr', 'bin');
  return {
    prometheus: found.path,
    promtool: join(bin, 'promtool'),
    alertmanager: join(bin, 'prometheus-alertmanager'),
    root: join(cache, source.folder),
    origin: found.origin,
  };
}

async function ofTheMachine({ variables }: Search): Promise<MonitoringPrograms | undefined> {
  const prometheus = await onPath('prometheus', variables);
  const promtool = await onPath('promtool', variables);
  const alertmanager =
    (await onPath('prometheus-alertmanager', variables)) ?? (await onPath('alertmanager', variables));
  if (prometheus === undefined || promtool === undefined || alertmanager === undefined) return undefined;
  return { prometheus, promtool, alertmanager, root: '/', origin: 'on the PATH' };
}

async function fetch(cache: string, search: Search): ReturnType<typeof fetchInto> {
  search.say('Fetching Prometheus and Alertmanager as Debian packages, once (30 MB) ...');
  return fetchInto(cache, source, async (folder) => {
    if (await unpackDebian(['prometheus', 'prometheus-alertmanager'], folder, search)) {
      await lookBelowItself(join(folder, 'usr', 'bin', 'prometheus-alertmanager'));
      return;
    }
    throw new OperatorError(
      'Prometheus and Alertmanager are not at hand and could not be fetched. Install them ' +
        '(on Debian: apt-get install prometheus prometheus-alertmanager; elsewhere prometheus.io/download) so that ' +
        '`prometheus`, `promtool` and `alertmanager` are on the PATH, and run the tests again.',
    );
  });
}

/**
 * Debian's Alertmanager reads its template below one absolute path that only an installation has. A relative path
 * of the same length, where it is started from, serves the same file to any user.
 */
async function lookBelowItself(program: string): Promise<void> {
  const [installed, here] = ['/usr/share/prometheus/alertmanager', 'usr//share/prometheus/alertmanager'];
  const bytes = await readFile(program);
  for (let at = bytes.indexOf(installed); at >= 0; at = bytes.indexOf(installed, at)) bytes.write(here, at);
  await writeFile(program, bytes);
}
