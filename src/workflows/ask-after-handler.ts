import { setHandler } from '@temporalio/workflow';
import { ASK_AFTER_EXAMPLE, parseAskAfter } from '../contracts/ask-after.js';
import type { Entity } from './entity.js';
import { askAfterSignal } from './messages.js';

/**
 * Takes in that people may be gone. Nobody signs it, and nobody is believed: the directory is asked, once, after those
 * on whom anything hangs, and only its answer takes a right away. `refuse` records a message that says nothing.
 */
export function registerAskAfter(entity: Entity, refuse: (message: string, code: string) => void): void {
  const { name } = askAfterSignal;
  const handler = (message: unknown): void => {
    const asked = parseAskAfter(message);
    if (asked === undefined) {
      refuse(name, 'malformed');
      return;
    }
    if (entity.outbox.full) return;
    try {
      entity.report({ type: 'people-doubted', people: asked.people }, Date.now());
    } catch {
      refuse(name, 'internal');
    }
  };
  setHandler(askAfterSignal, handler, {
    description: `Has the directory asked whether people who hold rights here are still there; only its answer counts. Example argument: ${JSON.stringify(ASK_AFTER_EXAMPLE)}`,
  });
}
