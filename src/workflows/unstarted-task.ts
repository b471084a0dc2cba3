/**
 * Refuses to go on from events for which no workflow task has started yet. The SDK (1.24) hands them out with a query
 * that a worker answers without having the workflow in memory, under the time of the task before. What a lifecycle
 * did then, it would do otherwise when it is replayed, and be stuck for good. Refused, they come again with their task.
 */
import type { ActivateInput, WorkflowInterceptorsFactory } from '@temporalio/workflow';

type Activation = ActivateInput['activation'];
type Resolution = NonNullable<NonNullable<Activation['jobs']>[number]['resolveActivity']>;

/** A local activity, or one that was just asked to end: they are resolved within the task that did so. */
const isAnsweredAtOnce = ({ isLocal, result }: Resolution): boolean => Boolean(isLocal || result?.cancelled);

/** Whether something is in it that only an event of the history brings. */
function hasEvents({ jobs }: Activation): boolean {
  return (jobs ?? []).some(
    ({ fireTimer, signalWorkflow, resolveActivity }) =>
      fireTimer || signalWorkflow || (resolveActivity && !isAnsweredAtOnce(resolveActivity)),
  );
}

/** Loaded by the bundle; what it remembers is of one run. */
export const interceptors: WorkflowInterceptorsFactory = () => {
  let last = '';
  return {
    internals: [
      {
        activate(input, next) {
          const { activation, batchIndex } = input;
          const { seconds, nanos } = activation.timestamp ?? {};
          const time = `${String(seconds)} ${nanos}`;
          // Every task has a time of its own. A replay is believed: what it repeats has had its task.
          const unstarted = batchIndex === 0 && time === last && !activation.isReplaying;
          last = time;
          if (unstarted && hasEvents(activation))
            throw new Error('events came without a workflow task of their own');
          next(input);
        },
      },
    ],
  };
};
