import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createPeopleFile, type PeopleFile } from '../../src/adapters/people-file.js';
import type { Directory } from '../../src/ports/directory.js';

const EXAMPLE = new URL('../../examples/people.yaml', import.meta.url);

/** The people of the examples in a folder, to be changed. */
export async function copiedPeople(folder: string) {
  const path = join(folder, 'people.yaml');
  const text = await readFile(EXAMPLE, 'utf8');
  await writeFile(path, text);
  return {
    path,
    text,
    people: createPeopleFile(path),
    /** Replaces a part of it, once. */
    rewrite: async (from: string, to: string): Promise<void> => {
      const now = await readFile(path, 'utf8');
      expect(now).toContain(from);
      await writeFile(path, now.replace(from, to));
    },
  };
}

/** What a directory answers about the people of the examples, wherever they are kept. `of` takes what a file says. */
export function directoryConformance(
  name: string,
  of: (people: PeopleFile) => Promise<{ directory: Directory; refresh: () => Promise<void> }>,
): void {
  describe(`${name}, as a directory`, () => {
    let copied: Awaited<ReturnType<typeof copiedPeople>>;
    let directory: Directory;
    let refresh: () => Promise<void>;
    let folder: string;
    beforeAll(async () => {
      folder = await mkdtemp(join(tmpdir(), 'airworthy-people-'));
      copied = await copiedPeople(folder);
      ({ directory, refresh } = await of(copied.people));
    });

    afterAll(() => rm(folder, { recursive: true }));

    it('knows everybody as the file says', async () => {
      const { people } = await copied.people.roster();
      expect(people.length).toBeGreaterThan(20);
      for (const { credentials: _c, absences: _a, delegations: _d, ...person } of people)
        expect(await directory.person(person.id)).toEqual(person);
    });

    it('knows teams with heads, rights and members', async () => {
      const { teams } = await copied.people.roster();
      for (const team of teams) {
        const known = await directory.team(team.id);
        expect(known).toMatchObject(team);
        const members = await directory.members(team.id);
        expect(members.length).toBeGreaterThan(2);
        expect(known?.members).toEqual(members.map(({ id }) => id));
        for (const member of members) expect(await directory.person(member.id)).toEqual(member);
      }
    });

    it.each(['nobody', '', '__proto__', "o'; DROP TABLE identity.person"])('knows no %j', async (id) => {
      expect(await directory.person(id)).toBeUndefined();
      expect(await directory.team(id)).toBeUndefined();
      expect(await directory.members(id)).toEqual([]);
    });

    it('lets a function be taken away, and somebody leave, who is a member still', async () => {
      await copied.rewrite('name: Rohan Desai, functions: [risk]', 'name: Rohan Desai, functions: []');
      await copied.rewrite('name: Farah Khan,', 'name: Farah Khan, active: false,');
      await refresh();
      expect((await directory.person('rohan'))?.functions).toEqual([]);
      expect((await directory.person('farah'))?.active).toBe(false);
      expect((await directory.team('broker-onboarding'))?.members).toContain('farah');
    });

    it('follows a team that changes', async () => {
      await copied.rewrite('changeApprover: suresh', 'changeApprover: nikhil');
      await refresh();
      expect((await directory.team('broker-onboarding'))?.rights.changeApprover).toBe('nikhil');
    });
  });
}
