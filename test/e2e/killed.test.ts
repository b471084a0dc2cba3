import { cp, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readView } from '../../src/cli/client/lifecycles.js';
import { readExample } from '../../src/cli/journey/example.js';
import type { Step } from '../../src/cli/journey/form.js';
import { loadSeries } from '../../src/cli/journey/load-series.js';
import { Narrator } from '../../src/cli/journey/narrator.js';
import { runJourney } from '../../src/cli/journey/run-journey.js';
import { createSessions, type Sessions } from '../../src/cli/journey/sessions.js';
import { createTerminal } from '../../src/cli/terminal/terminal.js';
import { eventually } from '../support/eventually.js';
import { newHome, removeHome, type StartedUp, startUp } from '../support/up.js';
import { fixedPorts } from './programs.js';

const SCALE = 0.00001;
const KEY = 'kyc-onboarding';

let home: string;
let up: StartedUp;
let sessions: Sessions;
let start: () => Promise<void>;
let printed = '';

beforeAll(async () => {
  home = await newHome();
  const variables = { ...(await fixedPorts()), AIRWORTHY_OPERATING_MODELS: await patientModels(home) };
  start = async () => {
    up = await startUp({ home, variables });
  };
  await start();
  sessions = createSessions(up.addresses.api, 60_000);
});
afterAll(async () => {
  await up.stop();
  await removeHome(home);
});

/** The shipped models, with gates that do not remind anybody while `up` is away. */
async function patientModels(home: string): Promise<string> {
  const folder = join(home, 'operating-models');
  await cp('operating-models', folder, { recursive: true });
  const file = join(folder, 'demo.yaml');
  const demo = await readFile(file, 'utf8');
  await writeFile(file, demo.replace('sla: 60bs', 'sla: 900bs').replace('sla: 2bmin', 'sla: 30bmin'));
  return folder;
}

async function killAndStartAgain(): Promise<void> {
  await up.kill();
  await start();
}

/** Makes the next effect take its time, and kills `up` once the rollback is ordered and nobody knows its outcome. */
async function killDuringRollback(): Promise<void> {
  const fault = { kind: 'slow', lifecycle: KEY, times: 1, ms: 3_000 };
  await fetch(`${up.addresses.target}/faults`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(fault),
  });
  await eventually('the rollback is ordered and its outcome unknown', async () => {
    const { candidate, exposure } = await sessions.as('nikhil', (api) => readView(api, KEY));
    return candidate?.phase === 'rolled-back' && exposure.applied === 'unknown';
  });
  await killAndStartAgain();
}

async function killDuringCanary(): Promise<void> {
  await eventually('release 2 soaks as a canary', async () => {
    const { candidate } = await sessions.as('nikhil', (api) => readView(api, KEY));
    return candidate?.step === 'canary-25' && candidate.phase === 'soaking';
  });
  await killAndStartAgain();
}

const KILLS: readonly {
  readonly what: string;
  readonly at: (step: Step) => boolean;
  readonly kill: () => Promise<void>;
}[] = [
  {
    what: 'a gate with one decision of five',
    at: (step) => 'decide' in step && step.refused === 'excluded',
    kill: killAndStartAgain,
  },
  {
    what: 'the soak of the shadow',
    at: (step) => 'until' in step && step.until.rollout === 'canary-25 soaking',
    kill: killAndStartAgain,
  },
  {
    what: 'the rollback of the canary',
    at: (step) => 'until' in step && step.until.rollout === 'canary-25 rolled-back',
    kill: killDuringRollback,
  },
  {
    what: 'the canary of the second release',
    at: (step) => 'until' in step && step.until.rollout === 'full-100 pending',
    kill: killDuringCanary,
  },
];

describe('`up`, killed four times on the way of one use case', () => {
  it('goes on: the sequence is that of the file, no decision lost or doubled, no step applied twice', async () => {
    const shipped = readExample(`examples/${KEY}`);
    // What is looked at on day 13 may be past when `up` is back.
    const steps = shipped.journey.steps.filter(
      (step) => !('until' in step && step.until.verifiedWithin) && !('see' in step && step.see.rollout),
    );
    const example = { ...shipped, journey: { ...shipped.journey, steps } };
    await loadSeries(up.addresses.metrics, KEY, { timeScale: SCALE, series: example.series });
    const terminal = createTerminal(
      { write: (text) => (printed += text) },
      { write: () => undefined },
      false,
    );
    const narrator = new Narrator(terminal, KEY, KEY.length);
    const killed: string[] = [];
    const beforeStep = async (step: Step) => {
      const due = KILLS.find(({ what, at }) => at(step) && !killed.includes(what));
      if (due === undefined) return;
      killed.push(due.what);
      await due.kill();
    };
    try {
      await runJourney({ example, key: KEY, timeScale: SCALE, sessions, narrator, beforeStep });
    } catch (error) {
      throw new Error(`${error instanceof Error ? error.message : String(error)}\n${printed.slice(-6_000)}`, {
        cause: error,
      });
    }
    expect(killed).toEqual(KILLS.map(({ what }) => what));

    const journal = await fetch(`${up.addresses.target}/journal?lifecycle=${KEY}`);
    const { entries } = (await journal.json()) as { entries: { effectKey: string; fence: number }[] };
    const confirmed = shipped.journey.expectedEvents.filter((line) => line.startsWith('ExposureConfirmed'));
    expect(entries.map(({ fence }) => fence)).toEqual(confirmed.map((_, index) => index + 1));
    expect(new Set(entries.map(({ effectKey }) => effectKey)).size).toBe(entries.length);
  });
});
