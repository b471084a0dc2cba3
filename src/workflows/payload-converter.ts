import { defaultPayloadConverter, type PayloadConverter } from '@temporalio/common';

/**
 * Reads whatever reaches a lifecycle. What cannot be read (no JSON, an encoding nobody knows) becomes undefined, which
 * every handler refuses as malformed: thrown here, it would fail the workflow task of a signal for ever, because the
 * signal stays in the history.
 */
export const payloadConverter: PayloadConverter = {
  toPayload: (value) => defaultPayloadConverter.toPayload(value),
  fromPayload: <T>(payload: Parameters<PayloadConverter['fromPayload']>[0]): T => {
    try {
      return defaultPayloadConverter.fromPayload<T>(payload);
    } catch {
      return undefined as T;
    }
  },
};
