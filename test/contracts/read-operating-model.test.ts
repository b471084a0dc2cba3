import { describe, expect, test } from 'vitest';
import { describeProblem, parseOperatingModel } from '../../src/contracts/read-operating-model.js';
import { shipped, shippedText } from '../operating-models/shipped-models.js';

const standard = shippedText('standard.yaml');

function lineOf(text: string, needle: string): number {
  const before = text.slice(0, text.indexOf(needle));
  return before.split('\n').length;
}

function read(text: string, files: Record<string, string> = { 'standard.yaml': standard }) {
  return parseOperatingModel(text, { file: 'mine.yaml', resolve: (name) => files[name] });
}

function complaints(text: string, files?: Record<string, string>): string[] {
  const result = read(text, files);
  return result.ok ? [] : result.problems.map(describeProblem);
}

/** The standard text with one place changed, which must be there. */
function edited(from: string, to: string): string {
  expect(standard).toContain(from);
  return standard.replace(from, to);
}

describe('a sound model', () => {
  test('is compiled, with the digest of its written form', () => {
    const first = read(standard);
    const again = read(`# another comment\n${standard}`);
    if (!first.ok || !again.ok) throw new Error('refused');
    expect(again.model.digest).toBe(first.model.digest);
    const other = read(edited('people: 200', 'people: 100'));
    if (!other.ok) throw new Error('refused');
    expect(other.model.digest).not.toBe(first.model.digest);
    expect(other.model.rules.pilot.medium.caps?.people).toBe(100);
  });

  test('written with aliases has the digest of the same text written out', () => {
    const { written, model } = shipped('standard');
    const result = read(JSON.stringify(written));
    if (!result.ok) throw new Error('refused');
    expect(result.model).toEqual(model);
  });
});

describe('a problem names file, line, field and the fix', () => {
  test('an unknown field', () => {
    const text = edited(
      '    timeout: hold\n        readiness',
      '    timeout: hold\n          remind: often\n        readiness',
    );
    const line = lineOf(text, 'remind: often');
    const fields = 'known here: seats, sla, reminders, escalation, timeout, reauthenticate';
    const words = `unknown field "remind"; correct the name or remove it (${fields})`;
    // The gate is reused by an alias and by a merge, and every use of it is wrong at the same place.
    expect(complaints(text)).toEqual([
      `mine.yaml:${line}:11 rules.governed.medium.gates.specification.remind ${words}`,
      `mine.yaml:${line}:11 rules.governed.medium.gates.readiness.remind ${words}`,
      `mine.yaml:${line}:11 rules.governed.medium.change.remind ${words}`,
    ]);
  });

  test('a duration of the wrong kind', () => {
    const text = edited('sla: 8bh', 'sla: 8h');
    expect(complaints(text)[0]).toBe(
      `mine.yaml:${lineOf(text, 'sla: 8h')}:11 rules.governed.medium.gates.specification.sla write working time, such as 1bd (days) or 8bh (hours)`,
    );
  });

  test('a missing field stands where its group stands', () => {
    const text = edited('criticalHold: review-all\n      queue: {sla: 1bd', 'queue: {sla: 1bd');
    expect(complaints(text)).toEqual([
      `mine.yaml:${lineOf(text, '\n    low:\n      gates:\n        launch') + 1}:5 rules.governed.low.criticalHold is missing; write one of forward, review-all, stopped`,
    ]);
  });

  test('broken YAML', () => {
    const [first] = complaints(edited('editors: []', 'editors: ['));
    expect(first).toMatch(/^mine\.yaml:\d+:\d+ is not valid YAML: /);
  });

  test('a key that stands twice', () => {
    expect(complaints(edited('demo: false', 'demo: false\ndemo: true'))[0]).toContain(
      'is not valid YAML: Map keys must be unique',
    );
  });

  test('a tag that would be something else than data', () => {
    expect(complaints(edited('demo: false', 'demo: !!js/function "f"'))[0]).toContain('Unresolved tag');
  });

  test('aliases that multiply without end', () => {
    const bomb = `a: &a [x, x, x, x, x, x, x, x, x, x]\n${['b', 'c', 'd', 'e', 'f']
      .map((name, index) => `${name}: &${name} [${Array(10).fill(`*${'abcdef'[index]}`).join(', ')}]`)
      .join('\n')}\n`;
    expect(complaints(bomb)[0]).toContain('mine.yaml:1:1 cannot be resolved');
  });

  test.each([
    ['text only', 'just words'],
    ['a list', '- a'],
    ['nothing', ''],
  ])('%s instead of a model', (_what, text) => {
    const result = read(text);
    expect(result.ok).toBe(false);
    expect(complaints(text)[0]).toMatch(/^mine\.yaml:1:1 /);
  });

  test('a model that is too large to travel', () => {
    const days = Array.from({ length: 5_000 }, (_, day) =>
      new Date(Date.UTC(2026, 0, 1) + day * 86_400_000).toISOString().slice(0, 10),
    );
    const text = edited(
      "week: always\n    validThrough: '2028-12-31'",
      `week: {mon: ['09:00-10:00']}\n    validThrough: '2041-12-31'\n    holidays: ${JSON.stringify(days)}`,
    );
    expect(complaints(text)).toEqual([
      expect.stringMatching(/^mine\.yaml:\d+:1 compiles to \d+ bytes, at most 32768 fit/),
    ]);
  });
});

describe('a model that extends another', () => {
  test('keeps what it does not state, and merges groups', () => {
    const result = read(`
extends: standard.yaml
name: ours
rules: {governed: {low: {gates: {launch: {sla: 2bd, seats: [risk, operations]}}}}}
`);
    if (!result.ok) throw new Error(JSON.stringify(result.problems));
    const { launch } = result.model.rules.governed.low.gates;
    expect(result.model.name).toBe('ours');
    expect(launch?.sla).toEqual({ unit: 'bd', n: 2 });
    expect(launch?.seats).toEqual([{ function: 'risk' }, { function: 'operations' }]);
    expect(launch?.timeout).toBe('return');
  });

  test('reports its own mistakes at its own lines', () => {
    expect(complaints('extends: standard.yaml\nname: ours\n\ntimeScale: 0.5\n')).toEqual([
      'mine.yaml:4:1 timeScale is 0.5, but only a demonstration may shorten time; write 1, or set demo: true',
    ]);
  });

  test('reports inherited mistakes in the file that has them', () => {
    const base = edited('sla: 5bd', 'sla: soon');
    expect(complaints('extends: base.yaml\nretirement: {reminders: [10]}\n', { 'base.yaml': base })).toEqual([
      expect.stringContaining(`base.yaml:${lineOf(base, 'sla: soon')}:3 retirement.sla`),
    ]);
  });

  test('reports mistakes in a list that it replaced in its own file', () => {
    const [first] = complaints("extends: standard.yaml\nfreezes:\n  - {name: summer, from: '2027-07-15'}\n");
    expect(first).toMatch(/^mine\.yaml:3:\d+ freezes\[0\]/);
  });

  test.each([
    ['a file that is not there', 'extends: nowhere.yaml', 'extends names "nowhere.yaml", which is not there'],
    ['itself', 'extends: mine.yaml', 'extends goes in a circle: mine.yaml → mine.yaml'],
    ['no name', 'extends: [a]', 'extends must be the name of a file'],
  ])('refuses %s', (_what, text, words) => {
    expect(complaints(text)).toEqual([expect.stringContaining(`mine.yaml:1:1 ${words}`)]);
  });

  test('refuses a chain without end', () => {
    const files = Object.fromEntries(
      Array.from({ length: 9 }, (_, n) => [`f${n}.yaml`, `extends: f${n + 1}.yaml`]),
    );
    expect(complaints('extends: f0.yaml', files)).toEqual([expect.stringContaining('at most 5 files')]);
  });
});
