import type { PersonId } from '../domain/vocabulary.js';

export type Notice = {
  readonly id: string;
  readonly lifecycle: string;
  /** `reminder`, `escalation`, `request`, … */
  readonly kind: string;
  readonly to: readonly PersonId[];
  readonly gate: string | null;
  /** Milliseconds since 1970-01-01T00:00:00Z. */
  readonly due: number | null;
};

export interface Notifier {
  /** Hands notices over, each once by its id however often it is called. Throws `NotifierUnavailable`. */
  deliver(notices: readonly Notice[]): Promise<void>;
}

/** Nothing is known to be delivered; repeating is safe. */
export class NotifierUnavailable extends Error {
  override readonly name = 'NotifierUnavailable';
  readonly code = 'notifier-unavailable';
}
