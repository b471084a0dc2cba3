import type { CommandName } from '../domain/commands/payloads.js';

/** What stops things must not wait for a worker: without an answer in time it is handed over as a signal. */
export const URGENT: readonly CommandName[] = ['stop-ship', 'hold'];
