import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ProposalInput } from '../../src/domain/policy-change/proposal.js';
import {
  POLICY_WORKFLOW,
  policyId,
  policyUpdates,
  proposalQuery,
} from '../../src/workflows/messages/policy.js';
import { TASK_QUEUES } from '../../src/workflows/messages.js';
import { shipped } from '../operating-models/shipped-models.js';
import { eventually } from '../support/eventually.js';
import { digest } from '../support/lifecycle.js';
import { timeSkipping, unique } from '../support/temporal.js';
import { World } from '../support/world.js';

type Environment = Awaited<ReturnType<typeof timeSkipping>>;
let environment: Environment;
let world: World;

beforeAll(async () => {
  environment = await timeSkipping();
  world = await World.open(environment);
});
afterAll(() => world.close());

async function proposed(): Promise<{ name: string; input: ProposalInput }> {
  const { policyChange: rules, calendars } = shipped('standard').model;
  const calendar = calendars['in-mumbai'];
  const [team, members] = await Promise.all([
    world.directory.team('policy-office'),
    world.directory.members('policy-office'),
  ]);
  if (!calendar || !team) throw new Error('no office');
  const { id, lead, heads } = team;
  const people = members.map(({ id: person, functions }) => ({ person, functions }));
  const name = unique('house');
  const wrote = { name, version: 2, digest: digest(name), replaces: null, proposer: 'uma', editors: ['uma'] };
  const office = { id, calendar: team.calendar, lead, heads, members: people };
  return {
    name,
    input: { ...wrote, reason: digest('why'), office, rights: { stopShipHolder: [] }, rules, calendar },
  };
}

const by = <P>(person: string, functions: readonly ('governance' | 'risk')[], payload: P) => ({
  id: unique(person),
  digest: 'd',
  actor: { person, functions, roles: [], teams: ['policy-office'], verified: false },
  payload,
});

async function deciding() {
  const { name, input } = await proposed();
  const { actor } = by('uma', [], {});
  const handle = await world.client.workflow.start(POLICY_WORKFLOW, {
    workflowId: policyId(name, 2),
    taskQueue: TASK_QUEUES.workflows,
    args: [{ proposal: input, actor, trust: 'dev' }],
  });
  const dry = { report: digest('r'), effects: digest('e'), lifecycles: 2, affected: 1, unseen: 0 };
  await handle.executeUpdate(policyUpdates['dry-run'], { args: [by('uma', [], dry)] });
  return { handle, id: policyId(name, 2) };
}

describe('the gate of a version, through its whole time', () => {
  it('reminds, escalates and is returned while nobody decides', {
    timeout: 60_000,
  }, async () => {
    const { handle, id } = await deciding();
    const { gate } = await handle.query(proposalQuery);
    const { generation = 0, subject = '', due = 0 } = gate ?? {};
    const approve = { gate: 'policy', generation, subject, decision: 'approve' } as const;
    await handle.executeUpdate(policyUpdates.decide, { args: [by('indra', ['governance'], approve)] });
    await environment.sleep('20 days');
    await eventually('it is over', async () => (await handle.describe()).status.name === 'COMPLETED');
    expect(await handle.query(proposalQuery)).toMatchObject({
      status: 'returned',
      gate: null,
      approvedBy: [],
    });
    const kinds = (await world.mailbox(id)).map(({ kind }) => kind);
    expect(kinds.filter((kind) => kind === 'reminder')).toHaveLength(2);
    expect(kinds.filter((kind) => kind === 'escalation').length).toBeGreaterThanOrEqual(2);
    expect(due).toBeGreaterThan(0);
  });

  it('an approval that is not published in time lapses', { timeout: 60_000 }, async () => {
    const { handle } = await deciding();
    const { gate } = await handle.query(proposalQuery);
    const { generation = 0, subject = '' } = gate ?? {};
    const approve = { gate: 'policy', generation, subject, decision: 'approve' } as const;
    await handle.executeUpdate(policyUpdates.decide, { args: [by('indra', ['governance'], approve)] });
    await handle.executeUpdate(policyUpdates.decide, { args: [by('yash', ['risk'], approve)] });
    await eventually('it is approved', async () => (await handle.query(proposalQuery)).status === 'approved');
    await environment.sleep('31 days');
    await eventually('it is over', async () => (await handle.describe()).status.name === 'COMPLETED');
    expect((await handle.query(proposalQuery)).status).toBe('lapsed');
  });

  it('a message that is none, or comes twice under one id, changes nothing', {
    timeout: 60_000,
  }, async () => {
    const { handle } = await deciding();
    const failure = (type: string) => ({ cause: { type } });
    const send = (message: unknown) =>
      handle.executeUpdate(policyUpdates.decide, { args: [message as never] });
    for (const message of [null, 7, {}, { payload: {} }])
      await expect(send(message)).rejects.toMatchObject(failure('malformed'));
    const { gate } = await handle.query(proposalQuery);
    const { generation = 0, subject = '' } = gate ?? {};
    const approve = by('indra', ['governance'], { gate: 'policy', generation, subject, decision: 'approve' });
    await send(approve);
    await handle.executeUpdate(policyUpdates['retract-decision'], {
      args: [by('indra', ['governance'], {})],
    });
    await expect(send(approve)).rejects.toMatchObject(failure('idempotency-key-reused'));
    expect((await handle.query(proposalQuery)).gate?.decisions).toEqual([]);
    await handle.terminate('the test is over');
  });
});
