import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

type Labels = Readonly<Record<string, string>>;

/** A small service whose metrics a test moves; Prometheus scrapes it at `url`/metrics. */
export interface Exporter {
  readonly url: string;
  /** `fails`: answers 500; `hangs`: never answers. */
  mood: 'answers' | 'fails' | 'hangs';
  /** Sets a series to a value, NaN included. */
  set(name: string, labels: Labels, value: number): void;
  /** Adds to a series, which begins at 0. */
  add(name: string, labels: Labels, by?: number): void;
  /** Takes a series away. */
  remove(name: string, labels: Labels): void;
  close(): Promise<void>;
}

/** Starts one on a free port of loopback, with no series. */
export async function startExporter(): Promise<Exporter> {
  const series = new Map<string, number>();
  const server = createServer((_, response) => {
    if (exporter.mood === 'hangs') return;
    if (exporter.mood === 'fails') {
      response.writeHead(500).end();
      return;
    }
    const lines = [...series].map(([name, value]) => `${name} ${Number.isNaN(value) ? 'NaN' : value}\n`);
    response.writeHead(200, { 'content-type': 'text/plain; version=0.0.4' }).end(lines.join(''));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const exporter: Exporter = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    mood: 'answers',
    set: (name, labels, value) => void series.set(seriesOf(name, labels), value),
    add: (name, labels, by = 1) => {
      const key = seriesOf(name, labels);
      series.set(key, (series.get(key) ?? 0) + by);
    },
    remove: (name, labels) => void series.delete(seriesOf(name, labels)),
    async close() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
  return exporter;
}

function seriesOf(name: string, labels: Labels): string {
  const pairs = Object.entries(labels).sort(([a], [b]) => (a < b ? -1 : 1));
  return `${name}{${pairs.map(([label, value]) => `${label}=${JSON.stringify(value)}`).join(',')}}`;
}
