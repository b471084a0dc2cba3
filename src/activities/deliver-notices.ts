import type { Notifier } from '../ports/notifier.js';
import type { Activities } from './types.js';

/** Hands notices to the notifier under ids that are unique across lifecycles. */
export function createDeliverNotices(notifier: Notifier): Pick<Activities, 'deliverNotices'> {
  return {
    deliverNotices: ({ lifecycle, notices }) =>
      notifier.deliver(
        notices.map(({ id, kind, to, gate, due }) => ({
          id: `${lifecycle}/${id}`,
          lifecycle,
          kind,
          to,
          gate,
          due,
        })),
      ),
  };
}
