/** What the reconciler asks of Temporal, and the one thing it tells a lifecycle. */
import { type Client, isGrpcServiceError } from '@temporalio/client';
import { encodeToPayloads } from '@temporalio/common/lib/internal-non-workflow/codec-helpers.js';
import proto, { type temporal } from '@temporalio/proto';
import { type Finding, reportOf } from '../ledger/reconcile/finding.js';
import {
  LIFECYCLE_WORKFLOW,
  lifecycleId,
  reportFindingSignal,
  waitingOnQuery,
} from '../workflows/messages.js';
import { type Reading, readNewest } from './reconcile-history.js';

type Event = temporal.api.history.v1.IHistoryEvent;

const { WORKFLOW_EXECUTION_STATUS_RUNNING: RUNNING } = proto.temporal.api.enums.v1.WorkflowExecutionStatus;
const PREFIX = lifecycleId('');
/** Whatever calls itself a lifecycle by its type, and whatever sits in a lifecycle's place. */
const OURS = `(WorkflowType = '${LIFECYCLE_WORKFLOW}' OR WorkflowId STARTS_WITH '${PREFIX}')`;
/** A lifecycle that does not answer by then is asked again at the next pass. */
const QUERY_MS = 2_000;
const EVENTS = 200;
/** gRPC's status code of what is not there. */
const NOT_FOUND = 5;

export interface RunId {
  readonly workflowId: string;
  readonly runId: string;
}

/** A run as the server has it now. */
export interface RunNow extends RunId {
  readonly open: boolean;
  /** First run of the chain that continue-as-new and resets make. */
  readonly firstRunId: string;
  readonly lastEvent: number;
  /** Types of the activities that are scheduled or running. */
  readonly activities: readonly string[];
  /** Whether a workflow task is scheduled or running. */
  readonly moving: boolean;
}

/** One page of runs. */
export interface RunPage {
  readonly runs: readonly RunId[];
  readonly next: string | null;
}

/** The key in a workflow id, or null where it is no lifecycle's. */
export function keyIn(workflowId: string): string | null {
  const key = workflowId.startsWith(PREFIX) ? workflowId.slice(PREFIX.length) : '';
  return key.length <= 64 && /^[a-z][a-z0-9]*(-[a-z0-9]+)*$/.test(key) ? key : null;
}

export function createReconcileTemporal(client: Client) {
  const { workflowService } = client;
  const { namespace, loadedDataConverter } = client.options;

  const list = async (query: string, cursor: string | null, pageSize: number): Promise<RunPage> => {
    const { executions, nextPageToken } = await workflowService.listWorkflowExecutions({
      namespace,
      query: `${OURS} AND ${query}`,
      pageSize,
      ...(cursor !== null && { nextPageToken: Buffer.from(cursor, 'base64') }),
    });
    const runs = (executions ?? []).flatMap(({ execution }) =>
      execution?.workflowId && execution.runId
        ? [{ workflowId: execution.workflowId, runId: execution.runId }]
        : [],
    );
    return { runs, next: nextPageToken?.length ? Buffer.from(nextPageToken).toString('base64') : null };
  };

  async function* newestFirst({ workflowId, runId }: RunId): AsyncIterable<Event> {
    let nextPageToken: Uint8Array | null | undefined;
    do {
      const page = await workflowService.getWorkflowExecutionHistoryReverse({
        namespace,
        execution: { workflowId, runId },
        maximumPageSize: EVENTS,
        ...(nextPageToken && { nextPageToken }),
      });
      yield* page.history?.events ?? [];
      nextPageToken = page.nextPageToken;
    } while (nextPageToken?.length);
  }

  return {
    open: (cursor: string | null, size: number) => list("ExecutionStatus = 'Running'", cursor, size),

    /** Those closed since an instant; all that are kept where there is none. */
    closed: (since: number | null, cursor: string | null, size: number) =>
      list(
        `ExecutionStatus != 'Running'${since === null ? '' : ` AND CloseTime >= '${new Date(since).toISOString()}'`}`,
        cursor,
        size,
      ),

    /** The run, or without a run id the current one of this workflow id; undefined where the server has none. */
    async describe(workflowId: string, runId = ''): Promise<RunNow | undefined> {
      try {
        const {
          workflowExecutionInfo: info,
          pendingActivities,
          pendingWorkflowTask,
        } = await workflowService.describeWorkflowExecution({ namespace, execution: { workflowId, runId } });
        return {
          workflowId,
          runId: info?.execution?.runId ?? '',
          open: info?.status === RUNNING,
          firstRunId: info?.firstRunId ?? '',
          lastEvent: Number(info?.historyLength ?? 0),
          activities: (pendingActivities ?? []).map(({ activityType }) => activityType?.name ?? ''),
          moving: Boolean(pendingWorkflowTask),
        };
      } catch (error) {
        if (isGone(error)) return undefined;
        throw error;
      }
    },

    /** What was done to a run behind an event; undefined where its history is gone by now. */
    async read(run: RunId, after: number): Promise<Reading | undefined> {
      try {
        return await readNewest(newestFirst(run), after, loadedDataConverter);
      } catch (error) {
        if (isGone(error)) return undefined;
        throw error;
      }
    },

    /** How many things it says it waits for; undefined where it gives no answer now. */
    async waitsFor({ workflowId, runId }: RunId): Promise<number | undefined> {
      const handle = client.workflow.getHandle(workflowId, runId);
      try {
        return await client.withDeadline(
          Date.now() + QUERY_MS,
          async () => (await handle.query(waitingOnQuery)).length,
        );
      } catch {
        return undefined;
      }
    },

    /** Whether any timer of a run is still to fire. */
    async hasTimer(run: RunId): Promise<boolean> {
      const over = new Set<string>();
      for await (const event of newestFirst(run)) {
        const { timerFiredEventAttributes: fired, timerCanceledEventAttributes: canceled } = event;
        const ended = (fired ?? canceled)?.startedEventId;
        if (ended) over.add(String(ended));
        if (event.timerStartedEventAttributes && !over.has(String(event.eventId))) return true;
      }
      return false;
    },

    /** Tells an open lifecycle what was found; one that is closed needs no telling. Told once, however often repeated. */
    async report(finding: Finding): Promise<void> {
      const { lifecycle } = finding;
      if (lifecycle === null) return;
      const report = reportOf(finding);
      try {
        await workflowService.signalWorkflowExecution({
          namespace,
          workflowExecution: { workflowId: lifecycleId(lifecycle) },
          signalName: reportFindingSignal.name,
          input: { payloads: (await encodeToPayloads(loadedDataConverter, report)) ?? [] },
          identity: client.options.identity,
          requestId: report.id,
        });
      } catch (error) {
        if (!isGone(error)) throw error;
      }
    },
  };
}

export type ReconcileTemporal = ReturnType<typeof createReconcileTemporal>;

function isGone(error: unknown): boolean {
  return isGrpcServiceError(error) && error.code === NOT_FOUND;
}
