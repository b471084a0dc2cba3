import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { instant, TEXT_LIMIT, text } from '../../src/contracts/fields.js';
import { travel, travelledSchema } from '../../src/contracts/travel.js';
import { digestOf } from '../../src/domain/digest.js';
import type { Json } from '../../src/domain/json.js';

const form = z.strictObject({
  reason: text('Why.'),
  note: text('More.', 20).exactOptional(),
  due: instant('When.').exactOptional(),
  scope: z.enum(['a', 'b']).default('a'),
  items: z
    .array(z.strictObject({ text: text('What.'), at: instant('When.'), n: z.int() }))
    .max(3)
    .exactOptional(),
});

function store() {
  const documents = new Map<string, Json>();
  const put = async (document: Json): Promise<string> => {
    const digest = digestOf(document);
    documents.set(digest, document);
    return digest;
  };
  return { documents, put };
}

describe('from a body to a payload', () => {
  it('texts become digests and date-times milliseconds, inside lists too', async () => {
    const { documents, put } = store();
    const body = form.parse({
      reason: 'because',
      due: '2027-03-01T09:00:00+01:00',
      items: [{ text: 'do it', at: '2027-03-02T00:00:00Z', n: 1 }],
    });
    const payload = await travel(form, body, put);
    expect(payload).toEqual({
      reason: digestOf({ text: 'because' }),
      due: Date.UTC(2027, 2, 1, 8),
      scope: 'a',
      items: [{ text: digestOf({ text: 'do it' }), at: Date.UTC(2027, 2, 2), n: 1 }],
    });
    expect([...documents.values()]).toEqual([{ text: 'because' }, { text: 'do it' }]);
  });

  it('the payload schema takes what comes out, and no text', async () => {
    const payloads = travelledSchema(form);
    const anyText = fc.string({ minLength: 1, maxLength: 20 }).filter((written) => written.trim() !== '');
    await fc.assert(
      fc.asyncProperty(anyText, fc.array(anyText, { maxLength: 3 }), async (reason, items) => {
        const at = '2027-03-02T00:00:00Z';
        const body = form.parse({ reason, items: items.map((item, n) => ({ text: item, at, n })) });
        const payload = await travel(form, body, store().put);
        expect(payloads.parse(payload)).toEqual(payload);
        expect(payloads.safeParse(body).success).toBe(false);
      }),
      { numRuns: 50 },
    );
  });

  it('the payload schema keeps limits and refuses unknown fields', () => {
    const payloads = travelledSchema(form);
    const reason = digestOf(null);
    const item = { text: reason, at: 0, n: 1 };
    expect(payloads.safeParse({ reason, items: [item, item, item] }).success).toBe(true);
    expect(payloads.safeParse({ reason, items: [item, item, item, item] }).success).toBe(false);
    expect(payloads.safeParse({ reason, extra: 1 }).success).toBe(false);
  });

  it('stores the same text once', async () => {
    let puts = 0;
    const put = async (document: Json) => {
      puts++;
      return digestOf(document);
    };
    await travel(form, form.parse({ reason: 'same', note: 'same' }), put);
    expect(puts).toBe(1);
  });

  it('fails as a whole where a document cannot be stored', async () => {
    const put = () => Promise.reject(new Error('disk full'));
    await expect(travel(form, form.parse({ reason: 'a' }), put)).rejects.toThrow('disk full');
  });
});

describe('fields of a body', () => {
  it.each([
    ['an empty text', { reason: ' \n' }],
    ['a text over its limit', { reason: 'x'.repeat(TEXT_LIMIT + 1) }],
    ['a date-time without offset', { reason: 'a', due: '2027-03-01T09:00:00' }],
    ['a date that does not exist', { reason: 'a', due: '2027-02-30T09:00:00Z' }],
    ['milliseconds', { reason: 'a', due: 1_800_000_000_000 }],
  ])('refuse %s', (_what, body) => {
    expect(form.safeParse(body).success).toBe(false);
  });
});
