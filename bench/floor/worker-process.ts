import { NativeConnection } from '@temporalio/worker';
import { pino } from 'pino';
import { installWorkerLog } from '../../src/main/worker-log.js';
import { EffectsSeen } from '../contestant.js';
import { createFloorActivities } from './activities.js';
import { floorBundlePath } from './bundle.js';
import { createFloorWorkers } from './workers.js';

// The floor's worker as a process of its own, for what is measured from outside.
installWorkerLog(pino({ name: 'floor', level: 'error' }));
const connection = await NativeConnection.connect({ address: process.env['TEMPORAL_ADDRESS'] ?? '' });
const workers = await createFloorWorkers(
  { connection, bundle: floorBundlePath },
  createFloorActivities(new EffectsSeen()),
);
const stop = () => {
  for (const worker of workers) if (worker.getState() === 'RUNNING') worker.shutdown();
};
process.once('SIGTERM', stop);
process.once('disconnect', stop);
const running = Promise.all(workers.map((worker) => worker.run()));
process.send?.({ ready: true });
await running;
await connection.close();
if (process.connected) process.disconnect();
