import {
  type Client,
  WorkflowExecutionAlreadyStartedError,
  type WorkflowExecutionDescription,
  type WorkflowHandle,
  WorkflowNotFoundError,
  WorkflowUpdateFailedError,
  WorkflowUpdateRPCTimeoutOrCancelledError,
} from '@temporalio/client';
import { defineSearchAttributeKey } from '@temporalio/common';
import {
  LIFECYCLE_WORKFLOW,
  lifecycleId,
  lifecycleQuery,
  routeQuery,
  signals,
  TASK_QUEUES,
  updates,
} from '../workflows/messages.js';
import type { LifecycleGateway, Started } from './lifecycle-gateway.js';
import { Problem } from './problem.js';
import {
  GRPC,
  grpcCodeOf,
  isUnreachable,
  outcomeUnknown,
  unreachable,
  updateFailed,
} from './temporal-failures.js';

const VIEW_MS = 2_000;
const CALL_MS = 5_000;
/** Few things fail a workflow task twice in passing; from the third attempt on it is the code or the history. */
const STUCK_ATTEMPT = 3;
const TEAMS_KEPT = 20_000;

const AwStage = defineSearchAttributeKey('AwStage', 'KEYWORD');
const AwMode = defineSearchAttributeKey('AwMode', 'KEYWORD');
const AwTeam = defineSearchAttributeKey('AwTeam', 'KEYWORD');

/** The gateway over one client; its connection's deadline bounds every call. */
export function createTemporalGateway(client: Client): LifecycleGateway {
  const within = <T>(ms: number, call: () => Promise<T>): Promise<T> =>
    client.connection.withDeadline(Date.now() + ms, call);
  const handleOf = (key: string): WorkflowHandle => client.workflow.getHandle(lifecycleId(key));
  /** A lifecycle's team never changes. */
  const teams = new Map<string, string>();

  const remember = (key: string, team: string): void => {
    if (teams.size >= TEAMS_KEPT) teams.clear();
    teams.set(key, team);
  };

  const describe = async (key: string): Promise<WorkflowExecutionDescription> => {
    try {
      return await within(VIEW_MS, () => handleOf(key).describe());
    } catch (error) {
      if (error instanceof WorkflowNotFoundError) throw noLifecycle(key);
      throw unreachable(error);
    }
  };

  /** Why a lifecycle gave no answer: closed, stuck, or only late. */
  const explain = async (key: string, late: Problem): Promise<Problem> => {
    const description = await describe(key);
    if (description.status.name !== 'RUNNING') {
      return new Problem('lifecycle-closed', `${key} is closed; nothing changes any more`);
    }
    const attempt = description.raw.pendingWorkflowTask?.attempt ?? 0;
    if (attempt < STUCK_ATTEMPT) return late;
    const detail = `${key} failed at its last ${attempt - 1} attempts to go on; an operator has to look at its page in the Temporal UI`;
    return new Problem('lifecycle-stuck', detail, { cause: late, headers: { 'Retry-After': '30' } });
  };

  const query = async <T>(key: string, ask: (handle: WorkflowHandle) => Promise<T>): Promise<T> => {
    try {
      return await within(VIEW_MS, () => ask(handleOf(key)));
    } catch (error) {
      if (error instanceof WorkflowNotFoundError || grpcCodeOf(error) === GRPC.notFound)
        throw noLifecycle(key);
      if (isUnreachable(error)) throw unreachable(error);
      const detail = `${key} did not answer in time; repeat the request in a moment`;
      throw await explainRead(
        key,
        new Problem('view-unavailable', detail, { cause: error, headers: { 'Retry-After': '1' } }),
      );
    }
  };

  const explainRead = async (key: string, late: Problem): Promise<Problem> => {
    const problem = await explain(key, late);
    return problem.code === 'lifecycle-closed' ? late : problem;
  };

  return {
    async start(input, startId): Promise<Started> {
      const { key, title, mode, team } = input.start;
      try {
        await within(CALL_MS, () =>
          client.workflow.start(LIFECYCLE_WORKFLOW, {
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
          }),
        );
        remember(key, team.id);
        return { started: true };
      } catch (error) {
        if (error instanceof WorkflowExecutionAlreadyStartedError) {
          const { memo } = await describe(key);
          return { started: false, startId: typeof memo?.['startId'] === 'string' ? memo['startId'] : null };
        }
        if (isUnreachable(error)) throw unreachable(error);
        if (grpcCodeOf(error) === GRPC.deadlineExceeded) throw outcomeUnknown(error);
        throw error;
      }
    },

    view: (key, actor) => query(key, (handle) => handle.query(lifecycleQuery, { actor, now: Date.now() })),

    route: (key, whatIf) => query(key, (handle) => handle.query(routeQuery, { now: Date.now(), whatIf })),

    async command(key, name, envelope, waitMs) {
      const options = {
        args: [envelope] as [typeof envelope],
        updateId: `${envelope.id}.${envelope.digest}`,
      };
      try {
        return await within(waitMs, () => handleOf(key).executeUpdate(updates[name], options));
      } catch (error) {
        if (error instanceof WorkflowUpdateFailedError) throw updateFailed(error);
        if (error instanceof WorkflowNotFoundError) throw await explain(key, outcomeUnknown(error));
        if (isUnreachable(error)) throw unreachable(error);
        if (error instanceof WorkflowUpdateRPCTimeoutOrCancelledError)
          throw await explain(key, outcomeUnknown(error));
        if (grpcCodeOf(error) === GRPC.deadlineExceeded) throw await explain(key, outcomeUnknown(error));
        throw error;
      }
    },

    async signal(key, name, envelope) {
      const signal = signals[name];
      if (signal === undefined) throw new TypeError(`${name} is not a signal`);
      try {
        await within(CALL_MS, () => handleOf(key).signal(signal, envelope));
      } catch (error) {
        if (error instanceof WorkflowNotFoundError) throw await explain(key, outcomeUnknown(error));
        throw isUnreachable(error) || grpcCodeOf(error) === GRPC.deadlineExceeded
          ? unreachable(error)
          : error;
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
        await within(VIEW_MS, () => client.connection.workflowService.getSystemInfo({}));
      } catch (error) {
        throw unreachable(error);
      }
    },
  };
}

function noLifecycle(key: string): Problem {
  return new Problem('not-found', `there is no lifecycle ${key}; check the key`);
}
