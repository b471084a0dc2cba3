import type { Notifier } from '../ports/notifier.js';
import type { Activities } from './types.js';

/** Hands notices to whoever tells people; none is lost, and none is taken twice. */
export function createDeliverNotices(notifier: Notifier): Pick<Activities, 'deliverNotices'> {
  return { deliverNotices: (telling) => notifier.deliver(telling) };
}
