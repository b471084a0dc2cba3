import { randomUUID } from 'node:crypto';
import type { Client } from '@temporalio/client';
import { type Contestant, DECISIONS, type EffectsSeen, SEEN_BEFORE } from '../contestant.js';
import { FLOOR_QUEUES } from './queues.js';
import { decideUpdate, type floor } from './workflow.js';

/** Runs the journey on the hand-written workflow. */
export function createFloor(client: Client, effects: EffectsSeen): Contestant {
  return {
    async journey(decided) {
      const workflowId = `floor/${randomUUID()}`;
      const handle = await client.workflow.start<typeof floor>('floor', {
        workflowId,
        taskQueue: FLOOR_QUEUES.workflows,
        args: [],
      });
      for (const decision of DECISIONS) {
        const before = SEEN_BEFORE[decision];
        if (before !== null) await effects.wait(workflowId, before);
        const begun = performance.now();
        await handle.executeUpdate(decideUpdate, { args: [{ decision }] });
        decided(performance.now() - begun);
      }
      await handle.result();
      return workflowId;
    },
  };
}
