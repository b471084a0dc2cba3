/** Whether a run goes back to a start that the API has signed: effects are carried out for no other. */
import type { Client } from '@temporalio/client';
import { decodeArrayFromPayloads } from '@temporalio/common/lib/internal-non-workflow/codec-helpers.js';
import { isTrust } from '../contracts/proof/roots.js';
import { findingsIn } from '../ledger/reconcile/compare.js';
import { lifecycleId } from '../workflows/messages.js';

/** A run of a workflow, and the lifecycle that it says it is. */
export interface Claimed {
  readonly workflowId: string;
  readonly runId: string;
  readonly lifecycle: string;
}

/** How a run began. */
export interface Beginning {
  /** The run that it goes on from; null for a first one. */
  readonly from: string | null;
  readonly at: number;
  readonly type: string;
  readonly argument: unknown;
}

/** More runs than a lifecycle comes to in decades. */
const MOST_RUNS = 10_000;
const KEPT = 20_000;

/**
 * Asks how runs began, back to the first of each chain, which has to be proven; each run once. What Temporal has
 * forgotten began so long ago that the reconciler has seen it. `roots`: every root key on file.
 */
export function createOrigin(
  beginningOf: (workflowId: string, runId: string) => Promise<Beginning | undefined>,
  roots: () => Promise<readonly string[]>,
) {
  const known = new Set<string>();
  return async ({ workflowId, runId, lifecycle }: Claimed): Promise<boolean> => {
    if (workflowId !== lifecycleId(lifecycle)) return false;
    const believed = await roots();
    const seen: string[] = [];
    for (let run = runId; seen.length < MOST_RUNS && !known.has(run); ) {
      const beginning = await beginningOf(workflowId, run);
      if (beginning === undefined) {
        // The run that asks is there; one that it goes on from may be forgotten.
        if (run === runId) return false;
        break;
      }
      seen.push(run);
      const { from, at, type, argument } = beginning;
      if (from === null) {
        if (!isOurs(lifecycle, { at, type, argument }, believed)) return false;
        break;
      }
      if (!believes(argument, believed)) return false;
      run = from;
    }
    if (known.size >= KEPT) known.clear();
    for (const run of seen) known.add(run);
    return true;
  };
}

function isOurs(lifecycle: string, beginning: Omit<Beginning, 'from'>, roots: readonly string[]): boolean {
  const started = { act: 'started', eventId: 1, identity: '', principal: null, ...beginning } as const;
  return (
    findingsIn([started], { lifecycle, runId: '', retired: false, superseded: false, roots }).length === 0
  );
}

/** Whether what a run took over believes our root keys and no others. */
function believes(argument: unknown, roots: readonly string[]): boolean {
  const { carry } = (argument ?? {}) as { carry?: { trust?: unknown } };
  const trust = carry?.trust;
  return isTrust(trust) && trust !== 'dev' && trust.roots.every((root) => roots.includes(root));
}

/** Reads how a run began from its history; undefined where that is gone. */
export function beginningIn(client: Client) {
  const { namespace, loadedDataConverter } = client.options;
  return async (workflowId: string, runId: string): Promise<Beginning | undefined> => {
    const { history } = await client.workflowService
      .getWorkflowExecutionHistory({ namespace, execution: { workflowId, runId }, maximumPageSize: 1 })
      .catch((error: unknown) => {
        if (typeof error === 'object' && error !== null && 'code' in error && error.code === NOT_FOUND)
          return { history: null };
        throw error;
      });
    const [first] = history?.events ?? [];
    const started = first?.workflowExecutionStartedEventAttributes;
    if (!first || !started) return undefined;
    const { seconds } = first.eventTime ?? {};
    return {
      from: started.continuedExecutionRunId || null,
      at: Number(seconds ?? 0) * 1_000,
      type: started.workflowType?.name ?? '',
      argument: await argumentIn(loadedDataConverter, started.input?.payloads),
    };
  };
}

/** gRPC's status code of what is not there. */
const NOT_FOUND = 5;

async function argumentIn(
  converter: Client['options']['loadedDataConverter'],
  payloads: Parameters<typeof decodeArrayFromPayloads>[1],
): Promise<unknown> {
  try {
    return (await decodeArrayFromPayloads(converter, payloads ?? []))[0];
  } catch {
    return undefined;
  }
}
