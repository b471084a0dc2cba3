import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { followPeople } from '../../src/identity/follow-people.js';
import { recordRoster } from '../../src/identity/people-records.js';
import { createPostgresDirectory } from '../../src/identity/postgres-directory.js';
import { createRecent } from '../../src/identity/recent.js';
import { DirectoryUnavailable } from '../../src/ports/directory.js';
import { openDatabase, type Pools } from '../ledger/projection/database.js';
import { copiedPeople, directoryConformance } from '../ports/directory.conformance.js';
import { temporaryFolder } from '../ports/temporary-folder.js';

let database: Pools;
beforeAll(async () => {
  database = await openDatabase();
});
afterAll(() => database.close());

directoryConformance('a people file', async (people) => ({
  directory: people,
  refresh: async () => undefined,
}));

directoryConformance('people in PostgreSQL', async (people) => {
  const follow = followPeople(people, (roster) => recordRoster(database.app, roster));
  await follow();
  // A fresh one has kept no answer yet.
  let directory = createPostgresDirectory(database.app);
  return {
    directory: {
      person: (id) => directory.person(id),
      team: (id) => directory.team(id),
      members: (id) => directory.members(id),
    },
    refresh: async () => {
      await follow();
      directory = createPostgresDirectory(database.app);
    },
  };
});

describe('a directory in PostgreSQL', () => {
  it('asks once for what many ask at a time, and again after a second', async () => {
    let asked = 0;
    const counting = {
      query: (...args: [string, unknown[]]) => {
        asked += 1;
        return database.app.query(...args);
      },
    } as unknown as Parameters<typeof createPostgresDirectory>[0];
    const directory = createPostgresDirectory(counting);
    await Promise.all(Array.from({ length: 50 }, () => directory.person('rohan')));
    expect(asked).toBe(1);
    await directory.person('rohan');
    expect(asked).toBe(1);
  });

  it('is unavailable without its database', async () => {
    const other = await openDatabase();
    await other.close();
    await expect(createPostgresDirectory(other.app).person('rohan')).rejects.toThrow(DirectoryUnavailable);
  });
});

describe('an answer that is kept', () => {
  function asking() {
    const world = { now: 0, answer: 'first' as string | Error, asked: 0 };
    const ask = createRecent(
      async () => {
        world.asked += 1;
        if (world.answer instanceof Error) throw world.answer;
        return world.answer;
      },
      () => world.now,
    );
    return { world, ask };
  }

  it('is fresh for a second, and then another', async () => {
    const { world, ask } = asking();
    expect(await ask('a')).toBe('first');
    world.answer = 'second';
    world.now = 999;
    expect(await ask('a')).toBe('first');
    world.now = 1_000;
    expect(await ask('a')).toBe('second');
    expect(world.asked).toBe(2);
  });

  it('stands in for one that cannot be had, for a minute', async () => {
    const { world, ask } = asking();
    await ask('a');
    world.answer = new Error('down');
    world.now = 59_999;
    expect(await ask('a')).toBe('first');
    await expect(ask('b')).rejects.toThrow('down');
    world.now = 60_000;
    await expect(ask('a')).rejects.toThrow('down');
    world.answer = 'second';
    expect(await ask('a')).toBe('second');
  });
});

describe('what follows a people file', () => {
  it('records a version once, tries again after a failure, and fails while the file is wrong', async () => {
    const { people, rewrite } = await copiedPeople(await temporaryFolder());
    const recorded: string[] = [];
    let failure: Error | undefined;
    const follow = followPeople(people, async ({ version }) => {
      if (failure) throw failure;
      recorded.push(version);
    });
    failure = new Error('down');
    await expect(Promise.all([follow(), follow()])).rejects.toThrow('down');
    failure = undefined;
    await Promise.all([follow(), follow()]);
    await follow();
    expect(recorded).toHaveLength(1);
    await rewrite('functions: [risk]', 'functions: [rsik]');
    await expect(follow()).rejects.toThrow(DirectoryUnavailable);
    await rewrite('functions: [rsik]', 'functions: []');
    await follow();
    expect(recorded).toHaveLength(2);
  });
});
