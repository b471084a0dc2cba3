import {
  type Client,
  WorkflowExecutionAlreadyStartedError,
  WorkflowFailedError,
  type WorkflowHandle,
  WorkflowUpdateFailedError,
} from '@temporalio/client';
import type { ItemEnvelope } from '../../contracts/item-envelope.js';
import type { ItemState } from '../../domain/operations/item.js';
import {
  decideItemUpdate,
  ITEM_WORKFLOW,
  type ItemResult,
  itemQuery,
  itemTermsQuery,
  itemUseQuery,
  itemWorkflowId,
  useItemUpdate,
} from '../../workflows/messages/items.js';
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
import type { ItemGateway } from './item-gateway.js';

const CALL_MS = 5_000;
const VIEW_MS = 2_000;

/** The items of lifecycles over one client. */
export function createTemporalItems(client: Client): ItemGateway {
  const { within, query } = createTemporalCalls(client);
  const handleOf = (key: string, item: string): WorkflowHandle =>
    client.workflow.getHandle(itemWorkflowId(key, item));

  const read: ItemGateway['item'] = async (key, item) => {
    const handle = handleOf(key, item);
    try {
      const { status } = await within(VIEW_MS, () => handle.describe());
      // What is over says so without a worker.
      const ask = status.name === 'RUNNING' ? () => handle.query(itemQuery) : () => handle.result();
      return await within<ItemState>(VIEW_MS, ask);
    } catch (error) {
      if (isUnknown(error)) return undefined;
      if (error instanceof WorkflowFailedError) {
        const detail = `item ${item} failed, and allows nothing; an operator has to look at its page in the Temporal UI`;
        throw new Problem('not-approved', detail, { cause: error });
      }
      if (isUnreachable(error) && !isLate(error)) throw unreachable(error);
      const detail = `item ${item} did not answer in time; repeat the request in a moment`;
      throw new Problem('view-unavailable', detail, { cause: error, headers: { 'Retry-After': '1' } });
    }
  };

  return {
    terms: (key, actor, question) =>
      query(key, (handle) => handle.query(itemTermsQuery, { actor, now: Date.now(), question })),

    refusesUse: (key, actor) =>
      query(key, (handle) => handle.query(itemUseQuery, { actor, now: Date.now() })),

    async open(input, startId) {
      const { item, terms } = input.opening.payload;
      const workflowId = itemWorkflowId(terms.lifecycle, item);
      try {
        await within(CALL_MS, () =>
          client.workflow.start(ITEM_WORKFLOW, {
            workflowId,
            taskQueue: TASK_QUEUES.workflows,
            args: [input],
            workflowIdReusePolicy: 'REJECT_DUPLICATE',
            workflowIdConflictPolicy: 'FAIL',
            memo: { startId },
            staticSummary: `${terms.lifecycle}: item ${item} in queue ${terms.queue}`,
          }),
        );
        return { started: true };
      } catch (error) {
        if (error instanceof WorkflowExecutionAlreadyStartedError) {
          const { memo } = await within(VIEW_MS, () => handleOf(terms.lifecycle, item).describe());
          return { started: false, startId: typeof memo?.startId === 'string' ? memo.startId : null };
        }
        if (isLate(error)) throw outcomeUnknown(error);
        throw isUnreachable(error) ? unreachable(error) : error;
      }
    },

    async send(key, item, name, envelope) {
      const definition = name === 'decide-item' ? decideItemUpdate : useItemUpdate;
      const updateId = `${envelope.id}.${envelope.digest}`;
      const handle = handleOf(key, item);
      const update = () =>
        handle.executeUpdate<ItemResult, [ItemEnvelope]>(definition.name, { args: [envelope], updateId });
      try {
        // Under an id that it has taken before, also closed, it answers as then.
        return await within(CALL_MS, () => untilTaken(update));
      } catch (error) {
        const failed = error instanceof WorkflowUpdateFailedError ? updateFailed(error) : undefined;
        // It closed before it got to this one, as where several use an approval at once.
        const closed = isUnknown(error) || failed?.code === 'outcome-unknown';
        if (failed && !closed) throw failed;
        if (isLate(error)) throw outcomeUnknown(error);
        if (!closed) throw isUnreachable(error) ? unreachable(error) : error;
        const over = await read(key, item);
        if (over === undefined)
          throw new Problem('not-found', `there is no item ${item} of ${key}; look at its items`, {
            cause: error,
          });
        return { over };
      }
    },

    item: read,
  };
}
