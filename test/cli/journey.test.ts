import { describe, expect, it } from 'vitest';
import type { Entry } from '../../src/cli/client/lifecycles.js';
import { difference, sequencesOf } from '../../src/cli/journey/compare.js';
import { inWords, unmet } from '../../src/cli/journey/condition.js';
import { eventLine, refusalLine, verdictLines } from '../../src/cli/journey/entry-lines.js';
import { exampleBody, readExample } from '../../src/cli/journey/example.js';
import { lifecycleView } from '../../src/contracts/view.js';
import { GOVERNED } from '../api/running-api.js';
import { runningCli } from './running-cli.js';

const entry = (type: string, data: Entry['data'], more: Partial<Entry> = {}): Entry => ({
  id: `lifecycle/x/${type}`,
  lifecycle: 'x',
  kind: 'event',
  seq: 1,
  at: 0,
  type,
  by: null,
  command: null,
  position: 1,
  hash: '',
  data,
  ...more,
});

describe('an entry as a line', () => {
  it.each([
    [entry('GateClosed', { gate: 'readiness', outcome: 'passed', by: [] }), 'GateClosed readiness passed'],
    [entry('GateOpened', { gate: { id: 'start', generation: 2 } }), 'GateOpened start opening=2'],
    [
      entry('ExposureRequested', { allocation: { candidate: { percent: 25 }, serving: null } }),
      'ExposureRequested candidate=25',
    ],
    [
      entry('HoldLifted', { hold: 'h1', causeClass: 'model', by: ['rohan', 'asha'] }),
      'HoldLifted h1 model by=rohan+asha',
    ],
    [
      entry('RolledBack', { what: 'serving', to: `sha256:${'ab'.repeat(32)}` }),
      'RolledBack serving to=sha256:abababab',
    ],
    [entry('NoticeRaised', { notice: { kind: 'handover', gate: null } }), 'NoticeRaised handover'],
    [entry('SomethingNew', { any: 1 }), 'SomethingNew'],
  ])('%#', (written, line) => {
    expect(eventLine(written)).toBe(line);
  });

  it('says who was refused what', () => {
    expect(refusalLine({ type: 'excluded', command: 'decide', by: 'ravi' })).toBe('excluded decide ravi');
  });

  it('shows what was measured against what was allowed', () => {
    const verdict = {
      clause: 'c2',
      group: null,
      value: 3 / 3_000,
      limit: 0.0005,
      n: 3_000,
      result: 'failed',
    };
    const blind = {
      clause: 'c3',
      group: 'age-60+',
      value: null,
      limit: 2,
      n: 0,
      result: 'inconclusive',
      why: 'several-series',
    };
    expect(verdictLines(entry('VerificationRecorded', { verdicts: [verdict, blind] }))).toEqual([
      'c2 failed: 0.001 against 0.0005, n 3000',
      'c3 for age-60+ inconclusive (several-series): nothing against 2, n 0',
    ]);
    expect(verdictLines(entry('GateClosed', {}))).toEqual([]);
  });
});

describe('the comparison of sequences', () => {
  it('takes events by their number and refusals as they come, without what is left out', () => {
    const entries = [
      entry('Resumed', {}, { seq: 2, id: 'b' }),
      entry('NoticesDelivered', { ids: [] }, { seq: 3, id: 'c' }),
      entry('excluded', {}, { kind: 'refusal', seq: null, command: 'decide', by: 'ravi' }),
      entry('Parked', {}, { seq: 1, id: 'a' }),
    ];
    const { events, refusals } = sequencesOf(entries, { leftOut: { NoticesDelivered: 'races' } });
    expect(events).toEqual(['Parked', 'Resumed']);
    expect(refusals).toEqual(['excluded decide ravi']);
  });

  it('is empty for the same, and shows where two part', () => {
    expect(difference('events', ['a', 'b'], ['a', 'b'])).toEqual([]);
    expect(difference('events', ['a', 'b', 'c'], ['a', 'x', 'c'])).toEqual([
      'events part at number 2: 3 expected, 3 found',
      '      a',
      '  expected',
      '  - 2  b',
      '  - 3  c',
      '  found',
      '  + 2  x',
      '  + 3  c',
    ]);
  });

  it('tells what is missing at the end from what is too much', () => {
    expect(difference('events', ['a', 'b'], ['a'])).toContain('    (nothing more)');
    expect(difference('events', ['a'], ['a', 'b'])).toContain('  + 2  b');
  });
});

describe('a condition', () => {
  const view = async () => {
    const { api } = await runningCli();
    await api.post('/v1/lifecycles', { ...GOVERNED, facts: { 'eu-prohibited-practice': 'none' } });
    return lifecycleView.parse((await api.get('/v1/lifecycles/kyc-onboarding')).body);
  };

  it('holds of a view that shows all of it', async () => {
    const condition = {
      stage: 'scoping',
      gates: [],
      serving: 'fallback',
      exposure: 0,
      delivery: 'none',
    } as const;
    expect(unmet({ ...condition, gates: [] }, await view(), 1, Date.now())).toEqual([]);
  });

  it('says everything that does not hold', async () => {
    const condition = { stage: 'live' as const, gates: ['b', 'a'], waitsFor: 'right:operatingOwner' };
    expect(unmet(condition, await view(), 1, Date.now())).toEqual([
      'stage is scoping, not live',
      'gates is none, not a and b',
      expect.stringMatching(/^right:operatingOwner is not waited for, but /),
    ]);
  });

  it('can be about how near the next verification is, at the model’s time scale', async () => {
    const due = 1_000_000;
    const waiting = { kind: 'deadline' as const, who: 'rollout', people: [], what: 'soaks', gate: null, due };
    const soaking = { ...(await view()), waitingOn: [waiting] };
    const day = 86_400_000 * 0.00001;
    expect(unmet({ verifiedWithin: '1d' }, soaking, 0.00001, due - day)).toEqual([]);
    expect(unmet({ verifiedWithin: '1d' }, soaking, 0.00001, due - day - 1)).toHaveLength(1);
  });

  it('is printed in words', () => {
    expect(inWords({ stage: 'live', holds: [], waitsFor: 'right:x' })).toBe(
      'stage live, holds none, waits for right:x',
    );
  });
});

describe('an example', () => {
  it('runs under another key, which then stands wherever its own does', () => {
    const example = readExample('examples/kyc-onboarding');
    expect(exampleBody(example, { spec: './spec-v2.yaml' }, 'kyc-onboarding-7')).toMatchObject({
      spec: { spec: 'kyc-onboarding-7' },
    });
    expect(exampleBody(example, './releases.yaml#r2.body', 'x')).toMatchObject({
      changedSections: ['model.face'],
    });
  });

  it('says which field of its journey is wrong', async () => {
    const { file } = await runningCli();
    const path = await file(
      'journey.yaml',
      'title: t\nkey: k\nsteps: [{by: a, do: fly}]\nexpectedEvents: []\n',
    );
    expect(() => readExample(path.replace(/\/journey\.yaml$/, ''))).toThrow(/journey\.yaml: steps\[0\]/);
  });
});
