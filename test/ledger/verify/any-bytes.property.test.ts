import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { canonicalForm, digestOf } from '../../../src/domain/digest.js';
import type { Json } from '../../../src/domain/json.js';
import { verdictLines } from '../../../src/ledger/verify/verdict-lines.js';
import { sample } from './corruptions.js';
import { bytesOf, verified } from './sample-ledger.js';

const good = bytesOf(await sample().lines());
const header = good.subarray(0, good.indexOf(0x0a) + 1);

type Mutation = (bytes: Buffer) => Buffer;

const at = fc.nat(good.length - 1);
const mutation: fc.Arbitrary<Mutation> = fc.oneof(
  fc.tuple(at, fc.nat(255)).map(([i, byte]) => (bytes: Buffer) => {
    const copy = Buffer.from(bytes);
    if (copy.length > 0) copy[i % copy.length] = byte;
    return copy;
  }),
  fc.tuple(at, fc.nat(200)).map(
    ([i, n]) =>
      (bytes: Buffer) =>
        Buffer.concat([bytes.subarray(0, i), bytes.subarray(i + n)]),
  ),
  fc.tuple(at, fc.uint8Array({ maxLength: 50 })).map(
    ([i, more]) =>
      (bytes: Buffer) =>
        Buffer.concat([bytes.subarray(0, i), more, bytes.subarray(i)]),
  ),
  fc.tuple(at, at, fc.nat(300)).map(
    ([i, j, n]) =>
      (bytes: Buffer) =>
        Buffer.concat([bytes.subarray(0, i), bytes.subarray(j, j + n), bytes.subarray(i)]),
  ),
  at.map((i) => (bytes: Buffer) => bytes.subarray(0, i)),
);

describe('any bytes', () => {
  it('have a verdict, whatever was done to a good bundle and however it is cut into chunks', () => {
    fc.assert(
      fc.property(
        fc.array(mutation, { minLength: 1, maxLength: 4 }),
        fc.integer({ min: 1, max: 5_000 }),
        fc.boolean(),
        (mutations, chunk, strict) => {
          const bytes = mutations.reduce((each, mutate) => mutate(each), good);
          const verdict = verified(bytes, { strict }, chunk);
          expect(verdict.ok).toBe(verdict.findings.length === 0);
          expect(verdictLines(verdict).length).toBeGreaterThan(2);
        },
      ),
      { numRuns: 1_500 },
    );
  });

  it('have a verdict behind a good header', () => {
    fc.assert(
      fc.property(
        fc.array(
          fc.oneof(
            fc.uint8Array({ maxLength: 200 }),
            fc.json().map((text) => Buffer.from(`${text}\n`)),
          ),
        ),
        (parts) => {
          expect(verified(Buffer.concat([header, ...parts])).ok).toBe(false);
        },
      ),
    );
  });

  it('are never those of a good bundle when one byte of an entry is another', () => {
    const text = good.toString('latin1');
    const inEntry = fc
      .constantFrom(...[...text.matchAll(/^\["/gm)].map(({ index }) => index))
      .chain((line) => fc.integer({ min: line, max: text.indexOf('\n', line) - 1 }));
    fc.assert(
      fc.property(inEntry, fc.nat(255), (i, byte) => {
        fc.pre(good[i] !== byte);
        const copy = Buffer.from(good);
        copy[i] = byte;
        expect(verified(copy).ok).toBe(false);
      }),
      { numRuns: 1_000 },
    );
  });

  it('give the same verdict however they are cut', () => {
    const bad = Buffer.from(good.toString().replace('"p-1"', '"p-2"'));
    const whole = verified(bad);
    for (const chunk of [1, 7, 64, 1_000]) expect(verified(bad, {}, chunk)).toEqual(whole);
  });

  it('nested as deep as a line is long are refused, not run through', () => {
    const deep = `{"digest":"${digestOf(null)}","document":${'['.repeat(1 << 20)}${']'.repeat(1 << 20)},"type":"document"}\n`;
    const { findings } = verified(Buffer.concat([header, Buffer.from(deep)]));
    expect(findings.map(({ check }) => check)).toContain('document-digest');
  });

  it('of any document keep the digest that it is stored under', async () => {
    const json = fc.jsonValue() as fc.Arbitrary<Json>;
    await fc.assert(
      fc.asyncProperty(json, async (document) => {
        fc.pre(isWritable(document));
        const lines = await sample((ledger) => ledger.store(document)).lines();
        expect(verified(bytesOf(lines), { strict: true }).findings).toEqual([]);
      }),
    );
  });
});

/** RFC 8785 has no form of lone surrogates. */
function isWritable(value: Json): boolean {
  try {
    return canonicalForm(value) !== '';
  } catch {
    return false;
  }
}
