import { MockActivityEnvironment } from '@temporalio/testing';
import { DefaultLogger } from '@temporalio/worker';
import { describe, expect, it } from 'vitest';
import { createConfirmApprovers } from '../../src/activities/approvers.js';
import { createAskAfterHolders } from '../../src/activities/ask-after-holders.js';
import type { Approver } from '../../src/domain/lifecycle/state.js';
import { type Directory, DirectoryUnavailable, type Person } from '../../src/ports/directory.js';
import type { Holding } from '../../src/ports/holdings.js';

const known: Readonly<Record<string, Partial<Person>>> = {
  gita: { functions: ['governance'] },
  lata: {},
  tara: {},
  omkar: { active: false },
  meera: { teams: ['another'] },
};

/** The people above, all of team `tax` and active unless they say otherwise. */
function directoryOf(people = known, down = false): Directory {
  const person = async (id: string): Promise<Person | undefined> => {
    if (down) throw new DirectoryUnavailable('down');
    const found = people[id];
    return found && { id, name: id, functions: [], teams: ['tax'], roles: [], active: true, ...found };
  };
  return { person } as Partial<Directory> as Directory;
}

const { confirmApprovers, confirmHolders } = createConfirmApprovers(directoryOf());
const confirm = (...approvers: Approver[]) => confirmApprovers({ team: 'tax', approvers });

describe('approvers', () => {
  const authority = { function: 'governance' } as const;
  const right = { right: 'changeApprover' } as const;
  const forGita = { from: 'gita', delegation: 'd1' };

  it('need the function they speak for, in the team, and to be there', async () => {
    expect(await confirm({ person: 'gita', authority })).toEqual([]);
    for (const person of ['lata', 'omkar', 'meera', 'nobody'])
      expect(await confirm({ person, authority })).toEqual([person]);
  });

  it('who speak for a right only need to be there: who holds it is the lifecycle’s own record', async () => {
    expect(await confirm({ person: 'lata', authority: right })).toEqual([]);
    for (const person of ['omkar', 'meera', 'nobody'])
      expect(await confirm({ person, authority: right })).toEqual([person]);
  });

  it('who speak for somebody else need no function of their own, but both have to be there', async () => {
    expect(await confirm({ person: 'tara', authority, mandate: forGita })).toEqual([]);
    for (const person of ['omkar', 'meera', 'nobody'])
      expect(await confirm({ person, authority, mandate: forGita })).toEqual([person]);
  });

  it('speak for nobody who is gone, or has lost the function', async () => {
    for (const from of ['omkar', 'meera', 'nobody', 'lata'])
      expect(await confirm({ person: 'tara', authority, mandate: { ...forGita, from } })).toEqual(['tara']);
  });

  it('are not confirmed by a directory that does not answer', async () => {
    const { confirmApprovers: ask } = createConfirmApprovers(directoryOf(known, true));
    await expect(ask({ team: 'tax', approvers: [{ person: 'gita', authority }] })).rejects.toThrow(
      DirectoryUnavailable,
    );
  });
});

describe('holders', () => {
  it('are gone when the directory does not find them, and lapsed when it finds them elsewhere', async () => {
    const people = ['gita', 'lata', 'omkar', 'meera', 'nobody'];
    expect(await confirmHolders({ team: 'tax', people })).toEqual([
      { person: 'omkar', why: 'left' },
      { person: 'meera', why: 'lapsed' },
      { person: 'nobody', why: 'left' },
    ]);
  });

  const holding = (key: string, ...holders: string[]): Holding => ({ key, team: 'tax', holders });

  async function pass(all: readonly Holding[], directory = directoryOf()) {
    const told: [string, readonly string[]][] = [];
    const { askAfterHolders } = createAskAfterHolders({
      directory,
      holdings: { page: async (after, limit) => all.filter(({ key }) => key > after).slice(0, limit) },
      tell: async (key, people) => {
        told.push([key, people]);
      },
    });
    const environment = new MockActivityEnvironment({}, { logger: new DefaultLogger('ERROR') });
    let after: string | null = null;
    do {
      const seen: { next: string | null } = await environment.run(askAfterHolders, after);
      after = seen.next;
    } while (after !== null);
    return told;
  }

  it('who are gone are asked after, each lifecycle about its own', async () => {
    expect(
      await pass([holding('a', 'gita', 'omkar'), holding('b', 'lata'), holding('c', 'meera', 'omkar')]),
    ).toEqual([
      ['a', ['omkar']],
      ['c', ['meera', 'omkar']],
    ]);
  });

  it('are looked at page by page', async () => {
    const many = Array.from({ length: 1_203 }, (_, n) => holding(`k${String(n).padStart(5, '0')}`, 'omkar'));
    expect(await pass(many)).toHaveLength(1_203);
  });

  it('are nobody’s business while the directory does not answer', async () => {
    await expect(pass([holding('a', 'omkar')], directoryOf(known, true))).rejects.toThrow(
      DirectoryUnavailable,
    );
  });
});
