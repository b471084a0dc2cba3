import { Worker } from '@temporalio/worker';
import { DeterminismViolationError } from '@temporalio/workflow';
import { expect, it } from 'vitest';
import { activitiesOf, type History, oversized } from '../support/histories.js';
import { workflowBundle } from '../support/temporal.js';
import { ANCHOR } from './anchors.js';
import { historyOf, historyText, readHistory } from './history-files.js';

const replay = (history: History) => Worker.runReplayHistory({ workflowBundle }, history, 'anchor-replayed');

it('the recorded anchor replays on the workflow as it is now', async () => {
  const history = readHistory(ANCHOR);
  expect(activitiesOf(history)).toEqual(['sealCheckpoint', 'publishCheckpoints', 'publishCheckpoints']);
  expect(oversized(history)).toEqual([]);
  await replay(history);
});

it('does not replay a history that tells of something else', async () => {
  const altered = historyText(ANCHOR).replace('"sealCheckpoint"', '"blessCheckpoint"');
  await expect(replay(historyOf(altered))).rejects.toThrow(DeterminismViolationError);
});
