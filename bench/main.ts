import { bundleFloor } from './floor/bundle.js';
import { load } from './load.js';
import { startServer, startSystem } from './system.js';

const server = await startServer((line) => process.stderr.write(`${line}\n`));
try {
  const system = await startSystem(server.address, await bundleFloor());
  try {
    for (let round = 0; round < 2; round++) {
      for (const concurrency of [1, 10, 40]) {
        for (const who of ['floor', 'ours'] as const) {
          const l = await load(system[who], { concurrency, journeys: concurrency === 1 ? 12 : concurrency * 4, maxMs: 8000 });
          const [id] = l.workflowIds.slice(-1);
          const history = await system.client.workflow.getHandle(id ?? '').fetchHistory();
          const types = history.events?.map((e) => e.eventType ?? 0) ?? [];
          console.log(concurrency, who, l.perSecond.toFixed(1), l.p50.toFixed(1), l.p95.toFixed(1), 'cpu', l.cpu.toFixed(0), 'events', types.length, 'wft', types.filter((t) => t === 7).length);
          if (round === 0 && concurrency === 1 && process.env.SHOW) {
            const proto = (await import('@temporalio/proto')).default;
            for (const e of history.events ?? []) console.log(proto.temporal.api.enums.v1.EventType[e.eventType ?? 0], JSON.stringify(e.upsertWorkflowSearchAttributesEventAttributes ?? e.activityTaskScheduledEventAttributes?.activityType ?? e.timerStartedEventAttributes ?? ''));
          }
        }
      }
    }
  } finally {
    await system.stop();
  }
} finally {
  await server.stop();
}
process.exit(0);
