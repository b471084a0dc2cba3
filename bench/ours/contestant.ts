import { randomUUID } from 'node:crypto';
import type { Client } from '@temporalio/client';
import type { CommandName, Payloads } from '../../src/domain/commands/payloads.js';
import { digestOf } from '../../src/domain/digest.js';
import { begin } from '../../src/domain/lifecycle/start.js';
import type { StartInput } from '../../src/domain/lifecycle/start-input.js';
import { LIFECYCLE_WORKFLOW, lifecycleId, TASK_QUEUES, updates } from '../../src/workflows/messages.js';
import { type Contestant, DECISIONS, type Decision, type EffectsSeen, SEEN_BEFORE } from '../contestant.js';
import { SENDERS } from './pilot.js';
import { resolvePilot, startedAs } from './start.js';

const A_DAY_MS = 86_400_000;
const TEXT = digestOf({ text: 'for the benchmark' });

/** What each decision carries, for the gate that such a start opens. */
function payloads(start: StartInput, subject: string): { readonly [D in Decision]: Payloads[D] } {
  return {
    comment: { gate: 'start', comment: TEXT },
    decide: { gate: 'start', generation: 1, subject, decision: 'approve' },
    'assess-risk': { facts: { ...start.facts, data: 'none' } },
    'extend-pilot': { endsAt: (start.pilot?.endsAt ?? 0) + A_DAY_MS, reason: TEXT },
    'end-pilot': { reason: TEXT },
  };
}

/** Runs the journey on a real lifecycle, by updates. */
export async function createOurs(client: Client, effects: EffectsSeen): Promise<Contestant> {
  const { start, actors } = await resolvePilot();
  const subject = begin(start, Date.now()).state.gates['start']?.subject ?? '';
  const carried = payloads(start, subject);
  return {
    async journey(decided) {
      const key = `bench-${randomUUID()}`;
      const workflowId = lifecycleId(key);
      const handle = await client.workflow.start(LIFECYCLE_WORKFLOW, {
        workflowId,
        taskQueue: TASK_QUEUES.workflows,
        args: [
          { start: await startedAs(start, key), trust: 'dev', link: `http://127.0.0.1/v1/lifecycles/${key}` },
        ],
        staticSummary: start.title,
      });
      for (const decision of DECISIONS) {
        const before = SEEN_BEFORE[decision];
        if (before !== null) await effects.wait(workflowId, before);
        const actor = actors.get(SENDERS[decision]);
        if (actor === undefined) throw new Error(`nobody is called ${SENDERS[decision]}`);
        const id = `${decision}-1`;
        const envelope = { id, digest: id, actor, payload: carried[decision] };
        const begun = performance.now();
        await handle.executeUpdate(updates[decision satisfies CommandName], { args: [envelope] });
        decided(performance.now() - begun);
      }
      await handle.result();
      return workflowId;
    },
  };
}
