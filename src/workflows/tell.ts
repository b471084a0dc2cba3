/** Telling one person: over every channel they have, for days, and saying so where none of them works. */
import {
  ActivityFailure,
  type ActivityOptions,
  ApplicationFailure,
  getExternalWorkflowHandle,
  isCancellation,
  log,
  proxyActivities,
} from '@temporalio/workflow';
import type { Activities } from '../activities/types.js';
import { asks } from '../domain/lifecycle/telling.js';
import type { ChannelName } from '../ports/channel.js';
import { type NoticeInput, type Patience, reportUnreachableSignal, TRYING } from './messages/notices.js';
import { lifecycleId, TASK_QUEUES } from './messages.js';

/** What became of a message. */
export type Told = 'told' | 'gathered' | 'unreachable';

/** Attempts cost no history: a day of trying is a few events. */
const ATTEMPT: ActivityOptions = { taskQueue: TASK_QUEUES.notify, startToCloseTimeout: '30s' };
const REFUSED = 'AddressRefused';
/** At first what nothing but a correction mends is not tried again: whoever waits should know at once. */
const AT_FIRST = {
  initialInterval: TRYING.firstMs,
  maximumInterval: TRYING.longestMs,
  nonRetryableErrorTypes: [REFUSED],
};
/** Then whatever it fails with, because files and addresses get corrected; seldom, because others mind. */
const FOR_DAYS = { initialInterval: '5m', maximumInterval: '1h' } as const;

/**
 * Does something until it works: at first for as long as nobody minds, then, if `late` says so, for days more.
 * `late` hears whether it was refused. Undefined: given up.
 */
async function patiently<T>(
  { unreachableAfterMs, giveUpAfterMs }: Patience,
  attempt: (options: ActivityOptions) => Promise<T>,
  late: (refused: boolean) => Promise<boolean>,
): Promise<T | undefined> {
  try {
    return await attempt({ ...ATTEMPT, scheduleToCloseTimeout: unreachableAfterMs, retry: AT_FIRST });
  } catch (error) {
    if (!(await late(isRefusal(failureIn(error))))) return undefined;
  }
  try {
    return await attempt({ ...ATTEMPT, scheduleToCloseTimeout: giveUpAfterMs, retry: FOR_DAYS });
  } catch (error) {
    failureIn(error);
    return undefined;
  }
}

/** The failure of an activity; throws everything else. */
function failureIn(error: unknown): ActivityFailure {
  if (isCancellation(error) || !(error instanceof ActivityFailure)) throw error;
  return error;
}

function isRefusal({ cause }: ActivityFailure): boolean {
  return cause instanceof ApplicationFailure && cause.type === REFUSED;
}

/** Tells what waits, now or, where it `mayWait`, as the person's habits say. */
export async function tell(input: NoticeInput, mayWait: boolean): Promise<Told> {
  const { person, patience } = input;
  const route = await patiently(
    patience,
    (options) =>
      proxyActivities<Activities>({ ...options, summary: `how to tell ${person}` }).routeNotice({
        ...input,
        mayWait,
        now: Date.now(),
      }),
    async () => {
      await reportUnreachable(input);
      return true;
    },
  );
  if (route === 'gathered') return 'gathered';
  return send(input, route?.over ?? []);
}

async function send(input: NoticeInput, over: readonly ChannelName[]): Promise<Told> {
  const { patience, ...addressed } = input;
  if (over.length === 0) await reportUnreachable(input);
  let failing = 0;
  let reached = false;
  const sent = await Promise.all(
    over.map((channel) => {
      const summary = `tell ${addressed.person} over ${channel}`;
      return patiently(
        patience,
        async (options) => {
          await proxyActivities<Activities>({ ...options, summary }).sendMessage({ ...addressed, channel });
          reached = true;
          return true;
        },
        async (refused) => {
          failing++;
          if (failing === over.length) await reportUnreachable(input);
          // Whoever was told over another channel need not be told over one that takes nothing for them.
          return !(refused && reached);
        },
      );
    }),
  );
  return sent.includes(true) ? 'told' : 'unreachable';
}

/** Tells every lifecycle that waits for this person. One that has ended waits no longer; what is none has its own chain. */
async function reportUnreachable({ person, items }: NoticeInput): Promise<void> {
  for (const { lifecycle, notice, gate, kind } of items) {
    if (!asks(kind) || lifecycle.includes('/')) continue;
    const own = notice.slice(lifecycle.length + 1);
    try {
      const handle = getExternalWorkflowHandle(lifecycleId(lifecycle));
      await handle.signal(reportUnreachableSignal, { notice: own, person, gate });
    } catch (error) {
      if (isCancellation(error)) throw error;
      log.warn('nobody hears any more that somebody cannot be reached', { notice, person });
    }
  }
}
