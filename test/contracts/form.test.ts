import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { fieldName, parseForm } from '../../src/contracts/form.js';

const form = z.strictObject({
  name: z.string().min(1).max(5),
  size: z.int().min(1).max(9),
  tags: z.array(z.enum(['a', 'b'])).max(2),
  on: z.boolean().optional(),
  when: z.union([
    z.strictObject({ at: z.number() }),
    z.strictObject({ after: z.number(), what: z.string() }),
  ]),
});
const good = { name: 'x', size: 1, tags: ['a'], when: { at: 1 } };

function details(change: object): string[] {
  const parsed = parseForm(form, { ...good, ...change });
  return parsed.ok ? [] : parsed.problems.map(({ path, detail }) => `${fieldName(path)} ${detail}`);
}

describe('problems in words', () => {
  test('none for a good value', () => {
    expect(details({})).toEqual([]);
  });

  test.each<[string, object, string]>([
    [
      'an unknown field',
      { nmae: 1 },
      'nmae unknown field "nmae"; correct the name or remove it (known here: name, size, tags, on, when)',
    ],
    ['a missing field', { name: undefined }, 'name is missing; add a text'],
    ['another kind', { size: 'big' }, 'size must be a number, not "big"'],
    ['a fraction', { size: 1.5 }, 'size must be a whole number, not 1.5'],
    ['a list for a text', { name: [] }, 'name must be a text, not a list'],
    ['nothing', { name: null }, 'name must be a text, not empty'],
    ['too little', { size: 0 }, 'size must be at least 1'],
    ['too much', { size: 10 }, 'size must be at most 9'],
    ['too long', { name: 'abcdef' }, 'name must be at most 5 characters long'],
    ['too many', { tags: ['a', 'a', 'a'] }, 'tags must be at most 2 entries long'],
    ['a word that is none of them', { tags: ['c'] }, 'tags[0] must be one of a, b, not "c"'],
    [
      'a field of the form that was meant',
      { when: { after: 1, what: 2 } },
      'when.what must be a text, not 2',
    ],
    ['truth as a text', { on: 'yes' }, 'on must be true or false, not "yes"'],
  ])('%s', (_what, change, words) => {
    expect(details(change)).toEqual([words]);
  });

  test('a value that is no group at all', () => {
    expect(parseForm(form, 'x')).toEqual({
      ok: false,
      problems: [{ path: [], detail: 'must be a group of fields, not "x"' }],
    });
  });
});
