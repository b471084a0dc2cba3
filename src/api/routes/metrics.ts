import { Counter, collectDefaultMetrics, Gauge, Registry } from 'prom-client';
import type { Api } from '../deps.js';
import { type GuardedRoute, route } from '../guarded-routes.js';
import { within } from '../within.js';

const LOOK_UP_MS = 1_000;

/** `GET /metrics`, for Prometheus: of this process, and of how far the ledger is behind. */
export function metricsRoute(api: Api): GuardedRoute {
  let registry: Registry | undefined;
  return route('metrics', async (_request, response) => {
    // From the first question on: who is never asked need not measure.
    registry ??= createMetrics(api);
    response.set({ 'Content-Type': registry.contentType, 'Cache-Control': 'no-store' });
    response.send(await registry.metrics());
  });
}

function createMetrics({
  lag,
  readModel,
  items,
  streams,
  guard,
}: Pick<Api, 'lag' | 'readModel' | 'items' | 'streams' | 'guard'>): Registry {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  const gauge = (name: string, help: string, read: () => number | Promise<number>): void => {
    new Gauge({
      name,
      help,
      registers: [registry],
      async collect() {
        this.set(await read());
      },
    });
  };
  gauge(
    'airworthy_ledger_lag_events',
    'Events of lifecycles that this process has shown lately which the ledger has not recorded',
    () => lag.total(),
  );
  gauge(
    'airworthy_projection_behind_lifecycles',
    'Lifecycles whose row in lists is older than their last recorded event; NaN while the ledger is away',
    async () => (await within(LOOK_UP_MS, readModel.behind())) ?? Number.NaN,
  );
  new Gauge({
    name: 'airworthy_items_late',
    help: 'Exception items whose SLA has passed and that nobody has decided, by queue; none while the ledger is away',
    labelNames: ['queue'],
    registers: [registry],
    async collect() {
      this.reset();
      const late = await within(LOOK_UP_MS, items.lateByQueue(Date.now()));
      for (const [queue, count] of late ?? []) this.set({ queue }, count);
    },
  });
  new Counter({
    name: 'airworthy_guard_checks_total',
    help: 'What the decision-time guard of this process answered, by verdict, reason and deciding clause',
    labelNames: ['verdict', 'why', 'clause'],
    registers: [registry],
    collect() {
      this.reset();
      for (const { count, ...labels } of guard.tally.counts) this.inc(labels, count);
    },
  });
  gauge(
    'airworthy_guard_lifecycles',
    'Lifecycles that the decision-time guard holds in memory',
    () => guard.book.size,
  );
  gauge('airworthy_guard_current', 'Whether the decision-time guard knows what holds now: 1 or 0', () =>
    guard.book.current ? 1 : 0,
  );
  gauge('airworthy_event_streams', 'Streams of live events that are open', () => streams.open);
  return registry;
}
