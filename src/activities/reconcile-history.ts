/** Histories in the reconciler's words: only what somebody outside did, and what was answered. */
import type { Client } from '@temporalio/client';
import { decodeArrayFromPayloads } from '@temporalio/common/lib/internal-non-workflow/codec-helpers.js';
import proto, { type temporal } from '@temporalio/proto';
import type { Instant } from '../domain/vocabulary.js';
import type { Act, Ending } from '../ledger/reconcile/acts.js';

type Event = temporal.api.history.v1.IHistoryEvent;
type Payloads = temporal.api.common.v1.IPayloads;
type Converter = Client['options']['loadedDataConverter'];

const RESET = proto.temporal.api.enums.v1.WorkflowTaskFailedCause.WORKFLOW_TASK_FAILED_CAUSE_RESET_WORKFLOW;

/** What a part of a history says. */
export interface Reading {
  /** Oldest first. */
  readonly acts: readonly Act[];
  /** The highest sequence number in what it answered or began with; 0: none. */
  readonly acknowledged: number;
  /** Number of its last event. */
  readonly lastEvent: number;
}

/**
 * Reads events given newest first, as Temporal pages them, down to the one numbered `after`. What lies before a reset
 * is a copy of another run's, which is read there.
 */
export async function readNewest(
  events: AsyncIterable<Event> | Iterable<Event>,
  after: number,
  converter: Converter,
): Promise<Reading> {
  const acts: Act[] = [];
  let acknowledged = 0;
  let lastEvent = after;
  for await (const event of events) {
    const id = Number(event.eventId);
    if (id <= after) break;
    lastEvent = Math.max(lastEvent, id);
    acknowledged = Math.max(acknowledged, await acknowledgedIn(event, converter));
    const act = await actIn(event, converter);
    if (act !== null) acts.push(act);
    if (act?.act === 'reset') break;
  }
  return { acts: acts.reverse(), acknowledged, lastEvent };
}

async function actIn(event: Event, converter: Converter): Promise<Act | null> {
  const done = (identity: string | null | undefined) => ({
    eventId: Number(event.eventId),
    at: instantOf(event.eventTime),
    identity: identity ?? '',
    principal: event.principal ? `${event.principal.type ?? ''}:${event.principal.name ?? ''}` : null,
  });
  const message = async (how: 'update' | 'signal', name: string, input: Payloads | null | undefined) =>
    ({ act: 'message', how, name, argument: await argumentIn(input, converter) }) as const;
  const {
    workflowExecutionStartedEventAttributes: started,
    workflowExecutionSignaledEventAttributes: signaled,
    workflowExecutionUpdateAcceptedEventAttributes: accepted,
    workflowExecutionUpdateAdmittedEventAttributes: admitted,
    workflowTaskFailedEventAttributes: failed,
  } = event;

  if (started) {
    // A run that goes on from another begins with what that one carried.
    if (started.continuedExecutionRunId) return null;
    const argument = await argumentIn(started.input, converter);
    return { act: 'started', ...done(started.identity), type: started.workflowType?.name ?? '', argument };
  }
  if (signaled)
    return {
      ...(await message('signal', signaled.signalName ?? '', signaled.input)),
      ...done(signaled.identity),
    };
  // One that a reset brought along was admitted before it is accepted, and then has its request there.
  const request = accepted?.acceptedRequest ?? admitted?.request;
  if (request) {
    const { meta, input } = request;
    return { ...(await message('update', input?.name ?? '', input?.args)), ...done(meta?.identity) };
  }
  if (failed?.cause === RESET)
    return { act: 'reset', ...done(failed.identity), from: failed.baseRunId ?? '' };
  const asked = requestIn(event);
  if (asked !== null)
    return { act: 'message', how: 'request', argument: undefined, ...asked, ...done(asked.identity) };
  const ending = endingOf(event);
  return ending === null
    ? null
    : { act: 'closed', ending, ...done(event.workflowExecutionTerminatedEventAttributes?.identity) };
}

/** Whole milliseconds: the two forms a history comes in have seconds as numbers of different kinds. */
function instantOf(time: Event['eventTime']): Instant {
  return Number(time?.seconds ?? 0) * 1_000 + Math.floor((time?.nanos ?? 0) / 1e6);
}

/** What was asked of Temporal itself. */
function requestIn(event: Event): { readonly name: string; readonly identity?: string | null } | null {
  const { workflowExecutionCancelRequestedEventAttributes: cancel } = event;
  if (cancel) return { name: 'cancel', identity: cancel.identity ?? null };
  if (event.workflowExecutionOptionsUpdatedEventAttributes) return { name: 'update-options' };
  const {
    workflowExecutionPausedEventAttributes: paused,
    workflowExecutionUnpausedEventAttributes: unpaused,
  } = event;
  if (paused) return { name: 'pause', identity: paused.identity ?? null };
  if (unpaused) return { name: 'unpause', identity: unpaused.identity ?? null };
  return null;
}

function endingOf(event: Event): Ending | null {
  if (event.workflowExecutionCompletedEventAttributes) return 'completed';
  if (event.workflowExecutionTerminatedEventAttributes) return 'terminated';
  if (event.workflowExecutionCanceledEventAttributes) return 'canceled';
  if (event.workflowExecutionFailedEventAttributes) return 'failed';
  if (event.workflowExecutionTimedOutEventAttributes) return 'timed-out';
  return null;
}

async function acknowledgedIn(event: Event, converter: Converter): Promise<number> {
  const {
    workflowExecutionStartedEventAttributes: started,
    workflowExecutionUpdateCompletedEventAttributes: answered,
  } = event;
  // A first run begins with its first event, every other with the state that it takes over.
  if (started) {
    const argument = await argumentIn(started.input, converter);
    return at(argument, 'start') === undefined ? numberAt(argument, 'carry', 'state', 'seq') : 1;
  }
  const events = answered && at(await argumentIn(answered.outcome?.success, converter), 'events');
  const last: unknown = Array.isArray(events) ? events.at(-1) : undefined;
  return typeof last === 'string' ? Number(/\/(\d{1,15})$/.exec(last)?.[1] ?? 0) : 0;
}

function at(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>)[name] : undefined;
}

function numberAt(value: unknown, ...path: readonly string[]): number {
  const found = path.reduce(at, value);
  return typeof found === 'number' ? found : 0;
}

/** The first argument; undefined where there is none, or nobody can read it. */
async function argumentIn(payloads: Payloads | null | undefined, converter: Converter): Promise<unknown> {
  try {
    return (await decodeArrayFromPayloads(converter, payloads?.payloads ?? []))[0];
  } catch {
    return undefined;
  }
}
