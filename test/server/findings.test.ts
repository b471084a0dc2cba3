import { afterAll, beforeAll, expect, it } from 'vitest';
import { reportFindingSignal } from '../../src/workflows/messages.js';
import { eventually } from '../support/eventually.js';
import { failureOf, type Journey } from '../support/journey.js';
import { demoModel, digest, hours, MEDIUM, withGateTimes } from '../support/lifecycle.js';
import { devServer, unique } from '../support/temporal.js';
import { World } from '../support/world.js';

// Long gates: every event here is to be caused by a message.
const model = withGateTimes(demoModel(), { sla: hours(8), every: hours(1) });
let world: World;
let journey: Journey;

beforeAll(async () => {
  world = await World.open(await devServer());
  const key = unique('findings');
  journey = await world.begin({ key, model, facts: MEDIUM, calendar: 'always', engine: 1 });
  await journey.submitSpec();
});
afterAll(() => world.close());

const said = { kind: 'unsigned-message', gate: 'specification', detail: 'decide' } as const;
const finding = { id: 'finding/1', ...said };
const reason = digest('looked at');

it.each([
  ['null', null],
  ['a text', 'frozen'],
  ['an unknown kind', { ...finding, kind: 'hunch' }],
  ['an unknown field', { ...finding, force: true }],
  ['a long detail', { ...finding, detail: 'x'.repeat(201) }],
  ['no gate at all', { id: 'finding/1', kind: 'reset', detail: 'reset' }],
])('%s is no finding: it is recorded as refused and freezes nothing', async (_what, message) => {
  const { version } = await journey.view();
  await journey.handle.signal('report-finding', message);
  const view = await journey.until('the refusal', (seen) => seen.version > version);
  expect(view.findings).toEqual([]);
});

it('a finding freezes its gate over a continue-as-new, until both have ratified it', async () => {
  await journey.handle.signal(reportFindingSignal, finding);
  await journey.handle.signal(reportFindingSignal, finding);
  const { findings } = await journey.until('the finding', (seen) => seen.findings.length > 0);
  expect(findings).toMatchObject([{ ...said, finding: 'finding/1', ratifiedBy: [] }]);
  expect((await journey.refused('decide', 'leena', await journey.answer('specification'))).type).toBe(
    'gate-frozen',
  );
  await journey.handle.signal('poke', { engine: 2 });
  await eventually('the next run', async () => (await journey.runs()).length === 2);
  const again = await journey.view();
  expect(again.findings).toEqual(findings);
  await journey.send('ratify-finding', 'leena', { finding: 'finding/1', reason });
  expect((await journey.view()).version).toBe(again.version + 1);
  await journey.send('ratify-finding', 'zoya', { finding: 'finding/1', reason });
  await journey.decide('leena', 'specification');
  await journey.decide('gita', 'specification');
  await journey.until('implementation', ({ stage }) => stage === 'implementation');
});

it('details name what is frozen, and who has to ratify it', async () => {
  await journey.handle.signal(reportFindingSignal, {
    ...finding,
    id: 'finding/2',
    kind: 'reset',
    gate: null,
  });
  await journey.until('the finding', (seen) => seen.findings.length > 0);
  const waiting = await journey.handle.query('waiting-on');
  expect(waiting).toMatchObject([{ who: 'ratify:lifecycle' }, { who: 'role:auditor' }, {}]);
  const { currentDetails } = await journey.handle.query<{ currentDetails: string }>(
    '__temporal_workflow_metadata',
  );
  expect(currentDetails).toContain('Frozen at every gate: reset, decide, since');
  const failed = await journey.handle
    .executeUpdate('ratify-finding', { args: [{}] })
    .then(() => undefined, failureOf);
  expect(failed?.type).toBe('malformed');
});
