import { describe, expect, it } from 'vitest';
import { digestOf } from '../../src/domain/digest.js';
import type { Documents } from '../../src/ports/documents.js';

/** The cases that every document store passes. `open` gives an empty one. */
export function describeDocuments(name: string, open: () => Promise<Documents>): void {
  describe(`${name} as a document store`, () => {
    it('gives back what was put, by digest', async () => {
      const documents = await open();
      const spec = { spec: 'kyc-onboarding', checks: [{ id: 'c1', value: 0.98 }], text: 'für später ✓' };
      const digest = await documents.put(spec);
      expect(digest).toBe(digestOf(spec));
      expect(await documents.get(digest)).toEqual(spec);
    });

    it('stores equal documents once, whatever the order of their keys', async () => {
      const documents = await open();
      expect(await documents.put({ b: 1, a: 2 })).toBe(await documents.put({ a: 2, b: 1 }));
    });

    it('takes the same document from many at once', async () => {
      const documents = await open();
      const brief = { title: 'Broker onboarding', body: 'x'.repeat(100_000) };
      const digests = await Promise.all(Array.from({ length: 20 }, () => documents.put(brief)));
      expect(new Set(digests)).toEqual(new Set([digestOf(brief)]));
      expect(await documents.get(digestOf(brief))).toEqual(brief);
    });

    it.each([null, 0, '', [], {}, 'text', [1, [2, { x: null }]]])('stores %j', async (document) => {
      const documents = await open();
      expect(await documents.get(await documents.put(document))).toEqual(document);
    });

    it('gives back what somebody wrote, under a digest that does not tell what it was', async () => {
      const documents = await open();
      const comment = { text: 'the runbook names the old desk' };
      const digest = await documents.put(comment, { subject: 'meera' });
      expect(digest).not.toBe(digestOf(comment));
      expect(await documents.get(digest)).toEqual(comment);
      expect(await documents.put(comment, { subject: 'meera' })).not.toBe(digest);
    });

    it('takes a salt that was chosen before, and with it the digest', async () => {
      const documents = await open();
      const [reason, salt] = [{ text: 'wrong answers reach people' }, Buffer.alloc(16, 7).toString('base64')];
      const digests = await Promise.all(
        [1, 2].map(() => documents.put(reason, { subject: 'asha', salt, writtenAt: 1_700_000_000_000 })),
      );
      expect(digests).toEqual(Array(2).fill(digestOf({ document: reason, salt })));
      expect(await documents.get(digestOf({ document: reason, salt }))).toEqual(reason);
    });

    it('knows nothing of a digest that was never put, nor of a text that is none', async () => {
      const documents = await open();
      expect(await documents.get(digestOf('absent'))).toBeUndefined();
      expect(await documents.get('sha256:../../etc/passwd')).toBeUndefined();
    });
  });
}
