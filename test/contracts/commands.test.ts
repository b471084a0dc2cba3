import { describe, expect, it } from 'vitest';
import { missingOf } from '../../src/contracts/brief.js';
import { COMMAND_BODIES } from '../../src/contracts/commands.js';
import { parseForm } from '../../src/contracts/form.js';
import { START_EXAMPLES, startForm } from '../../src/contracts/start.js';
import { COMMAND_NAMES } from '../../src/domain/commands/table.js';

describe('bodies of commands', () => {
  it('are there for the whole command table, and no more', () => {
    expect(Object.keys(COMMAND_BODIES).sort()).toEqual([...COMMAND_NAMES].sort());
  });

  it.each(COMMAND_NAMES)('%s takes its example', (name) => {
    expect(parseForm<unknown>(COMMAND_BODIES[name].body, COMMAND_BODIES[name].example)).toMatchObject({
      ok: true,
    });
  });

  const subject = `sha256:${'0'.repeat(64)}`;
  const decide = { gate: 'readiness', generation: 1, subject };
  const condition = { text: 'a', owner: 'asha', due: '2027-01-01T00:00:00Z', beforeRelease: true };

  it.each([
    [
      'conditions without approving with them',
      { decision: 'approve', conditions: [condition] },
      'conditions',
    ],
    ['approving with conditions without any', { decision: 'approve-with-conditions' }, 'conditions'],
    ['asking for changes without saying which', { decision: 'request-changes' }, 'clauses'],
    ['a decision there is none of', { decision: 'maybe' }, 'decision'],
    ['generation 0', { decision: 'approve', generation: 0 }, 'generation'],
    ['a subject that is no digest', { decision: 'approve', subject: 'latest' }, 'subject'],
  ])('decide refuses %s', (_what, change, field) => {
    const parsed = parseForm(COMMAND_BODIES.decide.body, { ...decide, ...change });
    expect(parsed).toMatchObject({ ok: false, problems: [{ path: [field] }] });
  });

  it('add-evidence wants either a digest or the content', () => {
    const { content: _, ...rest } = COMMAND_BODIES['add-evidence'].example;
    const form = COMMAND_BODIES['add-evidence'].body;
    expect(parseForm(form, rest).ok).toBe(false);
    expect(parseForm(form, { ...rest, digest: subject }).ok).toBe(true);
    expect(parseForm(form, { ...rest, digest: subject, content: 1 }).ok).toBe(false);
  });

  const stated = { kind: 'eval', collectedAt: '2026-11-20T10:00:00Z', content: {}, about: [] };
  it.each([
    ['a format without the file', { format: 'mlflow', content: undefined, digest: subject }, 'content'],
    ['a format beside results', { format: 'mlflow', results: {} }, 'results'],
    ['renaming without a format', { rename: { a: 'b' } }, 'rename'],
    ['results without their time', { collectedAt: undefined }, 'collectedAt'],
    ['digests beside a label', { release: 'r1' }, 'about'],
    ['digests beside a version', { spec: 1 }, 'about'],
    ['results about nothing', { about: undefined }, 'about'],
    ['a release that is no label', { about: undefined, release: '2' }, 'release'],
  ])('add-evidence refuses %s', (_what, change, field) => {
    const given = Object.entries({ ...stated, ...change }).filter(([, value]) => value !== undefined);
    const parsed = parseForm(COMMAND_BODIES['add-evidence'].body, Object.fromEntries(given));
    expect(parsed).toMatchObject({ ok: false, problems: [{ path: [field] }] });
  });

  it('register-release wants at least one part', () => {
    const parsed = parseForm(COMMAND_BODIES['register-release'].body, { digests: {}, changedSections: [] });
    expect(parsed).toMatchObject({ ok: false, problems: [{ path: ['digests'] }] });
  });
});

describe('the body of a start', () => {
  it.each(['governed', 'pilot'] as const)('takes the example of a %s use case', (mode) => {
    expect(parseForm(startForm, START_EXAMPLES[mode])).toMatchObject({ ok: true });
  });

  it('asks a pilot for its light form and nobody else', () => {
    const { cohort: _, ...pilot } = { ...START_EXAMPLES.pilot, cohort: undefined };
    expect(parseForm(startForm, pilot)).toMatchObject({ ok: false, problems: [{ path: ['cohort'] }] });
    const governed = parseForm(startForm, { ...START_EXAMPLES.governed, partner: 'priya' });
    expect(governed).toMatchObject({ ok: false, problems: [{ path: ['partner'] }] });
  });

  it('lists nobody twice in a cohort', () => {
    const cohort = { description: 'Two.', people: ['p-1', 'p-1'] };
    expect(parseForm(startForm, { ...START_EXAMPLES.pilot, cohort }).ok).toBe(false);
  });
});

describe('a brief', () => {
  it('names the essential fields it says nothing about', () => {
    expect(missingOf({ summary: 'a' })).toEqual(['value', 'users']);
    expect(missingOf({ summary: 'a', value: 'b', users: 'c' })).toEqual([]);
  });
});
