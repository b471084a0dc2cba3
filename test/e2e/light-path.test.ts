import { spawnSync } from 'node:child_process';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { inCheckout } from '../../src/main/checkout.js';
import { eventually } from '../support/eventually.js';
import { removeHome, type StartedUp, startUp } from '../support/up.js';
import { airworthy } from './programs.js';

let up: StartedUp;

beforeAll(async () => {
  up = await startUp();
});
afterAll(async () => {
  await up.stop();
  await removeHome(up.home);
});

const cli = (...args: readonly string[]) => airworthy(up.home, ...args);
const inDays = (days: number) => new Date(Date.now() + days * 86_400_000).toISOString().slice(0, 10);

const START = [
  ...['start', '--pilot', '--as', 'ravi', '--key', 'meeting-notes', '--team', 'broker-onboarding'],
  ...[
    '--title',
    'Minutes of team meetings',
    '--purpose',
    'Draft the minutes; whoever led the meeting sends them.',
  ],
  ...['--may', 'draft minutes', '--must-not', 'send anything by itself', '--partner', 'priya'],
  ...[
    '--cohort',
    'examples/meeting-notes/cohort.txt',
    '--facts',
    'examples/meeting-notes/usecase.yaml#facts',
  ],
];

describe('the light path, on the command line', () => {
  it('is one start by one person and one decision by a partner, then live within its caps', async () => {
    const started = await cli(...START, '--ends', inDays(30), '--json');
    expect(started).toMatchObject({ code: 0, err: '' });
    expect(JSON.parse(started.out)).toMatchObject({ stage: 'scoping', gates: [{ gate: 'start' }] });

    const decided = await cli('decide', 'meeting-notes', 'start', 'approve', '-m', 'small', '--as', 'priya');
    expect(decided).toMatchObject({ code: 0 });
    expect(decided.err).toContain('Minutes of team meetings: start, opening 1');

    const live = await eventually('it is live', async () => {
      const view = JSON.parse((await cli('show', 'meeting-notes', '--as', 'ravi', '--json')).out);
      return view.stage === 'live' && view.exposure.applied !== 'unknown' && view;
    });
    expect(live).toMatchObject({
      mode: 'pilot',
      serving: { label: 'r1', percent: 10 },
      exposure: { applied: { serving: { percent: 10 }, cohort: { people: 8 } } },
      holds: [],
    });
    expect(live.pilot.caps).toContainEqual({ cap: 'people', limit: 200, enforced: true });
    expect(live.pilot.caps).toContainEqual({ cap: 'cases', limit: 5_000, enforced: false });
  });

  it('refuses a time box beyond the cap, in words', async () => {
    const args = START.map((arg) => (arg === 'meeting-notes' ? 'meeting-notes-long' : arg));
    const { code, err } = await cli(...args, '--ends', inDays(90));
    expect(code).toBe(3);
    expect(err).toMatch(/over-cap[\s\S]*endsAt: the pilot ends in the future and by 20/);
  });

  it('stops it with one call of somebody on the roster', async () => {
    const { code, out } = await cli(
      ...['stop-ship', 'meeting-notes', '--scope', 'serving', '--reason', 'wrong names', '--as', 'kavya'],
    );
    expect(code).toBe(0);
    expect(out).toMatch(/stop-ship, stopped, serving/);
  });

  it('ends quietly when nobody reads it any more', () => {
    const program = `${process.execPath} ${inCheckout('bin', 'airworthy.mjs')}`;
    const { status, stderr } = spawnSync(
      'bash',
      ['-c', `set -o pipefail; ${program} show meeting-notes --json --as ravi | true`],
      { env: { ...process.env, AIRWORTHY_HOME: up.home }, encoding: 'utf8', timeout: 20_000 },
    );
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  });

  it('prints every setting with its value', async () => {
    const { code, out } = await cli('config', '--json');
    expect(code).toBe(0);
    expect(JSON.parse(out)).toMatchObject({ AIRWORTHY_HOME: up.home, AIRWORTHY_TRUST: 'dev' });
  });
});
