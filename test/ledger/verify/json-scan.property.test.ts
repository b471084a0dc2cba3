import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { canonicalForm } from '../../../src/domain/digest.js';
import type { Json } from '../../../src/domain/json.js';
import { JsonScan } from '../../../src/ledger/verify/json-scan.js';
import { readJson } from '../../../src/ledger/verify/json-text.js';

const scan = new JsonScan();

/** As in a bundle, with bytes before and a newline behind. */
function isPlain(text: string): boolean {
  const bytes = Buffer.from(`xx${text}\n`);
  return scan.isPlain(bytes, 2, bytes.length - 1);
}

const key = fc
  .string({ minLength: 1 })
  .filter((text) => JSON.stringify(text) === `"${text}"` && /^[ -~]*$/.test(text));
const plainJson = fc.letrec<{ value: Json }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 4 },
    fc.constantFrom<Json>(null, true, false),
    fc.integer(),
    fc.string({ unit: 'grapheme' }),
    fc.array(tie('value')),
    fc.dictionary(key, tie('value')),
  ),
})).value;

describe('the fast look at JSON', () => {
  it('takes RFC 8785 forms of objects with plain keys', () => {
    fc.assert(
      fc.property(fc.dictionary(key, plainJson), (value) => {
        // A control character is written with an escape of six, which is left to JSON.parse.
        const text = canonicalForm({ ...value });
        fc.pre(!text.includes('\\u') && Object.keys(value).length === Object.keys({ ...value }).length);
        expect(isPlain(text)).toBe(true);
      }),
      { numRuns: 500 },
    );
  });

  it('vouches for nothing that JSON.parse refuses, or in which a key is twice', () => {
    const token = fc.constantFrom(
      '{',
      '}',
      '[',
      ']',
      ',',
      ':',
      '"a"',
      '"b"',
      '""',
      '1',
      '-0',
      '01',
      '1.',
      '.5',
      'true',
      'nul',
      ' ',
      '"\\n"',
      '"\\x"',
      '"é"',
      '"\u0001"',
      '"',
    );
    const soup = fc.array(token, { maxLength: 14 }).map((tokens) => `{"a":${tokens.join('')}}`);
    const nearly = fc
      .tuple(fc.dictionary(key, plainJson), fc.nat(), fc.string({ maxLength: 2 }))
      .map(([value, i, more]) => {
        const text = canonicalForm({ ...value });
        const place = i % text.length;
        return text.slice(0, place) + more + text.slice(place + 1);
      });
    fc.assert(
      fc.property(fc.oneof(soup, nearly), (text) => {
        if (!isPlain(text)) return;
        const value = JSON.parse(text) as Json;
        expect(membersWritten(text)).toBe(membersOf(value));
      }),
      { numRuns: 5_000 },
    );
  });

  it.each([
    '{"a":1,"a":1}',
    '{"b":1,"a":{"c":1,"c":2}}',
    '{"a":1,"\\u0061":2}',
    '[{"":1,"":2}]',
    '{"__proto__":1,"__proto__":2}',
  ])('finds the key that is twice in %s', (text) => {
    const bytes = Buffer.from(`${text}\n`);
    expect(isPlain(text)).toBe(false);
    expect(readJson(bytes, 0, bytes.length - 1, scan)).toMatchObject({ duplicates: true });
  });

  it.each(['{"b":1,"a":":"}', '{"a":"\\":","b":[{"c":1},{"c":2}]}', '{"__proto__":1}', '{ "a" : 1 }'])(
    'finds none in %s',
    (text) => {
      const bytes = Buffer.from(`${text}\n`);
      expect(readJson(bytes, 0, bytes.length - 1, scan)).toMatchObject({ duplicates: false });
    },
  );
});

function membersWritten(text: string): number {
  return text.replaceAll(/"(?:[^"\\]|\\.)*"/g, '').split(':').length - 1;
}

function membersOf(value: Json): number {
  if (typeof value !== 'object' || value === null) return 0;
  const inside = Object.values(value as Record<string, Json>);
  return (
    (Array.isArray(value) ? 0 : inside.length) +
    inside.reduce<number>((sum, each) => sum + membersOf(each), 0)
  );
}
