import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseEnvelope } from '../../src/contracts/envelope.js';
import type { CommandName } from '../../src/domain/commands/payloads.js';
import { COMMAND_NAMES } from '../../src/domain/commands/table.js';
import { exampleOf } from '../../src/workflows/examples.js';

const exampleEnvelope = (name: CommandName) => JSON.parse(exampleOf(name));

describe('the envelope', () => {
  it.each(COMMAND_NAMES)('of %s takes its example and gives it back unchanged', (name) => {
    const example = exampleEnvelope(name);
    expect(parseEnvelope(name, structuredClone(example))).toEqual({ ok: true, envelope: example });
    // A migration brings a whole model with it.
    expect(JSON.stringify(example).length).toBeLessThan(name === 'accept-migration' ? 10_000 : 2_000);
  });

  it.each(COMMAND_NAMES)('of %s never throws, whatever arrives', (name) => {
    fc.assert(
      fc.property(fc.anything(), (message) => {
        expect(parseEnvelope(name, message).ok).toBe(false);
      }),
      { numRuns: 30 },
    );
  });

  it.each([
    ['an unknown field', { surprise: 1 }, 'surprise'],
    ['a missing actor', { actor: undefined }, 'actor'],
    ['a long id', { id: 'x'.repeat(33) }, 'id'],
    ['a text instead of a digest', { payload: { reason: 'because' } }, 'payload.reason'],
    ['a version that is none', { expect: -1 }, 'expect'],
  ])('refuses %s, naming it', (_what, change, fact) => {
    const parsed = parseEnvelope('park', { ...exampleEnvelope('park'), ...change });
    expect(parsed).toMatchObject({ ok: false, problems: [{ fact }] });
  });

  it('lists a bounded number of problems', () => {
    const many = Object.fromEntries(Array.from({ length: 500 }, (_, i) => [`field-${i}`, i]));
    const parsed = parseEnvelope('park', { ...exampleEnvelope('park'), ...many });
    expect(JSON.stringify(parsed).length).toBeLessThan(20_000);
  });
});
