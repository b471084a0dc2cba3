import { once } from 'node:events';
import type { Response } from 'express';
import { exportQuery, noQuery, pageQuery } from '../../contracts/lists.js';
import type { LedgerReport } from '../../contracts/records.js';
import type { Api } from '../deps.js';
import { type GuardedRoute, route } from '../guarded-routes.js';
import { parseQuery } from '../parse-query.js';
import { Problem } from '../problem.js';
import { PAGE } from '../query-defaults.js';
import { recordAccess } from '../record-access.js';

/** What auditors take with them, and have checked. */
export function ledgerRoutes({ auditing, ledger, readModel }: Api): GuardedRoute[] {
  const bundle = route('ledger-export', async (request, response) => {
    const { lifecycle } = parseQuery(exportQuery, request);
    if (lifecycle !== undefined && (await readModel.team(lifecycle)) === undefined) {
      throw new Problem('not-found', `the ledger has no lifecycle ${lifecycle}; check the key`);
    }
    const scope = lifecycle ?? null;
    await recordAccess(ledger, response, { kind: 'export', type: 'bundle', lifecycle: scope, data: {} });
    await auditing.exportBundle({ lifecycle: scope }, writerTo(response, lifecycle ?? 'ledger'));
    response.end();
  });

  const checkpoints = route('ledger-checkpoints', async (request, response) => {
    const { cursor = '0', limit = PAGE } = parseQuery(pageQuery, request);
    const after = /^\d{1,15}$/.test(cursor) ? Number(cursor) : Number.NaN;
    if (Number.isNaN(after)) throw new Problem('invalid-body', 'cursor is the number of a checkpoint');
    const found = await auditing.checkpoints(after, limit + 1);
    const items = found.slice(0, limit);
    const nextCursor = found.length > limit ? String(items.at(-1)?.number) : null;
    response.set('Cache-Control', 'private, no-cache').json({ items, nextCursor });
  });

  // It reads the whole ledger: those who ask while it does get the same answer.
  let verifying: Promise<LedgerReport> | undefined;
  const verify = route('ledger-verify', async (request, response) => {
    parseQuery(noQuery, request);
    verifying ??= auditing.verify().finally(() => {
      verifying = undefined;
    });
    response.set('Cache-Control', 'no-store').json(await verifying);
  });
  return [bundle, checkpoints, verify];
}

/** Writes no faster than the client reads; throws once it has gone, so that nothing is read for nobody. */
function writerTo(response: Response, name: string): (text: string) => Promise<void> {
  return async (text) => {
    if (response.destroyed) throw new Error('the client has gone before the bundle was complete');
    // With the first of it, so that what fails before is answered as any other request that fails.
    if (!response.headersSent) {
      response.set({
        'Content-Type': 'application/x-ndjson; charset=utf-8',
        'Content-Disposition': `attachment; filename="airworthy-${name}.jsonl"`,
        'Cache-Control': 'no-store',
      });
    }
    if (response.write(text)) return;
    const over = new AbortController();
    const { signal } = over;
    await Promise.race([once(response, 'drain', { signal }), once(response, 'close', { signal })]);
    // Takes the other of the two listeners away.
    over.abort();
  };
}
