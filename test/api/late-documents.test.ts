import { setTimeout as pause } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { createLateDocuments } from '../../src/api/late-documents.js';
import { digestOf } from '../../src/domain/digest.js';
import type { Json } from '../../src/domain/json.js';
import { DocumentsUnavailable } from '../../src/ports/documents.js';

function storeThatIs(down: { now: boolean }) {
  const stored = new Map<string, Json>();
  return {
    stored,
    put: async (document: Json) => {
      if (down.now) throw new DocumentsUnavailable('the disk is gone');
      stored.set(digestOf(document), document);
      return digestOf(document);
    },
    get: async (digest: string) => stored.get(digest),
  };
}

const log = { error: () => undefined };

describe('documents of urgent commands', () => {
  it('are sent by digest while the store is away, and stored when it is back', async () => {
    const down = { now: true };
    const store = storeThatIs(down);
    const reason = { text: 'wrong answers reach people' };
    const digest = await createLateDocuments(store, log).put(reason);
    expect(digest).toBe(digestOf(reason));
    expect(store.stored.size).toBe(0);
    down.now = false;
    for (let waited = 0; waited < 50 && store.stored.size === 0; waited++) await pause(100);
    expect(await store.get(digest)).toEqual(reason);
  });

  it('pass every other error on', async () => {
    const broken = { put: () => Promise.reject(new TypeError('bug')), get: async () => undefined };
    await expect(createLateDocuments(broken, log).put({ text: 'x' })).rejects.toThrow('bug');
  });
});
