import type { RejectionCode } from '../rejection.js';

/** `evidence:KIND` where evidence of a kind is missing or stale, or that the queues cannot carry the load. */
export type Control = `evidence:${string}` | 'queue-load';

/** What evidence can be excused from: being there, and being fresh. Never from having failed. */
const EXCUSED: readonly RejectionCode[] = ['evidence-missing', 'evidence-stale'];

/** The control that a reason speaks of; null where no exception could ever pass it. */
export function controlOf({ code, fact }: { code: RejectionCode; fact?: string }): Control | null {
  if (code === 'incomplete' && fact === 'queues') return 'queue-load';
  return EXCUSED.includes(code) && fact !== undefined ? `evidence:${fact}` : null;
}
