import { describe, expect, it } from 'vitest';
import { EXIT } from '../../src/contracts/problem.js';
import { GOVERNED } from '../api/running-api.js';
import { callCli, runningCli } from './running-cli.js';

const COHORT = '# Two teams.\np-001\np-002\n';
const FACTS = `eu-prohibited-practice: none
where: [other]
eu-high-risk-area: none
effect: informs
autonomy: suggests
money: none
data: internal
activity: none
technique: generative
reliance: under-1-percent
supplier: pinned-vendor
`;
const ends = new Date(Date.now() + 20 * 86_400_000).toISOString().slice(0, 10);

async function started() {
  const cli = await runningCli();
  const file = await cli.file('usecase.json', JSON.stringify(GOVERNED));
  expect(await cli.call('start', '-f', file, '--as', 'ravi')).toMatchObject({ exit: EXIT.done });
  return cli;
}

async function pilot() {
  const cli = await runningCli();
  const light = ['--key', 'meeting-notes', '--title', 'Minutes', '--team', 'broker-onboarding'];
  const asked = ['--purpose', 'Draft minutes.', '--may', 'draft', '--must-not', 'send', '--partner', 'priya'];
  const files = [
    '--cohort',
    await cli.file('cohort.txt', COHORT),
    '--facts',
    await cli.file('facts.yaml', FACTS),
  ];
  const start = ['start', '--pilot', ...light, ...asked, ...files, '--ends', ends, '--as', 'ravi'];
  return { ...cli, start: (...more: readonly string[]) => cli.call(...start, ...more) };
}

describe('start', () => {
  it('starts what a file says, under another key where one is given', async () => {
    const cli = await started();
    const file = await cli.file('usecase.yaml', JSON.stringify(GOVERNED));
    const second = await cli.call('start', '-f', file, '--key', 'kyc-second', '--as', 'ravi', '--json');
    expect(JSON.parse(second.out)).toMatchObject({
      key: 'kyc-second',
      stage: 'scoping',
      tier: { effective: 'high' },
    });
  });

  it('starts a pilot from what the light path asks', async () => {
    const { start } = await pilot();
    const { exit, out } = await start('--fact', 'reach=up-to-1000', '--json');
    expect(exit).toBe(EXIT.done);
    expect(JSON.parse(out)).toMatchObject({
      mode: 'pilot',
      tier: { effective: 'medium' },
      rights: { technicalOwner: 'ravi', businessOwner: 'priya', operatingOwner: 'priya' },
      pilot: { people: 2 },
      gates: [{ gate: 'start', seats: [{ seat: 'product', filledBy: null }] }],
    });
  });

  it('names everything that a pilot still has to say', async () => {
    const { call } = await runningCli();
    const { exit, err } = await call('start', '--pilot', '--key', 'x', '--may', 'a', '--as', 'ravi');
    expect(exit).toBe(EXIT.usage);
    expect(err).toContain('--title, --team, --purpose, --must-not, --cohort, --partner, --ends');
  });

  it.each([
    [['start', '--as', 'ravi'], /name a file with -f, or start a pilot/],
    [['start', '-f', 'nowhere.yaml', '--as', 'ravi'], /nowhere\.yaml cannot be read/],
    [['show', 'kyc-onboarding'], /say who you are: --as PERSON/],
    [['start', '-f', 'x', '--as', 'nobody'], /no active person "nobody"/],
    [['shwo'], /Did you mean show\?/],
  ])('refuses %j', async (args, sentence) => {
    const { call } = await runningCli();
    const { exit, err, out } = await call(...args);
    expect(exit).toBe(EXIT.usage);
    expect(err).toMatch(sentence);
    expect(out).toBe('');
  });

  it('names the line of a file that is no YAML', async () => {
    const { call, file } = await runningCli();
    const broken = await file('broken.yaml', 'key: a\n  title: b\n');
    expect((await call('start', '-f', broken, '--as', 'ravi')).err).toMatch(/broken\.yaml:\d:\d+ /);
  });
});

describe('show', () => {
  it('says where it stands, what it waits for and what the caller may do', async () => {
    const { call } = await started();
    const { out } = await call('show', 'kyc-onboarding', '--as', 'asha');
    expect(out).toMatch(
      /^Broker KYC onboarding {2}kyc-onboarding, version \d+\nscoping · governed · tier high/,
    );
    expect(out).toMatch(/Waits for\n(.*\n)* {2}right:businessOwner .* asha/);
    expect(out).toMatch(/You may\n {2}.*open-gate/);
  });

  it('is the API’s own document with --json', async () => {
    const { api, call } = await started();
    const { out } = await call('show', 'kyc-onboarding', '--as', 'asha', '--json');
    const { body } = await api.get('/v1/lifecycles/kyc-onboarding', { as: 'asha' });
    expect(JSON.parse(out)).toEqual(body);
  });
});

describe('the exit code', () => {
  it.each([
    [['show', 'nothing', '--as', 'asha'], EXIT.notFound, /there is no lifecycle nothing/],
    [['show', 'kyc-onboarding', '--as', 'hari'], EXIT.notFound, /there is no lifecycle/],
    [['park', 'kyc-onboarding', '--reason', 'a', '--as', 'zoya'], EXIT.notAllowed, /park is for/],
    [
      ['open-gate', 'kyc-onboarding', '--gate', 'start', '--as', 'asha'],
      EXIT.refused,
      /leaves scoping by its scoping/,
    ],
    [
      ['decide', 'kyc-onboarding', 'readiness', 'approve', '--as', 'rohan'],
      EXIT.conflict,
      /no open gate readiness/,
    ],
    [
      ['submit-spec', 'kyc-onboarding', '--version', 'two', '--as', 'ravi'],
      EXIT.usage,
      /\/version: must be a number/,
    ],
    [['hold', 'kyc-onboarding', '--effect', 'x', '--as', 'asha'], EXIT.usage, /Allowed choices are forward/],
    [['park', 'kyc-onboarding', '--data', '[]', '--as', 'asha'], EXIT.usage, /--data takes a JSON object/],
    [['submit-for-review', 'kyc-onboarding', '--as', 'ravi'], EXIT.refused, /wrong-stage/],
  ])('of %j is %i', async (args, code, sentence) => {
    const { call } = await started();
    const { exit, err } = await call(...args);
    expect({ exit, err }).toMatchObject({ exit: code, err: expect.stringMatching(sentence) });
  });

  it('is 7 where nothing answers, and says what to do', async () => {
    const { exit, err } = await callCli('http://127.0.0.1:1', 'token', '--as', 'ravi');
    expect(exit).toBe(EXIT.unavailable);
    expect(err).toContain('start it with npm run up');
  });

  it('is 7 with the key to repeat it where the outcome is unknown', async () => {
    const { api, call } = await started();
    api.lifecycles.condition = 'no-worker';
    const { exit, err } = await call('park', 'kyc-onboarding', '--reason', 'later', '--as', 'asha');
    expect(exit).toBe(EXIT.unavailable);
    const [, key] = /--idempotency-key (\S+)/.exec(err) ?? [];
    api.lifecycles.condition = 'well';
    const repeat = [
      'park',
      'kyc-onboarding',
      '--reason',
      'later',
      '--as',
      'asha',
      '--idempotency-key',
      key ?? '',
    ];
    expect((await call(...repeat)).exit).toBe(EXIT.done);
    expect((await call(...repeat)).out).toMatch(/^Had been accepted before\./);
  });
});

describe('a verb of the command table', () => {
  it('takes its body from flags, from --data and from a file, the later over the earlier', async () => {
    const { api, call, file } = await started();
    const body = await file('hold.yaml', 'effect: stopped\nscope: serving\nreason: from the file\n');
    const flags = ['--effect', 'forward', '--data', '{"scope": "candidate"}', '-f', body];
    expect(await call('hold', 'kyc-onboarding', ...flags, '--as', 'asha')).toMatchObject({ exit: EXIT.done });
    expect(api.lifecycles.commands.at(-1)?.payload).toMatchObject({ effect: 'forward', scope: 'candidate' });
  });

  it('takes a file as the one field that its body has', async () => {
    const { api, call, file } = await started();
    const facts = await file('facts.yaml', 'effect: informs\n');
    await call('assess-risk', 'kyc-onboarding', '-f', facts, '--as', 'asha');
    expect(api.lifecycles.commands.at(-1)?.payload).toEqual({ facts: { effect: 'informs' } });
  });

  it('fills in what only the lifecycle knows', async () => {
    const { api, call } = await started();
    await call('hold', 'kyc-onboarding', '--effect', 'forward', '--reason', 'r', '--as', 'asha');
    await call('lift-hold', 'kyc-onboarding', '--hold', '$hold', '--as', 'rohan');
    expect(api.lifecycles.commands.at(-1)?.payload).toEqual({ hold: 'h1' });
  });
});

describe('decide', () => {
  it('answers what the view shows as open, and shows it', async () => {
    const { call, start } = await pilot();
    await start('--fact', 'reach=staff');
    const decided = await call('decide', 'meeting-notes', 'start', 'approve', '-m', 'small', '--as', 'priya');
    expect(decided.exit).toBe(EXIT.done);
    expect(decided.err).toMatch(/^Minutes: start, opening 1, due /);
    expect(decided.err).toMatch(/subject {3}sha256:[0-9a-f]{64}/);
    expect(decided.out).toMatch(/start \(opening 1\) {2}confirming {2}product priya/);
    const again = await call('decide', 'meeting-notes', 'start', 'approve', '--as', 'priya', '--json');
    expect(again).toMatchObject({ exit: EXIT.conflict, out: '' });
  });
});

describe('route', () => {
  it('says the earliest date, the way there and what would be otherwise', async () => {
    const { call } = await started();
    const { exit, out } = await call(
      'route',
      'kyc-onboarding',
      '--as',
      'asha',
      '--what-if',
      'without=effect',
    );
    expect(exit).toBe(EXIT.done);
    expect(out).toMatch(/^Earliest live: 20\d\d-/);
    expect(out).toMatch(/ scoping {2}/);
    expect(out).toMatch(/without effect: 20\d\d-.* tier high/);
  });
});

describe('token', () => {
  it('is printed alone', async () => {
    const { call } = await runningCli();
    expect(await call('token', '--as', 'meera')).toEqual({ exit: EXIT.done, out: 'dev-meera\n', err: '' });
  });
});

describe('the help of a verb', () => {
  it('shows a whole body to begin from', async () => {
    const { call } = await runningCli();
    const { exit, out } = await call('add-evidence', '--help');
    expect(exit).toBe(EXIT.done);
    expect(out).toMatch(/A whole body, for --data or -f:\n\s+\{"kind":"eval"/);
  });
});
