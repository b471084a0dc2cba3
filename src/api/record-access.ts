import { randomUUID } from 'node:crypto';
import type { Response } from 'express';
import type { Json } from '../domain/json.js';
import { type Ledger, LedgerConflict, type LedgerEntry } from '../ports/ledger.js';
import { callerOf } from './authenticate.js';
import { contextOf } from './request-context.js';

/**
 * Records that the caller reads or exports something, before it is handed out: what cannot be recorded is not
 * given away. `type` names what is read. Throws `LedgerUnavailable`.
 */
export async function recordAccess(
  ledger: Pick<Ledger, 'append'>,
  response: Response,
  what: {
    readonly kind: 'read' | 'export';
    readonly type: string;
    readonly lifecycle: string | null;
    readonly data: Json;
  },
): Promise<void> {
  const entry: LedgerEntry = {
    ...what,
    id: `${what.kind}/${contextOf(response).requestId}`,
    seq: null,
    at: Date.now(),
    by: callerOf(response).id,
    command: null,
  };
  try {
    await ledger.append([entry]);
  } catch (error) {
    if (!(error instanceof LedgerConflict)) throw error;
    // The request id came from a client, who had used it before.
    await ledger.append([{ ...entry, id: `${entry.id}.${randomUUID()}` }]);
  }
}
