import { setTimeout as sleep } from 'node:timers/promises';
import type { ApiClient } from '../client/api-client.js';
import { askView } from '../client/lifecycles.js';
import { isPassing } from '../client/problems.js';
import { showView } from '../terminal/show-view.js';
import type { CliContext } from './context.js';

const LOOK_EVERY_MS = 1_000;

/**
 * Shows a lifecycle whenever it changes, until it is interrupted or the lifecycle is over. Once it has begun, a
 * time without an answer is said once and waited out.
 */
export async function watch(
  api: ApiClient,
  key: string,
  { terminal }: CliContext,
  json: boolean | undefined,
): Promise<void> {
  let etag: string | undefined;
  let shown: string | undefined;
  let silent = false;
  for (;;) {
    const asked = await askView(api, key, etag).catch((error: unknown) => {
      if (shown === undefined || !isPassing(error)) throw error;
      if (!silent) terminal.err(terminal.paint.warn(`${error.message}; waiting for it`));
      silent = true;
      return undefined;
    });
    if (asked !== undefined) silent = false;
    const view = asked?.view;
    // A stale one has no ETag: it is told from the one before by what it says.
    const text = JSON.stringify(view);
    if (view !== undefined && text !== shown) {
      if (json) terminal.out(JSON.stringify(asked?.answer.body));
      else {
        if (shown !== undefined) terminal.out('');
        showView(view, terminal, Date.now());
      }
      shown = text;
    }
    if (view?.stage === 'retired') return;
    if (view !== undefined) etag = asked?.answer.etag;
    await sleep(LOOK_EVERY_MS);
  }
}
