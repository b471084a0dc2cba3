import { ApplicationFailure, TemporalFailure } from '@temporalio/workflow';
import type { FailureReason, FailureType } from './messages.js';

/** The failure that tells a caller why; details carry every reason. */
export function failure(type: FailureType, reasons: readonly FailureReason[]): ApplicationFailure {
  const message = reasons.map((reason) => reason.message).join('; ');
  return ApplicationFailure.create({ type, message, nonRetryable: true, details: [reasons] });
}

/**
 * Runs a message's code so that nothing it throws can fail the workflow task: a mistake of ours answers the
 * sender, and the lifecycle goes on.
 */
export function guarded<R>(run: () => R): R {
  try {
    return run();
  } catch (error) {
    if (error instanceof TemporalFailure) throw error;
    const message = error instanceof Error ? error.message : String(error);
    throw failure('internal', [
      { code: 'internal', message: `the engine failed on this message: ${message}` },
    ]);
  }
}
