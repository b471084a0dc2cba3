import {
  type Client,
  WorkflowExecutionAlreadyStartedError,
  type WorkflowHandle,
  WorkflowUpdateFailedError,
} from '@temporalio/client';
import { POLICY_WORKFLOW, policyId, policyUpdates, proposalQuery } from '../../workflows/messages/policy.js';
import { TASK_QUEUES } from '../../workflows/messages.js';
import { Problem } from '../problem.js';
import { createTemporalCalls, untilTaken } from '../temporal-calls.js';
import {
  isLate,
  isUnknown,
  isUnreachable,
  outcomeUnknown,
  unreachable,
  updateFailed,
} from '../temporal-failures.js';
import type { PolicyGateway } from './policy-gateway.js';

const CALL_MS = 5_000;
const VIEW_MS = 2_000;

/** The proposals over one client. */
export function createTemporalPolicy(client: Client): PolicyGateway {
  const { within } = createTemporalCalls(client);
  const handleOf = (name: string, version: number): WorkflowHandle =>
    client.workflow.getHandle(policyId(name, version));

  const read: PolicyGateway['proposal'] = async (name, version) => {
    try {
      return await within(VIEW_MS, () => handleOf(name, version).query(proposalQuery));
    } catch (error) {
      if (isUnknown(error)) throw nothingProposed(name, version);
      if (isUnreachable(error) && !isLate(error)) throw unreachable(error);
      const detail = `${name} ${version} did not answer in time; repeat the request in a moment`;
      throw new Problem('view-unavailable', detail, { cause: error, headers: { 'Retry-After': '1' } });
    }
  };

  return {
    proposal: read,

    async propose(input, startId) {
      const { name, version } = input.proposal;
      try {
        await within(CALL_MS, () =>
          client.workflow.start(POLICY_WORKFLOW, {
            workflowId: policyId(name, version),
            taskQueue: TASK_QUEUES.workflows,
            args: [input],
            workflowIdReusePolicy: 'REJECT_DUPLICATE',
            workflowIdConflictPolicy: 'FAIL',
            memo: { startId },
            staticSummary: `Operating model ${name}, version ${version}`,
          }),
        );
        return { started: true };
      } catch (error) {
        if (error instanceof WorkflowExecutionAlreadyStartedError) {
          const { memo } = await within(VIEW_MS, () => handleOf(name, version).describe());
          return { started: false, startId: typeof memo?.startId === 'string' ? memo.startId : null };
        }
        if (isLate(error)) throw outcomeUnknown(error);
        throw isUnreachable(error) ? unreachable(error) : error;
      }
    },

    async send(name, version, command, envelope) {
      const updateId = `${envelope.id}.${envelope.digest}`;
      const handle = handleOf(name, version);
      try {
        return await within(CALL_MS, () =>
          untilTaken(() => handle.executeUpdate(policyUpdates[command], { args: [envelope], updateId })),
        );
      } catch (error) {
        if (error instanceof WorkflowUpdateFailedError) throw updateFailed(error);
        if (isLate(error)) throw outcomeUnknown(error);
        if (!isUnknown(error)) throw isUnreachable(error) ? unreachable(error) : error;
        // Closed, or never there: only the former can still be read.
        const { status } = await read(name, version);
        throw new Problem('closed', `${name} ${version} is ${status}; propose another version`, {
          cause: error,
        });
      }
    },
  };
}

function nothingProposed(name: string, version: number): Problem {
  return new Problem('not-found', `version ${version} of ${name} was not proposed, or too long ago`);
}
