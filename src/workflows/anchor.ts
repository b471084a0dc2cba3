/** Seals the ledger and hands the checkpoint to witnesses. Started by a schedule, again and again; keeps nothing. */
import {
  ActivityFailure,
  type ActivityOptions,
  ApplicationFailure,
  proxyActivities,
} from '@temporalio/workflow';
import type { Activities } from '../activities/types.js';
import { TASK_QUEUES } from './messages.js';

/** What an anchor starts with. */
export interface AnchorInput {
  /** How long, in milliseconds, a witness that is down is tried: the next anchor goes on, and must not wait. */
  readonly patienceMs: number;
}

/** What became of a checkpoint at a witness: taken, not yet, or it has another under that number. */
type Handed = 'taken' | 'behind' | 'conflict';

/** What an anchor did. */
export interface Anchored {
  /** The newest checkpoint; null while the ledger is empty. */
  readonly number: number | null;
  /** Whether it is of this run: false where nothing had changed. */
  readonly fresh: boolean;
  readonly witnesses: Readonly<Record<string, Handed>>;
}

/** Waits for a database that is down; what no retry mends fails the run, where operators see it. */
const SEALING: ActivityOptions = {
  taskQueue: TASK_QUEUES.workflows,
  startToCloseTimeout: '2m',
  retry: {
    initialInterval: '500ms',
    maximumInterval: '30s',
    nonRetryableErrorTypes: ['LedgerRewritten', 'SigningKeyUnusable'],
  },
};

const PUBLISHING: ActivityOptions = {
  taskQueue: TASK_QUEUES.workflows,
  startToCloseTimeout: '5m',
  heartbeatTimeout: '30s',
  retry: { initialInterval: '500ms', maximumInterval: '30s', nonRetryableErrorTypes: ['WitnessConflict'] },
};

async function publish(witness: string, patienceMs: number): Promise<Handed> {
  const { publishCheckpoints } = proxyActivities<Activities>({
    ...PUBLISHING,
    scheduleToCloseTimeout: patienceMs,
    summary: `hand checkpoints to the witness ${witness}`,
  });
  try {
    await publishCheckpoints(witness);
    return 'taken';
  } catch (error) {
    if (!(error instanceof ActivityFailure)) throw error;
    const { cause } = error;
    return cause instanceof ApplicationFailure && cause.type === 'WitnessConflict' ? 'conflict' : 'behind';
  }
}

/** One anchor. Fails where the ledger or a witness tells of another history than was sealed. */
export async function anchor({ patienceMs }: AnchorInput): Promise<Anchored> {
  const { sealCheckpoint } = proxyActivities<Activities>({
    ...SEALING,
    summary: 'seal all chains into a checkpoint',
  });
  const { witnesses, ...sealed } = await sealCheckpoint();
  const handed = await Promise.all(
    witnesses.map(async (name) => [name, await publish(name, patienceMs)] as const),
  );
  const conflicts = handed.flatMap(([name, how]) => (how === 'conflict' ? [name] : []));
  if (conflicts.length > 0) {
    const message = `witnesses have another checkpoint under the same number: ${conflicts.join(', ')}`;
    throw ApplicationFailure.nonRetryable(message, 'WitnessConflict');
  }
  return { ...sealed, witnesses: Object.fromEntries(handed) };
}
