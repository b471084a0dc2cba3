import { describe, expect, it } from 'vitest';
import { flagsOf } from '../../src/cli/verbs/flags.js';
import { COMMAND_BODIES } from '../../src/contracts/commands.js';

const flags = (name: keyof typeof COMMAND_BODIES) => flagsOf(COMMAND_BODIES[name].body);
const flag = (name: keyof typeof COMMAND_BODIES, field: string) =>
  flags(name).find((each) => each.field === field);

describe('the flags of a generated verb', () => {
  it('are one for every scalar field, in kebab case', () => {
    expect(flags('lift-hold').map(({ syntax }) => syntax)).toEqual([
      '--hold <hold>',
      '--cause-class <cause-class>',
      '--root-cause <root-cause>',
    ]);
  });

  it('know the words that a field takes, through optional and default', () => {
    expect(flag('hold', 'effect')?.choices).toEqual(['forward', 'review-all', 'stopped']);
    expect(flag('stop-ship', 'scope')?.choices).toEqual(['candidate', 'serving']);
    expect(flag('lift-hold', 'causeClass')?.choices).toContain('model');
  });

  it('say what the field is for', () => {
    expect(flag('hold', 'reason')?.description).toMatch(/^Why it has to stop\./);
    expect(flag('hold', 'scope')?.description).toMatch(/^What it is about/);
  });

  it('may be given again where the field is a list, and leave out lists of groups', () => {
    expect(flag('open-change', 'changedSections')).toMatchObject({ repeatable: true });
    expect(flags('promote-to-governed').map(({ field }) => field)).toEqual(['reason']);
    expect(flags('draft-spec')).toEqual([]);
  });

  it('read numbers and truth; what is neither goes to the API as it was typed', () => {
    expect(flag('submit-spec', 'version')?.value('2')).toBe(2);
    expect(flag('submit-spec', 'version')?.value('two')).toBe('two');
    expect(flag('open-change', 'supersede')?.value('true')).toBe(true);
    expect(flag('open-change', 'supersede')?.value('yes')).toBe('yes');
  });

  it.each(Object.keys(COMMAND_BODIES) as (keyof typeof COMMAND_BODIES)[])(
    'of %s do not stand in the way of those that every verb has',
    (name) => {
      const shared = ['as', 'json', 'file', 'data', 'idempotencyKey', 'help'];
      expect(flags(name).filter(({ field }) => shared.includes(field))).toEqual([]);
    },
  );
});
