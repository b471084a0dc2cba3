import { afterAll } from 'vitest';

const closing: (() => Promise<void>)[] = [];

// Registered where this file is read: of a hook that is registered while another one runs, nothing is ever called.
afterAll(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

/** Closes something after the tests of a file and their own hooks, the newest first; may be called from a hook. */
export function afterFile(close: () => Promise<void>): void {
  closing.push(close);
}
