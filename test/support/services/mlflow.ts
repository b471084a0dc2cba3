import { join } from 'node:path';
import { mlflowProgram } from './mlflow-program.js';
import { type Started, startServer } from './started.js';

/** A real MLflow: tracking and model registry, in SQLite. */
export interface Mlflow extends Started {
  /** Its REST API: the answer to `GET api/2.0/mlflow/{path}?{query}`; throws with its own words. */
  get(path: string, query?: Readonly<Record<string, string>>): Promise<Record<string, unknown>>;
  /** The answer to a POST. */
  post(path: string, body: object): Promise<Record<string, unknown>>;
  /** A registered model with versions 1 to `versions`. */
  registerModel(name: string, versions: number): Promise<void>;
}

/** Starts an MLflow server in an empty folder; takes about five seconds. Nothing is kept after `stop`. */
export async function startMlflow(): Promise<Mlflow> {
  const say = (line: string) => process.stderr.write(`${line}\n`);
  const { python, variables } = await mlflowProgram({ variables: process.env, say });
  const started = await startServer({
    name: 'mlflow',
    healthy: '/health',
    command: async (port, folder) => ({
      program: python,
      args: [
        ...['-m', 'mlflow', 'server', '--host', '127.0.0.1', '--port', String(port), '--workers', '1'],
        ...['--backend-store-uri', `sqlite:///${join(folder, 'mlflow.db')}`],
        ...['--artifacts-destination', join(folder, 'artifacts')],
      ],
      // No runners of background jobs, and nothing that calls out.
      variables: {
        ...variables,
        MLFLOW_SERVER_ENABLE_JOB_EXECUTION: 'false',
        MLFLOW_DISABLE_TELEMETRY: 'true',
        DO_NOT_TRACK: 'true',
      },
    }),
  });
  const call = async (method: string, path: string, rest: RequestInit & { query?: string }) => {
    const response = await fetch(`${started.url}/api/2.0/mlflow/${path}${rest.query ?? ''}`, {
      ...rest,
      method,
      headers: { 'content-type': 'application/json' },
    });
    if (!response.ok) throw new Error(`MLflow refuses ${method} ${path}: ${await response.text()}`);
    return (await response.json()) as Record<string, unknown>;
  };
  const post: Mlflow['post'] = (path, body) => call('POST', path, { body: JSON.stringify(body) });
  return {
    ...started,
    get: (path, query = {}) => call('GET', path, { query: `?${new URLSearchParams(query).toString()}` }),
    post,
    async registerModel(name, versions) {
      await post('registered-models/create', { name });
      for (let version = 1; version <= versions; version += 1) {
        await post('model-versions/create', { name, source: `s3://models/${name}/${version}` });
      }
    },
  };
}
