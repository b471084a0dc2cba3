import { execFile } from 'node:child_process';
import { chmod, mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, it, onTestFinished } from 'vitest';
import { parse } from 'yaml';
import { promptfooFile } from '../contracts/evidence-import/promptfoo-file.js';
import { temporaryFolder } from '../ports/temporary-folder.js';
import { startMlflow } from '../support/services/mlflow.js';
import { registerRelease, startImplementation, TAX } from './in-implementation.js';
import { type RunningApi, runningApi } from './running-api.js';

const run = promisify(execFile);

/** The blocks of a language in the page, as whoever copies them gets them. */
async function blocks(language: string): Promise<string[]> {
  const page = await readFile('docs/howto/evidence.md', 'utf8');
  return [...page.matchAll(new RegExp(`^\`\`\`${language}\n([\\s\\S]*?)^\`\`\``, 'gm'))].map(
    ([, text = '']) => text,
  );
}

async function block(language: string, holding: string): Promise<string> {
  const found = (await blocks(language)).find((text) => text.includes(holding));
  if (found === undefined) throw new Error(`the page has no block of ${language} with ${holding}`);
  return found;
}

interface Shell {
  readonly folder: string;
  readonly sh: (script: string, variables?: Readonly<Record<string, string>>) => Promise<string>;
}

/** Runs what the page says in an empty folder, as GitHub runs a step: it ends at the first error. */
async function shell(api: RunningApi): Promise<Shell> {
  const folder = await temporaryFolder();
  const own = join(folder, 'bin');
  await mkdir(own);
  const given = {
    PATH: `${own}:${process.env.PATH ?? ''}`,
    AIRWORTHY_URL: api.origin,
    AIRWORTHY_TOKEN: 'dev-ci',
  };
  const sh = async (script: string, variables = {}): Promise<string> => {
    const env = { ...given, ...variables };
    return (await run('bash', ['-e', '-o', 'pipefail', '-c', script], { cwd: folder, env })).stdout;
  };
  return { folder, sh };
}

async function building() {
  const api = await runningApi();
  await startImplementation(api);
  return { api, ...(await shell(api)), evidence: () => api.lifecycles.entity(TAX).state.evidence };
}

describe('what the page on evidence says', () => {
  it('sends metrics by curl', async () => {
    const { api, folder, sh, evidence } = await building();
    await registerRelease(api, 'a');
    const [metrics = ''] = await blocks('json');
    await writeFile(join(folder, 'metrics.json'), metrics);
    const answer = await sh(await block('sh', 'format=metrics'), { COLLECTED: new Date().toISOString() });
    expect(JSON.parse(answer)).toMatchObject({ lifecycle: { key: TAX } });
    expect(evidence()[0]?.verdicts.map(({ met }) => met)).toEqual([true, true]);
  });

  it('shows why curl was refused, and fails the step', async () => {
    const { api, folder, sh } = await building();
    await registerRelease(api, 'a');
    await writeFile(join(folder, 'metrics.json'), '{"tone": 0.9}');
    const refused = sh(await block('sh', 'format=metrics'), {
      COLLECTED: new Date(Date.now() - 3_600_000).toISOString(),
    });
    await expect(refused).rejects.toMatchObject({
      code: 22,
      stdout: expect.stringContaining('evidence-before-thresholds'),
    });
  });

  it('sends a run of a real MLflow', { timeout: 120_000 }, async () => {
    const mlflow = await startMlflow();
    onTestFinished(() => mlflow.stop());
    const { api, sh, evidence } = await building();
    await registerRelease(api, 'a');
    const created = await mlflow.post('runs/create', { experiment_id: '0', start_time: Date.now() });
    const { run_id } = (created as { run: { info: { run_id: string } } }).run.info;
    const log = (key: string, value: number | string) =>
      mlflow.post('runs/log-metric', { run_id, key, value, timestamp: Date.now() });
    await log('tone', 0.91);
    await log('tone', 0.96);
    await log('false-commitment', 0.0006);
    await log('false-commitment.n', 12_000);
    await log('system/cpu_utilization_percentage', 88);
    const variables = { MLFLOW_TRACKING_URI: mlflow.url, RUN_ID: run_id };
    const line = await block('sh', 'format=mlflow');

    const running = sh(line, variables);
    await expect(running).rejects.toMatchObject({
      stdout: expect.stringContaining('is RUNNING; only a FINISHED'),
    });
    const ended = Date.now();
    await mlflow.post('runs/update', { run_id, status: 'FINISHED', end_time: ended });
    await sh(line, variables);
    expect(evidence()).toMatchObject([
      {
        collectedAt: ended,
        verdicts: [
          { clause: 'c1', met: true, measured: { value: 0.0006, n: 12_000 } },
          { clause: 'c2', met: true, measured: { value: 0.96, n: null } },
        ],
      },
    ]);
    await log('tone', 'NaN');
    await expect(sh(line, variables)).rejects.toMatchObject({
      stdout: expect.stringContaining('of tone is NaN'),
    });
  });

  it('registers, evaluates and sends from CI, also what fails, and a run again is no second one', async () => {
    const { api, folder, sh, evidence } = await building();
    const { env, steps } = ciJob(await block('yaml', 'jobs:'));
    expect(env.LIFECYCLE).toMatch(/\/v1\/lifecycles\/tax-payments$/);
    await mkdir(join(folder, 'prompts'));
    await writeFile(join(folder, 'prompts', 'reminder.txt'), 'Warm and brief.');
    const rows = Array.from({ length: 20 }, (_, n) => ({
      metric: 'tone',
      score: n === 0 ? 0 : 1,
      pass: n !== 0,
    }));
    await writeFile(
      join(folder, 'found.json'),
      JSON.stringify(promptfooFile(rows, new Date().toISOString())),
    );
    // In place of the evaluation itself: writes what promptfoo writes and ends as it does where a test failed.
    const npx = join(folder, 'bin', 'npx');
    await writeFile(
      npx,
      '#!/bin/sh\ncase "$*" in "promptfoo@"*" -o results.json") cp found.json results.json;; esac\nexit 100\n',
    );
    await chmod(npx, 0o755);
    const variables = { LIFECYCLE: `${api.origin}/v1/lifecycles/${TAX}`, RUN: '4711' };

    for (const step of [...steps, ...steps]) await sh(step, variables);
    expect(api.lifecycles.commands.filter(({ name }) => name === 'add-evidence')).toHaveLength(2);
    expect(evidence()).toMatchObject([
      {
        id: 'e1',
        producer: 'ci',
        verdicts: [
          { clause: 'c1', met: false },
          { clause: 'c2', met: true, measured: { value: 0.95, n: 20 } },
        ],
      },
    ]);
    expect(api.lifecycles.entity(TAX).state.counters).toMatchObject({ evidence: 1, releases: 1 });
  });
});

/** The steps of the workflow that run something, in their order. */
function ciJob(text: string) {
  const { jobs } = parse(text) as {
    jobs: { evaluate: { env: Record<string, string>; steps: { run?: string }[] } };
  };
  const { env, steps } = jobs.evaluate;
  return { env, steps: steps.flatMap(({ run: script }) => script ?? []) };
}
