import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { canonicalForm, digestOf, isDigest } from '../../src/domain/digest.js';
import type { Json } from '../../src/domain/json.js';

describe('the digest of a value', () => {
  it('covers the RFC 8785 form: keys by UTF-16 code unit, shortest numbers, no white space', () => {
    const value = { '\u20ac': 1e30, b: [4.5, 2e-3, 1e-27], '\ud83d\ude02': null, a: '\u000f\n"A\\' };
    const form = '{"a":"\\u000f\\n\\"A\\\\","b":[4.5,0.002,1e-27],"\u20ac":1e+30,"\ud83d\ude02":null}';
    expect(canonicalForm(value)).toBe(form);
    expect(digestOf(value)).toBe(`sha256:${createHash('sha256').update(form, 'utf8').digest('hex')}`);
  });

  it('is the published SHA-256 of the empty object', () => {
    expect(digestOf({})).toBe('sha256:44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a');
  });

  it('does not depend on the order of keys, nor on a round trip through JSON', () => {
    fc.assert(
      fc.property(
        fc.dictionary(fc.string({ unit: 'grapheme' }), fc.jsonValue({ stringUnit: 'binary' })),
        (object) => {
          const reversed = Object.fromEntries(Object.entries(object).reverse()) as Json;
          const carried: Json = JSON.parse(JSON.stringify(object));
          expect(digestOf(reversed)).toBe(digestOf(carried));
          expect(isDigest(digestOf(carried))).toBe(true);
        },
      ),
    );
  });

  it.each([Number.NaN, Number.POSITIVE_INFINITY, '\ud800', undefined])('does not exist for %s', (value) => {
    expect(() => digestOf(value as Json)).toThrow();
  });
});

describe('the form of a digest', () => {
  it.each(['', 'sha256:', `sha256:${'0'.repeat(63)}`, `sha256:${'A'.repeat(64)}`, `sha1:${'0'.repeat(64)}`])(
    'is not that of "%s"',
    (text) => expect(isDigest(text)).toBe(false),
  );
});
