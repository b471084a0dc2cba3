import {
  type Client,
  WorkflowExecutionAlreadyStartedError,
  type WorkflowStartOptions,
  WorkflowUpdateFailedError,
} from '@temporalio/client';
import { defineSearchAttributeKey } from '@temporalio/common';
import {
  LIFECYCLE_WORKFLOW,
  type LifecycleInput,
  lifecycleId,
  lifecycleQuery,
  routeQuery,
  signals,
  TASK_QUEUES,
  updates,
} from '../workflows/messages.js';
import type { LifecycleGateway } from './lifecycle-gateway.js';
import { Problem } from './problem.js';
import { createTemporalCalls, untilTaken } from './temporal-calls.js';
import {
  isLate,
  isUnknown,
  isUnreachable,
  noLifecycle,
  outcomeUnknown,
  unreachable,
  updateFailed,
} from './temporal-failures.js';

const CALL_MS = 5_000;
const READY_MS = 2_000;
const TEAMS_KEPT = 20_000;

const AwStage = defineSearchAttributeKey('AwStage', 'KEYWORD');
const AwMode = defineSearchAttributeKey('AwMode', 'KEYWORD');
const AwTeam = defineSearchAttributeKey('AwTeam', 'KEYWORD');

/** The gateway over one client. */
export function createTemporalGateway(client: Client): LifecycleGateway {
  const { handleOf, within, describe, explain, query } = createTemporalCalls(client);
  /** A lifecycle's team never changes. */
  const teams = new Map<string, string>();

  const remember = (key: string, team: string): void => {
    if (teams.size >= TEAMS_KEPT) teams.clear();
    teams.set(key, team);
  };

  return {
    async start(input, startId) {
      const { key, team } = input.start;
      try {
        await within(CALL_MS, () => client.workflow.start(LIFECYCLE_WORKFLOW, startOptions(input, startId)));
        remember(key, team.id);
        return { started: true };
      } catch (error) {
        if (error instanceof WorkflowExecutionAlreadyStartedError) {
          const { memo } = await describe(key);
          return { started: false, startId: typeof memo?.startId === 'string' ? memo.startId : null };
        }
        if (isLate(error)) throw outcomeUnknown(error);
        throw isUnreachable(error) ? unreachable(error) : error;
      }
    },

    async knows(key) {
      try {
        await describe(key);
        return true;
      } catch (error) {
        if (error instanceof Problem && error.code === 'not-found') return false;
        throw error;
      }
    },

    view: (key, actor) => query(key, (handle) => handle.query(lifecycleQuery, { actor, now: Date.now() })),

    route: (key, whatIf) => query(key, (handle) => handle.query(routeQuery, { now: Date.now(), whatIf })),

    async command(key, name, envelope, waitMs) {
      const updateId = `${envelope.id}.${envelope.digest}`;
      try {
        const send = () => handleOf(key).executeUpdate(updates[name], { args: [envelope], updateId });
        return await within(waitMs, () => untilTaken(send));
      } catch (error) {
        if (error instanceof WorkflowUpdateFailedError) throw updateFailed(error);
        if (isLate(error) || isUnknown(error)) throw await explain(key, outcomeUnknown(error));
        throw isUnreachable(error) ? unreachable(error) : error;
      }
    },

    async signal(key, name, envelope) {
      const signal = signals[name];
      if (signal === undefined) throw new TypeError(`${name} is not a signal`);
      try {
        await within(CALL_MS, () => handleOf(key).signal(signal, envelope));
      } catch (error) {
        if (isUnknown(error)) throw await explain(key, outcomeUnknown(error));
        throw isLate(error) || isUnreachable(error) ? unreachable(error) : error;
      }
    },

    async team(key) {
      const known = teams.get(key);
      if (known !== undefined) return known;
      const { typedSearchAttributes } = await describe(key);
      const team = typedSearchAttributes.get(AwTeam);
      if (team === undefined) throw noLifecycle(key);
      remember(key, team);
      return team;
    },

    async ready() {
      try {
        await within(READY_MS, () => client.connection.workflowService.getSystemInfo({}));
      } catch (error) {
        throw unreachable(error);
      }
    },
  };
}

function startOptions(input: LifecycleInput, startId: string): WorkflowStartOptions {
  const { key, title, mode, team } = input.start;
  return {
    workflowId: lifecycleId(key),
    taskQueue: TASK_QUEUES.workflows,
    args: [input],
    workflowIdReusePolicy: 'REJECT_DUPLICATE',
    workflowIdConflictPolicy: 'FAIL',
    memo: { startId },
    staticSummary: title,
    typedSearchAttributes: [
      { key: AwStage, value: 'scoping' },
      { key: AwMode, value: mode },
      { key: AwTeam, value: team.id },
    ],
  };
}
