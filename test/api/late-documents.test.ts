import { describe, expect, it } from 'vitest';
import { createLateDocuments } from '../../src/api/late-documents.js';
import { digestOf } from '../../src/domain/digest.js';
import { MemoryDocuments } from '../support/memory-documents.js';

const log = { error: () => undefined };

describe('documents of urgent commands', () => {
  it('are sent by digest while neither database nor disk takes them, and stored when one does', async () => {
    const store = new MemoryDocuments();
    store.down = true;
    const late = createLateDocuments(store, log);
    const reason = { text: 'wrong answers reach people' };
    const digests = [await late.put(reason), await late.put(reason, { subject: 'asha' })];
    expect(digests[0]).toBe(digestOf(reason));
    expect(store.stored.size).toBe(0);
    store.down = false;
    await expect.poll(() => [...store.stored.keys()], { timeout: 5_000 }).toEqual(digests);
    expect(await late.get(digests[1] ?? '')).toEqual(reason);
  });

  it('pass every other error on', async () => {
    const broken = { put: () => Promise.reject(new TypeError('bug')), get: async () => undefined };
    await expect(createLateDocuments(broken, log).put({ text: 'x' })).rejects.toThrow('bug');
  });
});
