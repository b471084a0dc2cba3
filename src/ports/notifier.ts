import type { Notice as RaisedNotice } from '../domain/lifecycle/state.js';
import type { ToldNotice } from '../domain/lifecycle/telling.js';
import type { PersonId } from '../domain/vocabulary.js';

/** A notice as it is kept for development: one for everybody it goes to. */
export type Notice = {
  /** Unique across lifecycles. */
  readonly id: string;
  readonly lifecycle: string;
  readonly kind: RaisedNotice['kind'];
  readonly to: readonly PersonId[];
  readonly gate: string | null;
  /** Milliseconds since 1970-01-01T00:00:00Z. */
  readonly due: number | null;
};

/** Notices of one lifecycle, with what those like to know who write to people. Their ids are the lifecycle's own. */
export interface Telling {
  readonly lifecycle: string;
  readonly title?: string;
  readonly team?: string;
  readonly notices: readonly ToldNotice[];
}

export interface Notifier {
  /** Takes notices over, each once by its id however often it is called. Throws `NotifierUnavailable`. */
  deliver(telling: Telling): Promise<void>;
}

/** Nothing is known to be delivered; repeating is safe. */
export class NotifierUnavailable extends Error {
  override readonly name = 'NotifierUnavailable';
  readonly code = 'notifier-unavailable';
}
