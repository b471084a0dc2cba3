/** What somebody with the Temporal CLI can do to lifecycles that ask for proof. */
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { Worker } from '@temporalio/worker';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { createPeopleFile } from '../../src/adapters/people-file.js';
import { API_IDENTITY } from '../../src/contracts/identities.js';
import { tellRoots } from '../../src/main/tell-roots.js';
import { devServerProgram } from '../../src/main/temporal-server.js';
import { nameRoots } from '../../src/signing/certify.js';
import { lifecycleQuery, TASK_QUEUES, updateRootsSignal, updates } from '../../src/workflows/messages.js';
import { eventually } from '../support/eventually.js';
import type { Journey } from '../support/journey.js';
import {
  demoModel,
  digest,
  envelope,
  hours,
  MEDIUM,
  startInput,
  withGateTimes,
} from '../support/lifecycle.js';
import { type OutOfBand, openOutOfBand } from '../support/out-of-band.js';
import { Authority } from '../support/signing.js';
import { unique, workflowBundle } from '../support/temporal.js';

const PATIENCE_MS = 300;
const model = withGateTimes(demoModel(), { sla: hours(8), every: hours(1) });
const authority = new Authority();
const reason = digest('because');
let world: OutOfBand;
let temporal: string;

beforeAll(async () => {
  world = await openOutOfBand(PATIENCE_MS, authority);
  const search = { variables: process.env, say: () => undefined };
  temporal = (await devServerProgram(search, { port: 1 })).command;
});
afterAll(() => world.close());

/** The Temporal CLI, in the words of its manual: whether it succeeded, and what it said. */
async function cli(...args: readonly string[]): Promise<{ readonly ok: boolean; readonly said: string }> {
  return promisify(execFile)(temporal, [...args, '--address', world.address]).then(
    ({ stdout }) => ({ ok: true, said: stdout }),
    ({ stdout, stderr }: { stdout: string; stderr: string }) => ({ ok: false, said: `${stdout}${stderr}` }),
  );
}
const at = ({ key }: Journey) => ['--workflow-id', `lifecycle/${key}`];
const signal = (journey: Journey, name: string, input: unknown, ...more: readonly string[]) =>
  cli('workflow', 'signal', ...at(journey), '--name', name, '--input', JSON.stringify(input), ...more);
const update = (journey: Journey, name: string, input: unknown, ...more: readonly string[]) =>
  cli(
    'workflow',
    'update',
    'execute',
    ...at(journey),
    '--name',
    name,
    '--input',
    JSON.stringify(input),
    ...more,
  );

async function atGate(name: string): Promise<Journey> {
  const journey = await world.begin({ key: unique(name), model, facts: MEDIUM, calendar: 'always' });
  await journey.submitSpec();
  await journey.recorded();
  return journey;
}

async function forged(journey: Journey, person = 'leena') {
  const bare = envelope<'decide'>(await world.actor(person), await journey.answer('specification'));
  return { ...bare, actor: { ...bare.actor, verified: true } };
}

/** Longer than the ledger may be behind, with a pass before and after. */
async function reconciled(journey: Journey, open = true): Promise<string[]> {
  if (open) await journey.recorded();
  await world.reconcile();
  await new Promise((resolve) => setTimeout(resolve, PATIENCE_MS + 50));
  await world.reconcile();
  return (await world.findings(journey.key)).map(({ type, data }) => {
    const { detail, gate } = data as { detail: string; gate: string | null };
    return `${type} ${gate ?? '-'}: ${detail}`;
  });
}

const decisions = async (journey: Journey) =>
  (await journey.view()).gates.flatMap((gate) => gate.decisions.map(({ person }) => person));

async function ratify(journey: Journey): Promise<void> {
  for (const { finding, gate } of (await journey.view()).findings)
    for (const person of [gate === null ? 'omkar' : 'gita', 'zoya'])
      await journey.send('ratify-finding', person, { finding, reason });
}

describe('a forged decision', () => {
  it('as an update is refused, and leaves no trace', async () => {
    const journey = await atGate('forged-update');
    const { ok, said } = await update(journey, 'decide', await forged(journey), '--identity', API_IDENTITY);
    expect(ok).toBe(false);
    expect(said).toContain('it carries no proof that the API sent it');
    expect(await decisions(journey)).toEqual([]);
    expect(await reconciled(journey)).toEqual([]);
  });

  it('as signals decides nothing: they are counted into one event, found, and freeze the gate', async () => {
    const journey = await atGate('forged-signals');
    const { version } = await journey.view();
    const begun = Date.now();
    for (const person of ['leena', 'gita', 'leena'])
      await signal(journey, 'decide', await forged(journey, person), '--identity', API_IDENTITY);
    await signal(journey, 'roll-back', envelope<'roll-back'>(await world.actor('tara'), { reason }));
    await signal(journey, 'stop-ship', 'now!');
    expect(await decisions(journey)).toEqual([]);
    expect((await journey.view()).version).toBe(version);
    const found = await reconciled(journey);
    expect(found).toHaveLength(5);
    expect(found.slice(0, 1)).toEqual([
      'unsigned-message specification: signal decide: nothing proves that the API sent it',
    ]);
    const frozen = await journey.refused('decide', 'leena', await journey.answer('specification'));
    expect(frozen.type).toBe('gate-frozen');
    await ratify(journey);
    await journey.decide('leena', 'specification');
    const counted = await eventually(
      'the minute is over',
      async () => (await journey.recorded()).find(({ type }) => type === 'UnverifiedMessage'),
      70_000,
    );
    expect(counted.at - begun).toBeGreaterThanOrEqual(60_000);
    expect(counted.data).toMatchObject({ count: 5, names: ['decide', 'roll-back', 'stop-ship'] });
  });

  it('with the proof of another decision decides nothing either', async () => {
    const [journey, other] = [await atGate('replayed'), await atGate('replayed-from')];
    const stolen = await other.message('decide', 'leena', await other.answer('specification'));
    await other.handle.executeUpdate('decide', { args: [stolen] });
    expect(await decisions(other)).toEqual(['leena']);
    for (const message of [stolen, { ...(await forged(journey)), proof: stolen.proof }]) {
      const { ok, said } = await update(journey, 'decide', message);
      expect([ok, /not believed: its proof is of something else/.test(said)]).toEqual([false, true]);
    }
    expect(await decisions(journey)).toEqual([]);
    // Where it belongs it is known, and is not done again.
    await other.send('retract-decision', 'leena', { gate: 'specification' });
    expect((await update(other, 'decide', stolen)).ok).toBe(true);
    expect(await decisions(other)).toEqual([]);
  });

  it('under a root of the forger’s own decides nothing', async () => {
    const journey = await atGate('own-root');
    const forger = new Authority();
    await signal(journey, updateRootsSignal.name, nameRoots(forger.root, forger.trust.roots, 7));
    const { proof: _none, ...bare } = await forged(journey);
    const proven = forger.proven(journey.key, 'decide', bare, Date.now(), { policy: model.digest });
    const { ok, said } = await update(journey, 'decide', proven);
    expect([ok, /a root key that this lifecycle does not know/.test(said)]).toEqual([false, true]);
    expect(await reconciled(journey)).toEqual([
      'unsigned-message -: signal of a name that is no command: no envelope of the API',
    ]);
  });
});

describe('what stops things', () => {
  it('holds although nothing proves it; lifting takes a proof, and it is found', async () => {
    const journey = await atGate('unproven-stop');
    const stop = envelope<'stop-ship'>(await world.actor('tara'), { scope: 'candidate', reason });
    await signal(journey, 'stop-ship', stop, '--identity', API_IDENTITY);
    const { holds } = await journey.until('the hold', (view) => view.holds.length > 0);
    expect(holds).toMatchObject([{ source: 'stop-ship', verified: false }]);
    const lift = envelope<'lift-hold'>(await world.actor('omkar'), { hold: 'h1' });
    expect((await update(journey, 'lift-hold', lift)).said).toContain('it carries no proof');
    expect(await reconciled(journey)).toEqual([
      'unsigned-message -: signal stop-ship: nothing proves that the API sent it',
    ]);
    await ratify(journey);
    expect((await journey.view()).holds).toHaveLength(1);
  });
});

describe('what is done to the workflow itself', () => {
  it('a poke takes no lifecycle to older behaviour', async () => {
    const journey = await atGate('poked');
    await signal(journey, 'poke', { engine: 1 });
    await journey.send('comment', 'leena', { gate: 'specification', comment: reason });
    expect(await journey.runs()).toHaveLength(1);
    expect(await reconciled(journey)).toEqual([]);
  });

  it('a reset decides nothing anew, is found, and freezes everything', async () => {
    const journey = await atGate('reset');
    await journey.decide('leena', 'specification');
    await journey.recorded();
    await world.reconcile();
    const { ok, said } = await cli(
      ...['workflow', 'reset', ...at(journey), '--type', 'FirstWorkflowTask', '--reason', 'another try'],
    );
    expect([ok, said]).toEqual([true, expect.stringContaining('Resetting')]);
    await eventually('it goes on', async () => (await journey.view()).version > 0);
    expect((await reconciled(journey, false)).filter((found) => found.startsWith('reset'))).toHaveLength(1);
    const { findings } = await journey.until('it is frozen', (view) => view.findings.length > 0);
    expect(findings).toMatchObject([{ kind: 'reset', gate: null }]);
    expect((await journey.view()).stage).toBe('specification');
  });

  it('a termination is found', async () => {
    const journey = await atGate('terminated');
    expect((await cli('workflow', 'terminate', ...at(journey), '--reason', 'enough')).ok).toBe(true);
    expect(await reconciled(journey, false)).toEqual(['terminate -: terminated']);
  });

  it('a start that the API did not sign is found and frozen, whatever trust it asks for', async () => {
    const genuine = await atGate('genuine');
    const [run] = await genuine.runs();
    const started = run?.history.events?.[0]?.workflowExecutionStartedEventAttributes;
    const data = started?.input?.payloads?.[0]?.data;
    const input = JSON.parse(Buffer.from(data ?? []).toString());
    for (const [name, change] of [
      ['dev', { trust: 'dev' }],
      ['own', { trust: new Authority().trust }],
      ['stolen', {}],
    ] as const) {
      const key = unique(`started-${name}`);
      const argument = { ...input, ...change, start: { ...input.start, key } };
      const begun = await cli(
        ...['workflow', 'start', '--task-queue', TASK_QUEUES.workflows, '--type', 'lifecycle'],
        ...['--workflow-id', `lifecycle/${key}`, '--input', JSON.stringify(argument)],
        ...['--identity', API_IDENTITY],
      );
      expect([name, begun.ok]).toEqual([name, true]);
      const found = await eventually('it is found', async () => {
        await world.reconcile();
        const all = await world.findings(key);
        return (
          all.length > 0 && all.map(({ type, data: told }) => [type, (told as { detail: string }).detail])
        );
      });
      expect(found).toEqual([['unknown-start', 'started past the API']]);
      const handle = world.operator.workflow.getHandle(`lifecycle/${key}`);
      await eventually('it is frozen', async () => {
        const actor = await world.actor('hari');
        const view = await handle.query(lifecycleQuery, { actor, now: Date.now() });
        return view.findings.length > 0;
      });
      await handle.terminate('the test is over');
    }
  });
});

describe('a lifecycle of the forger’s own', () => {
  it('may decide what it likes: nothing is exposed for it', async () => {
    const key = unique('own');
    const starting = { key, model, facts: {}, calendar: 'always', pilotEndsAt: Date.now() + 5 * 86_400_000 };
    const start = await startInput(createPeopleFile('examples/people.yaml'), starting);
    const handle = await world.operator.workflow.start('lifecycle', {
      workflowId: `lifecycle/${key}`,
      taskQueue: TASK_QUEUES.workflows,
      args: [{ start, trust: 'dev', link: '' }],
    });
    const asking = { actor: await world.actor('leena'), now: Date.now() };
    const [gate] = (await handle.query(lifecycleQuery, asking)).gates;
    if (gate === undefined) throw new Error('no gate is open');
    const { generation, subject } = gate;
    const payload = { gate: 'start', generation, subject, decision: 'approve' } as const;
    const decide = envelope<'decide'>(asking.actor, payload);
    await handle.executeUpdate(updates.decide, { args: [decide] });
    const refused = await eventually('its exposure is refused', async () => {
      const { events } = await handle.fetchHistory();
      return (events ?? []).find((event) => event.activityTaskFailedEventAttributes)
        ?.activityTaskFailedEventAttributes?.failure;
    });
    expect(refused).toMatchObject({
      message: expect.stringContaining('the API did not start this run'),
      applicationFailureInfo: { type: 'EffectRefused', nonRetryable: true },
    });
    await handle.terminate('the test is over');
  });
});

describe('what the API does', () => {
  it('goes through, proof by proof, and nothing of it is found', async () => {
    const journey = await atGate('orderly');
    await journey.signal('decide', 'leena', await journey.answer('specification'));
    await journey.until('leena has answered', ({ gates }) =>
      gates.some(({ decisions: all }) => all.length > 0),
    );
    await journey.decide('gita', 'specification');
    await journey.until('the gate passes', ({ stage }) => stage === 'implementation');
    expect(await reconciled(journey)).toEqual([]);
    const proven = (await journey.recorded()).filter(({ type }) => type === 'DecisionRecorded');
    expect(proven.map(({ by, data }) => [by, Object.keys(data as object).includes('proof')])).toEqual([
      ['leena', true],
      ['gita', true],
    ]);
    // Proofs are judged by the history's time, so that what was believed then is believed whenever it is replayed.
    for (const { history } of await journey.runs())
      await Worker.runReplayHistory({ workflowBundle }, history, `lifecycle/${journey.key}`);
  });

  it('names other root keys to what runs: the new one counts, and then the old one no more', async () => {
    const journey = await atGate('rotated');
    const next = new Authority();
    const both = nameRoots(authority.root, [...authority.trust.roots, ...next.trust.roots], 1);
    vi.stubEnv('TEMPORAL_ADDRESS', world.address);
    // As `airworthy keys tell` does; what was started a moment ago is not in the server's lists yet.
    await eventually('it is told', async () => {
      expect(await tellRoots(both)).toBeGreaterThan(0);
      return (await journey.recorded()).some(({ type }) => type === 'RootsChanged');
    });
    vi.unstubAllEnvs();
    await journey.handle.signal(updateRootsSignal, nameRoots(next.root, next.trust.roots, 2));
    const bare = envelope<'decide'>(await world.actor('leena'), await journey.answer('specification'));
    const old = await journey.refused('decide', 'gita', await journey.answer('specification'));
    expect(old.type).toBe('unverified');
    const proven = next.proven(journey.key, 'decide', bare, Date.now(), { policy: model.digest });
    await journey.handle.executeUpdate('decide', { args: [proven] });
    expect(await decisions(journey)).toEqual(['leena']);
    const told = (await journey.recorded()).filter(({ type }) => type === 'RootsChanged');
    expect(told).toMatchObject([{ data: { serial: 1 } }, { data: { serial: 2 } }]);
  });
});
