/** Reading recorded histories: the runs of a lifecycle, what happened in them, and how large their payloads are. */
import type { Client } from '@temporalio/client';
import type { temporal } from '@temporalio/proto';

export type History = temporal.api.history.v1.IHistory;
type HistoryEvent = temporal.api.history.v1.IHistoryEvent;

export interface Run {
  readonly runId: string;
  readonly history: History;
}

/** Every run of a workflow from its first one on, through each continue-as-new. */
export async function runsOf(client: Client, workflowId: string, firstRunId: string): Promise<Run[]> {
  const runs: Run[] = [];
  for (let runId: string | undefined = firstRunId; runId !== undefined; ) {
    const history: History = await client.workflow.getHandle(workflowId, runId).fetchHistory();
    runs.push({ runId, history });
    const last: HistoryEvent | undefined = history.events?.at(-1);
    runId = last?.workflowExecutionContinuedAsNewEventAttributes?.newExecutionRunId ?? undefined;
  }
  return runs;
}

/** The name of an event's attributes, such as `workflowExecutionStartedEventAttributes`. */
export function kindOf(event: HistoryEvent): string {
  const attributes = Object.entries(event).find(([name, value]) => name.endsWith('EventAttributes') && value);
  return attributes?.[0] ?? 'none';
}

/** The activities scheduled in a history, by type, oldest first. */
export function activitiesOf({ events }: History): string[] {
  return (events ?? []).flatMap(
    ({ activityTaskScheduledEventAttributes: scheduled }) => scheduled?.activityType?.name ?? [],
  );
}

export interface RecordedPayload {
  readonly event: string;
  readonly where: string;
  readonly data: Uint8Array;
}

/** Every payload of a history, with where it is. */
export function payloadsOf({ events }: History): RecordedPayload[] {
  return (events ?? []).flatMap((event) => {
    const kind = kindOf(event);
    return payloadsIn((event as Record<string, unknown>)[kind], kind).map(([where, data]) => ({
      event: `${event.eventId?.toString()} ${kind}`,
      where,
      data,
    }));
  });
}

function payloadsIn(value: unknown, path: string): [where: string, data: Uint8Array][] {
  if (typeof value !== 'object' || value === null || value instanceof Uint8Array) return [];
  if ('metadata' in value && 'data' in value && value.data instanceof Uint8Array) return [[path, value.data]];
  return Object.entries(value).flatMap(([name, part]) => payloadsIn(part, `${path}.${name}`));
}

/** The inputs of a run carry a whole lifecycle; everything else is small. */
const CARRIED = /^workflowExecution(Started|ContinuedAsNew)EventAttributes\.input/;

/** The payloads of a history that are larger than their limit: 256 KiB for inputs of runs, else 64 KiB. */
export function oversized(history: History): { event: string; where: string; bytes: number }[] {
  return payloadsOf(history)
    .filter(({ where, data }) => data.byteLength > (CARRIED.test(where) ? 256 : 64) * 1024)
    .map(({ event, where, data }) => ({ event, where, bytes: data.byteLength }));
}
