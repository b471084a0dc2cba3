import { defaultPayloadConverter } from '@temporalio/common';
import { Worker } from '@temporalio/worker';
import { DeterminismViolationError } from '@temporalio/workflow';
import { expect, it } from 'vitest';
import { type ItemInput, itemWorkflowId } from '../../src/workflows/messages/items.js';
import { type History, oversized } from '../support/histories.js';
import { workflowBundle } from '../support/temporal.js';
import { historyOf, historyText, readHistory } from './history-files.js';
import { ITEMS } from './items.js';

/** Under the id that it was recorded with: an item refuses to be another. */
function replay(history: History): Promise<void> {
  const started = history.events?.[0]?.workflowExecutionStartedEventAttributes;
  const [payload] = started?.input?.payloads ?? [];
  if (!payload) throw new Error('it was started with nothing');
  const { item, terms } = defaultPayloadConverter.fromPayload<ItemInput>(payload).opening.payload;
  return Worker.runReplayHistory({ workflowBundle }, history, itemWorkflowId(terms.lifecycle, item));
}

it.each(Object.values(ITEMS))(
  '%s, as it was recorded, replays on the workflow as it is now',
  async (name) => {
    const history = readHistory(name);
    expect(oversized(history)).toEqual([]);
    // A case is short: whatever is refused leaves nothing.
    expect(history.events?.length).toBeLessThan(40);
    await replay(history);
  },
);

it('does not replay a history that tells of something else', async () => {
  const altered = historyText(ITEMS.defaulted).replace('"deliverNotices"', '"deliverParcels"');
  await expect(replay(historyOf(altered))).rejects.toThrow(DeterminismViolationError);
});
