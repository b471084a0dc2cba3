/**
 * One exception item, from its opening until nothing changes it any more: it tells the ledger and the second line,
 * wakes at its deadlines, and passes commands to the decider. Its history stays short: an item has a handful of events,
 * and what is refused leaves none.
 */
import {
  ApplicationFailure,
  allHandlersFinished,
  CancellationScope,
  condition,
  proxyActivities,
  proxyLocalActivities,
  workflowInfo,
} from '@temporalio/workflow';
import type { Activities } from '../activities/types.js';
import { parseItemEnvelope } from '../contracts/item-envelope.js';
import { isTrust } from '../contracts/proof/roots.js';
import { itemDeadline } from '../domain/operations/decide-item.js';
import { type ItemState, isOver } from '../domain/operations/item.js';
import { Alarm } from './alarm.js';
import { failure } from './failures.js';
import { ItemEntity } from './item-entity.js';
import { registerItemHandlers } from './item-handlers.js';
import { type ItemInput, itemWorkflowId } from './messages/items.js';
import { AT_ONCE, NOTIFICATION, QUICK } from './work/options.js';

/** Reviews one live case, and ends with what it came to: read from a closed run, that needs no worker. */
export async function reviewItem(input: ItemInput): Promise<ItemState> {
  const entity = entityOf(input);
  // Temporal's own cancel would leave the case without an outcome; a decision gives it one, or time does.
  await CancellationScope.nonCancellable(() => run(entity));
  return entity.state;
}

/** Throws a failure for what could not be an item, or was not opened by the API: then nothing can ever be approved. */
function entityOf(input: unknown): ItemEntity {
  const { opening, trust } = (input ?? {}) as Partial<ItemInput>;
  const { workflowId, startTime } = workflowInfo();
  if (!isTrust(trust))
    throw ApplicationFailure.nonRetryable('its trust names no root keys', 'unsupported-trust');
  const read = parseItemEnvelope('open-item', opening);
  if (!read.ok)
    throw failure(
      'malformed',
      read.problems.map(({ fact, message }) => ({ code: 'malformed', message: `${fact}: ${message}`, fact })),
    );
  const { item, terms } = read.envelope.payload;
  if (workflowId !== itemWorkflowId(terms.lifecycle, item))
    throw ApplicationFailure.nonRetryable(`this is item ${item} of ${terms.lifecycle}`, 'another-item');
  return new ItemEntity(read.envelope, trust, startTime.getTime());
}

async function run(entity: ItemEntity): Promise<void> {
  registerItemHandlers(entity);
  const alarm = new Alarm();
  // Each beside the other, and beside the commands: none of them waits for a ledger or a mail server.
  let [appending, telling]: [boolean, number] = [false, 0];
  const failed: { error?: Error } = {};
  for (;;) {
    entity.settle(Date.now());
    // What the ledger refuses for good can never be shown to have happened, so nothing may be allowed on it.
    if (failed.error) throw failed.error;
    if (entity.waiting.length > 0 && !appending) {
      appending = true;
      void append(entity)
        .catch((error: unknown) => {
          failed.error = error instanceof Error ? error : new TypeError(String(error));
        })
        .finally(() => {
          appending = false;
          entity.touch();
        });
    }
    const notices = entity.takeNotices();
    if (notices.length > 0) {
      telling++;
      void tell(entity, notices)
        // Tried without end; whoever cannot be told still has it in the inbox.
        .catch(() => undefined)
        .finally(() => {
          telling--;
          entity.touch();
        });
    }
    if (isOver(entity.state) && entity.waiting.length === 0 && telling === 0) break;
    alarm.arm(itemDeadline(entity.state), Date.now(), () => entity.touch());
    await entity.nextChange();
  }
  alarm.clear();
  await condition(allHandlersFinished);
}

function tell(entity: ItemEntity, notices: ReturnType<ItemEntity['takeNotices']>): Promise<void> {
  const { lifecycle, team, queue } = entity.state;
  const summary = `say that queue ${queue} needs somebody`;
  return proxyActivities<Activities>({ ...NOTIFICATION, summary }).deliverNotices({
    lifecycle,
    team,
    notices,
  });
}

/** Tells the ledger: within this workflow task, and patiently where it takes nothing. */
async function append(entity: ItemEntity): Promise<void> {
  const entries = entity.waiting;
  try {
    await proxyLocalActivities<Activities>(AT_ONCE).appendEntries(entries);
  } catch {
    const summary = `record events of item ${entity.state.id} in the ledger`;
    await proxyActivities<Activities>({ ...QUICK, summary }).appendEntries(entries);
  }
  entity.acknowledge(entries.length);
}
