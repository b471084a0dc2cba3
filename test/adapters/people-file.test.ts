import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { createPeopleFile } from '../../src/adapters/people-file.js';
import { DirectoryUnavailable } from '../../src/ports/directory.js';
import { temporaryFolder } from '../ports/temporary-folder.js';

const EXAMPLE = new URL('../../examples/people.yaml', import.meta.url);

async function copyOfExample() {
  const path = join(await temporaryFolder(), 'people.yaml');
  const text = await readFile(EXAMPLE, 'utf8');
  await writeFile(path, text);
  const rewrite = (from: string, to: string): Promise<void> => {
    expect(text).toContain(from);
    return writeFile(path, text.replace(from, to));
  };
  return { path, text, rewrite, people: createPeopleFile(path) };
}

describe('the people of the examples', () => {
  it('are who the scenarios say', async () => {
    const { people } = await copyOfExample();
    expect(await people.person('rohan')).toEqual({
      id: 'rohan',
      name: 'Rohan Desai',
      functions: ['risk'],
      teams: ['broker-onboarding'],
      roles: [],
      active: true,
    });
    expect((await people.person('gita'))?.teams).toEqual(['broker-onboarding', 'tax-filing']);
    expect((await people.person('ci'))?.roles).toEqual(['machine']);
    expect(await people.person('nobody')).toBeUndefined();
  });

  it('make up teams, with the rights that the scenarios take from the defaults', async () => {
    const { people } = await copyOfExample();
    const team = await people.team('broker-onboarding');
    expect(team?.rights).toEqual({
      changeApprover: 'suresh',
      conflictResolver: 'anand',
      stopShipHolder: ['kavya', 'meera'],
    });
    expect(team?.heads.governance).toBe('lata');
    const members = await people.members('broker-onboarding');
    expect(team?.members).toEqual(members.map(({ id }) => id));
    expect(members.filter((one) => one.functions.includes('risk')).map(({ id }) => id)).toEqual([
      'rohan',
      'farah',
    ]);
    expect(await people.members('unknown')).toEqual([]);
    expect(await people.team('unknown')).toBeUndefined();
  });

  it('are found by their tokens, and never carry them', async () => {
    const { people, text } = await copyOfExample();
    const ids = [...text.matchAll(/\{id: ([a-z]+), name/g)].map(([, id]) => id as string);
    expect(ids.length).toBeGreaterThan(20);
    for (const id of ids) {
      const person = await people.byToken(`dev-${id}`);
      expect(person?.id).toBe(id);
      expect(person).not.toHaveProperty('token');
      expect(await people.tokenOf(id)).toBe(`dev-${id}`);
    }
    for (const token of ['', 'dev-', 'dev-nobody', 'asha', '__proto__']) {
      expect(await people.byToken(token)).toBeUndefined();
    }
  });
});

describe('what a people file says beside that', () => {
  it('is in its roster: credentials, absences, delegations, and tokens never', async () => {
    const { people, rewrite } = await copyOfExample();
    await rewrite(
      'name: Rohan Desai, functions: [risk], teams: [broker-onboarding], token: dev-rohan}',
      `name: Rohan Desai, credentials: [{issuer: 'https://login.example', subject: u-1}],
        absences: [{from: 2027-01-04T09:00:00+05:30, until: 2027-01-05T00:00:00Z}],
        delegations: [{to: farah, gates: [readiness], from: 2027-01-04T00:00:00Z, until: 2027-01-05T00:00:00Z}]}`,
    );
    const { people: all, teams, version } = await people.roster();
    expect(all.find(({ id }) => id === 'rohan')).toMatchObject({
      credentials: [{ issuer: 'https://login.example', subject: 'u-1' }],
      absences: [{ from: Date.UTC(2027, 0, 4, 3, 30), until: Date.UTC(2027, 0, 5) }],
      delegations: [{ to: 'farah', gates: ['readiness'], from: Date.UTC(2027, 0, 4) }],
    });
    expect(JSON.stringify({ all, teams })).not.toContain('dev-');
    expect((await people.roster()).version).toBe(version);
    expect(await people.person('rohan')).not.toHaveProperty('credentials');
    expect(await people.tokenOf('rohan')).toBeUndefined();
    expect(await people.hasTokens()).toBe(true);
  });

  it('may name people who come by claims, where it says so', async () => {
    const { people, rewrite, text, path } = await copyOfExample();
    await rewrite('changeApprover: suresh', 'changeApprover: p-somebody');
    await expect(people.team('broker-onboarding')).rejects.toThrow(/nobody has the id "p-somebody"/);
    await writeFile(
      path,
      `othersByClaims: true\n${text.replace('changeApprover: suresh', 'changeApprover: p-somebody')}`,
    );
    expect((await people.team('broker-onboarding'))?.rights.changeApprover).toBe('p-somebody');
  });
});

describe('a people file that changes', () => {
  it('is read again: a function can be taken away while the system runs', async () => {
    const { people, rewrite } = await copyOfExample();
    expect((await people.person('rohan'))?.functions).toEqual(['risk']);
    await rewrite('name: Rohan Desai, functions: [risk]', 'name: Rohan Desai, functions: []');
    expect((await people.person('rohan'))?.functions).toEqual([]);
  });

  it('lets somebody leave: known still, but no token lets them in', async () => {
    const { people, rewrite } = await copyOfExample();
    expect(await people.byToken('dev-rohan')).toBeDefined();
    await rewrite('name: Rohan Desai,', 'name: Rohan Desai, active: false,');
    expect((await people.person('rohan'))?.active).toBe(false);
    expect(await people.byToken('dev-rohan')).toBeUndefined();
    expect(await people.tokenOf('rohan')).toBeUndefined();
  });

  it("makes the directory unavailable while it is missing or wrong, never yesterday's", async () => {
    const { people, rewrite, path, text } = await copyOfExample();
    expect(await people.person('rohan')).toBeDefined();
    await rewrite(
      'functions: [risk], teams: [broker-onboarding]',
      'functions: [rsik], teams: [broker-onboarding]',
    );
    await expect(people.person('rohan')).rejects.toThrow(DirectoryUnavailable);
    await rm(path);
    await expect(people.byToken('dev-rohan')).rejects.toThrow(DirectoryUnavailable);
    await writeFile(path, text);
    expect(await people.person('rohan')).toBeDefined();
  });
});

describe('a wrong people file names line, field and fact', () => {
  const rohan =
    '{id: rohan, name: Rohan Desai, functions: [risk], teams: [broker-onboarding], token: dev-rohan}';
  it.each([
    [
      'a word that is no function',
      rohan,
      rohan.replace('risk', 'rsik'),
      /people\[3\]\.functions\[0\] must be one of .*, not "rsik"/,
    ],
    [
      'a team that is not there',
      rohan,
      rohan.replace('broker-', 'brooker-'),
      /people\[3\]\.teams\[0\] there is no team/,
    ],
    [
      'an id that is there twice',
      rohan,
      rohan.replace('id: rohan', 'id: asha'),
      /people\[3\]\.id "asha" is there twice/,
    ],
    [
      'a token of somebody else',
      rohan,
      rohan.replace('dev-rohan', 'dev-asha'),
      /people\[3\]\.token another person/,
    ],
    ['an unknown field', rohan, rohan.replace('name:', 'nmae:'), /unknown field "nmae"/],
    [
      'a right of nobody',
      'changeApprover: suresh',
      'changeApprover: sursh',
      /rights\.changeApprover .*"sursh"/,
    ],
    [
      'a head of nobody',
      'governance: lata, risk: farah',
      'governance: lat, risk: farah',
      /heads\.governance .*"lat"/,
    ],
    [
      'a credential that two have',
      rohan,
      rohan.replace(
        '}',
        ", credentials: [{issuer: 'https://a', subject: s}, {issuer: 'https://a', subject: s}]}",
      ),
      /credentials\[1\] somebody has this credential already/,
    ],
    [
      'an absence that ends before it begins',
      rohan,
      rohan.replace('}', ', absences: [{from: 2027-01-02T00:00:00Z, until: 2027-01-01T00:00:00Z}]}'),
      /absences\[0\]\.until ends before it begins/,
    ],
    [
      'an absence without a zone',
      rohan,
      rohan.replace('}', ', absences: [{from: 2027-01-02T00:00, until: 2027-01-03T00:00:00Z}]}'),
      /absences\[0\]\.from write a date-time with its offset/,
    ],
    [
      'a delegation to oneself',
      rohan,
      rohan.replace(
        '}',
        ', delegations: [{to: rohan, from: 2027-01-01T00:00:00Z, until: 2027-01-02T00:00:00Z}]}',
      ),
      /delegations\[0\]\.to nobody delegates to themselves/,
    ],
    [
      'a delegation to nobody',
      rohan,
      rohan.replace(
        '}',
        ', delegations: [{to: rohn, from: 2027-01-01T00:00:00Z, until: 2027-01-02T00:00:00Z}]}',
      ),
      /delegations\[0\]\.to nobody has the id "rohn"/,
    ],
    ['no YAML', rohan, rohan.slice(0, -1), /people\.yaml:\d+:\d+ is not valid YAML/],
  ])('%s', async (_, from, to, fact) => {
    const { people, rewrite, path, text } = await copyOfExample();
    await rewrite(from, to);
    const line = text.slice(0, text.indexOf(from)).split('\n').length;
    const read = people.person('asha');
    await expect(read).rejects.toThrow(fact);
    if (from === rohan && to.endsWith('}')) await expect(read).rejects.toThrow(`${path}:${line}:`);
  });
});
