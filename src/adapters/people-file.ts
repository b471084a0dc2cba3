import { type Directory, DirectoryUnavailable, type Person, type Team } from '../ports/directory.js';
import type { Roster } from '../ports/roster.js';
import { type PeopleForm, peopleForm } from './people-form.js';
import { reason } from './system-error.js';
import { followYamlFile } from './yaml-file.js';

/** The directory of development, which also tells the tokens that it accepts. */
export interface PeopleFile extends Directory {
  /** Who presents this token; undefined for an unknown token and for somebody who is not active. */
  byToken(token: string): Promise<Person | undefined>;
  /** The development token of an active person; undefined for anybody else. */
  tokenOf(person: string): Promise<string | undefined>;
  /** All of it, for whoever keeps a record of it. Throws `DirectoryUnavailable`. */
  roster(): Promise<Roster>;
  /** Whether it has tokens of development in it. Throws `DirectoryUnavailable`. */
  hasTokens(): Promise<boolean>;
}

interface People {
  readonly roster: Roster;
  readonly persons: ReadonlyMap<string, Person>;
  readonly teams: ReadonlyMap<string, Team>;
  /** Person's id by token, and the other way round. */
  readonly byToken: ReadonlyMap<string, string>;
  readonly tokens: ReadonlyMap<string, string>;
}

/**
 * The directory as a YAML file, read again whenever it was written to. A file that is missing or wrong
 * makes the directory unavailable: yesterday's people must not decide today.
 */
export function createPeopleFile(path: string): PeopleFile {
  const current = followYamlFile(path, peopleForm, peopleOf);

  const people = async (): Promise<People> => {
    try {
      return await current();
    } catch (cause) {
      throw new DirectoryUnavailable(`the people file cannot be used: ${reason(cause)}`, { cause });
    }
  };
  const active = (person: Person | undefined): Person | undefined => (person?.active ? person : undefined);

  return {
    person: async (id) => (await people()).persons.get(id),
    team: async (id) => (await people()).teams.get(id),
    async byToken(token) {
      const { byToken, persons } = await people();
      return active(persons.get(byToken.get(token) ?? ''));
    },
    async members(teamId) {
      const { persons } = await people();
      return [...persons.values()].filter((person) => person.teams.includes(teamId));
    },
    async tokenOf(id) {
      const { persons, tokens } = await people();
      return active(persons.get(id)) && tokens.get(id);
    },
    roster: async () => (await people()).roster,
    hasTokens: async () => (await people()).tokens.size > 0,
  };
}

function peopleOf(written: PeopleForm, version: string): People {
  const persons = written.people.map(personOf);
  const teams = written.teams.map((team) => ({
    ...team,
    members: persons.filter((person) => person.teams.includes(team.id)).map((person) => person.id),
  }));
  const tokens = written.people.flatMap(({ token, id }) => (token === undefined ? [] : [{ token, id }]));
  return {
    roster: {
      version,
      people: written.people.map(({ token: _token, ...person }) => person),
      teams: written.teams,
    },
    persons: new Map(persons.map((person) => [person.id, person])),
    teams: new Map(teams.map((team) => [team.id, team])),
    byToken: new Map(tokens.map(({ token, id }) => [token, id])),
    tokens: new Map(tokens.map(({ token, id }) => [id, token])),
  };
}

function personOf({ id, name, functions, teams, roles, active }: PeopleForm['people'][number]): Person {
  return { id, name, functions, teams, roles, active };
}
