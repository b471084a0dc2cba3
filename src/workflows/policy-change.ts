/**
 * One version of an operating model, from being proposed to being published or not. It tells the ledger and the
 * people whose seats are open, wakes at its deadlines, and passes commands to the decider.
 */
import type { UpdateDefinition } from '@temporalio/common';
import {
  allHandlersFinished,
  CancellationScope,
  condition,
  makeContinueAsNewFunc,
  proxyActivities,
  setHandler,
  workflowInfo,
} from '@temporalio/workflow';
import type { Activities } from '../activities/types.js';
import { parsePolicyEnvelope } from '../contracts/policy-envelope.js';
import {
  POLICY_COMMANDS,
  type PolicyCommandName,
  type PolicyReport,
} from '../domain/policy-change/commands.js';
import { policyDeadlines } from '../domain/policy-change/deadlines.js';
import { isOver } from '../domain/policy-change/proposal.js';
import { proposalView } from '../domain/policy-change/view.js';
import { type PolicyWork, policyWork } from '../domain/policy-change/work.js';
import { Alarm } from './alarm.js';
import { failure, guarded } from './failures.js';
import {
  type PolicyCarry,
  type PolicyInput,
  type PolicyResult,
  policyId,
  policyUpdates,
  proposalQuery,
} from './messages/policy.js';
import { updateRootsSignal } from './messages.js';
import { PolicyEntity } from './policy-entity.js';
import { NOTIFICATION, QUICK } from './work/options.js';

/** Carries one proposal. */
export async function policyChange(argument: PolicyInput | PolicyCarry): Promise<void> {
  const entity = guarded(() => new PolicyEntity(argument, Date.now()));
  for (const name of POLICY_COMMANDS) register(entity, name);
  setHandler(proposalQuery, () => proposalView(entity.state), {
    description: 'The proposal as it is. Takes no argument.',
  });
  // As for a lifecycle: it may be open when the root keys change.
  setHandler(updateRootsSignal, (message: unknown) => entity.takeRoots(message), {
    description: 'Names the root keys that are believed from now on, signed by one that is believed.',
  });
  // Temporal's own cancel would leave a version undecided; commands and time end it.
  await CancellationScope.nonCancellable(() => run(entity));
}

async function run(entity: PolicyEntity): Promise<void> {
  const alarm = new Alarm();
  const running = new Set<string>();
  const failed: Error[] = [];
  const background = (key: string, work: () => Promise<void>): void => {
    if (running.has(key)) return;
    running.add(key);
    void work()
      .catch((error: unknown) => {
        failed.push(error instanceof Error ? error : new Error(String(error)));
      })
      .finally(() => {
        running.delete(key);
        entity.touch();
      });
  };
  const rolls = () =>
    workflowInfo().continueAsNewSuggested && running.size === 0 && entity.waiting.length === 0;
  for (;;) {
    entity.report({ type: 'tick' }, Date.now());
    // What the ledger refuses for good can never be shown to have been decided, so nothing is published on it.
    for (const error of failed) throw error;
    if (entity.waiting.length > 0) background('append', () => append(entity));
    for (const work of policyWork(entity.state)) {
      background(work.kind, async () => entity.report(await carryOut(entity, work), Date.now()));
    }
    const quiet = running.size === 0 && entity.waiting.length === 0;
    if ((isOver(entity.state) && quiet) || rolls()) break;
    const [due] = policyDeadlines(entity.state);
    alarm.arm(due ? { at: due.at, what: due.what } : null, Date.now(), () => entity.touch());
    await entity.nextChange();
  }
  alarm.clear();
  await condition(allHandlersFinished);
  if (isOver(entity.state)) return;
  await makeContinueAsNewFunc<typeof policyChange>({ memo: workflowInfo().memo ?? {} })(entity.carry());
}

async function append(entity: PolicyEntity): Promise<void> {
  const entries = entity.waiting;
  const { name, version } = entity.state;
  const summary = `record what happened to ${name} ${version} in the ledger`;
  await proxyActivities<Activities>({ ...QUICK, summary }).appendEntries(entries);
  entity.acknowledge(entries.length);
}

async function carryOut({ state }: PolicyEntity, work: PolicyWork): Promise<PolicyReport> {
  const { name, version, office } = state;
  switch (work.kind) {
    case 'confirm': {
      const { team, approvers, generation } = work;
      const summary = `confirm that those who approved ${name} ${version} are still eligible`;
      const { confirmApprovers } = proxyActivities<Activities>({ ...QUICK, summary });
      const ineligible = await confirmApprovers({ team, approvers });
      return { type: 'confirmed', generation, asked: approvers.map(({ person }) => person), ineligible };
    }
    case 'notify': {
      const summary = `tell those who decide on ${name} ${version}`;
      const { deliverNotices } = proxyActivities<Activities>({ ...NOTIFICATION, summary });
      const { notices } = work;
      const title = `Operating model ${name}, version ${version}`;
      await deliverNotices({ lifecycle: policyId(name, version), title, team: office.id, notices });
      return { type: 'notices-delivered', ids: notices.map(({ id }) => id) };
    }
  }
}

function register<N extends PolicyCommandName>(entity: PolicyEntity, name: N): void {
  const parsed = (message: unknown) => {
    const read = parsePolicyEnvelope(name, message);
    if (read.ok) return read.envelope;
    throw failure(
      'malformed',
      read.problems.map(({ fact, message: detail }) => ({
        code: 'malformed',
        message: `${fact}: ${detail}`,
        fact,
      })),
    );
  };
  const validator = (message: unknown) =>
    guarded(() => {
      const judged = entity.judge(name, parsed(message), Date.now());
      if ('rejected' in judged) throw failure(judged.rejected, judged.reasons);
    });
  const handler = async (message: unknown): Promise<PolicyResult> => {
    const events = guarded(() => {
      const done = entity.command(name, parsed(message), Date.now());
      if ('rejected' in done) throw failure(done.rejected, done.reasons);
      return done;
    });
    // Whoever publishes wants to know that it is, and what is published is what the ledger says.
    if (name === 'publish')
      await condition(() => entity.state.status !== 'publishing' && entity.waiting.length === 0);
    return { events, proposal: proposalView(entity.state) };
  };
  // What arrives is only believed once it has been parsed, whatever the definition promises.
  const definition = policyUpdates[name] as unknown as UpdateDefinition<PolicyResult, [unknown]>;
  setHandler(definition, handler, { validator, description: `What people ask of a proposal: ${name}.` });
}
