import { mkdir, readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Router } from 'express';
import { writeAtomically } from '../atomic-file.js';
import type { DemoServer } from '../demo-server.js';
import { FaultSwitches } from '../fault-switches.js';
import { queryForm } from '../metrics-protocol.js';
import { type SeriesSet, samplesOf, seriesForm } from './series.js';

const SUFFIX = '.json';

/**
 * A metric source for development and tests: it answers queries from series that were loaded before, as
 * if they were being measured now. Series lie as files in the folder and survive a restart.
 *
 * Faults, on `POST /query`: `down` answers 503, `hang` never answers, `nan` has no number in any sample, `missing` has no sample.
 */
export async function openDemoMetrics(folder: string): Promise<DemoServer> {
  await mkdir(folder, { recursive: true });
  const sets = await stored(folder);
  const faults = new FaultSwitches(['down', 'hang', 'nan', 'missing']);
  const router = Router();
  router.use(faults.router());

  router.put('/series/:lifecycle', async (request, response) => {
    const { lifecycle } = request.params;
    const set = seriesForm.parse(request.body);
    await writeAtomically(join(folder, encodeURIComponent(lifecycle) + SUFFIX), JSON.stringify(request.body));
    sets.set(lifecycle, set);
    response.json({ lifecycle, series: set.series.length });
  });

  router.post('/query', (request, response) => {
    const query = queryForm.parse(request.body);
    const fault = faults.take(query.lifecycle, ['down', 'hang', 'nan', 'missing'])?.kind;
    if (fault === 'hang') return;
    if (fault === 'down') {
      response.status(503).json({ code: 'fault', message: 'down as told by POST /faults' });
      return;
    }
    const set = sets.get(query.lifecycle);
    const samples = set === undefined || fault === 'missing' ? [] : samplesOf(set, query);
    const shown =
      fault === 'nan' ? samples.map((sample) => ({ ...sample, count: null, value: 'NaN' })) : samples;
    response.json({ samples: shown });
  });

  return { router, close: async () => undefined };
}

async function stored(folder: string): Promise<Map<string, SeriesSet>> {
  const files = (await readdir(folder)).filter((name) => name.endsWith(SUFFIX));
  const read = async (name: string): Promise<[string, SeriesSet]> => [
    decodeURIComponent(name.slice(0, -SUFFIX.length)),
    seriesForm.parse(JSON.parse(await readFile(join(folder, name), 'utf8'))),
  ];
  return new Map(await Promise.all(files.map(read)));
}
