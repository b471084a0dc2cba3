import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createCaps } from '../../../src/api/decision-guard/caps.js';
import { createPostgresGuardLeases } from '../../../src/ledger/guard/guard-leases.js';
import type { GuardLeases, LeaseRequest } from '../../../src/ports/guard-leases.js';
import { LedgerUnavailable } from '../../../src/ports/ledger.js';
import { Dice } from '../../support/decider/dice.js';
import { openDatabase, type Pools } from '../projection/database.js';

let database: Pools;
let leases: GuardLeases;
beforeAll(async () => {
  database = await openDatabase();
  leases = createPostgresGuardLeases(database.app);
});
afterAll(() => database.close());

const asked = (changed: Partial<LeaseRequest>): LeaseRequest => ({
  key: 'one',
  of: 'people',
  instance: 'a',
  n: 1,
  cap: 10,
  left: 0,
  counted: [],
  want: 4,
  after: 0,
  ...changed,
});

describe('a slice', () => {
  it('is granted while all of them and what is counted stay within the cap', async () => {
    const key = 'granted';
    expect(await leases.lease(asked({ key }))).toMatchObject({ granted: 4, taken: 4, tokens: [] });
    expect(await leases.lease(asked({ key, instance: 'b', want: 8 }))).toMatchObject({
      granted: 6,
      taken: 10,
    });
    expect(await leases.lease(asked({ key, instance: 'c' }))).toMatchObject({ granted: 0, taken: 10 });
  });

  it('is told once, however often an answer is lost, and a request that comes late changes nothing', async () => {
    const key = 'told';
    await leases.lease(asked({ key }));
    const told = asked({ key, n: 2, left: 2, counted: ['x', 'y'], want: 0 });
    expect(await leases.lease(told)).toMatchObject({ granted: 0, taken: 4, tokens: ['x', 'y'], position: 2 });
    expect(await leases.lease(told)).toBeNull();
    // Its answer never came: the same is told under the next number.
    expect(await leases.lease({ ...told, n: 3, want: 2 })).toMatchObject({ granted: 2, taken: 6 });
    expect(await leases.lease(asked({ key, n: 1, want: 9 }))).toBeNull();
  });

  it('of what somebody else had counted is free again', async () => {
    const key = 'twice';
    await leases.lease(asked({ key }));
    await leases.lease(asked({ key, instance: 'b' }));
    await leases.lease(asked({ key, n: 2, left: 3, counted: ['x'], want: 0 }));
    const answer = await leases.lease(asked({ key, instance: 'b', n: 2, left: 3, counted: ['x'], want: 0 }));
    expect(answer).toMatchObject({ taken: 7, tokens: ['x'] });
  });

  it('that is given back is there for the others', async () => {
    const key = 'back';
    await leases.lease(asked({ key, want: 10 }));
    await leases.lease(asked({ key, n: 2, left: 0, counted: ['x'], want: 0 }));
    expect(await leases.lease(asked({ key, instance: 'b', want: 10 }))).toMatchObject({ granted: 9 });
  });

  it('has a salt of its own for each pilot and kind', async () => {
    const salts = await Promise.all([
      leases.lease(asked({ key: 's1' })),
      leases.lease(asked({ key: 's2' })),
      leases.lease(asked({ key: 's1', of: 'cases' })),
    ]);
    expect(new Set(salts.map((answer) => answer?.salt)).size).toBe(3);
    expect(await leases.lease(asked({ key: 's1', n: 2 }))).toMatchObject({ salt: salts[0]?.salt });
  });

  it('cannot be had while the database is away', async () => {
    const away = { query: () => Promise.reject(new Error('gone')) } as never;
    await expect(createPostgresGuardLeases(away).lease(asked({}))).rejects.toThrow(LedgerUnavailable);
  });
});

describe('instances that count together', () => {
  it.each([1, 2, 3])('never count more people or cases than there is room for (%d)', async (seed) => {
    const dice = new Dice(seed);
    const key = `together-${seed}`;
    const caps = { people: 20, cases: 35 };
    const world = { losing: false };
    const instance = () => {
      const own = { dead: false };
      const unsteady: GuardLeases = {
        lease: async (request) => {
          if (own.dead) throw new LedgerUnavailable('dead');
          const answer = await leases.lease(request);
          // Done, and the answer is lost.
          if (world.losing) throw new LedgerUnavailable('lost');
          return answer;
        },
      };
      return { own, ...createCaps(unsteady, () => [[key, { caps }]], { warn: () => undefined }) };
    };
    const instances = [instance(), instance(), instance()];
    const people = new Set<string>();
    const cases = new Set<string>();
    for (let n = 0; n < 300; n++) {
      const one = instances[dice.roll(3)] ?? instance();
      const touched = { person: `p-${dice.roll(40)}`, case: `c-${dice.roll(60)}` };
      if (one.admit(key, touched) === 'counted') {
        people.add(touched.person);
        cases.add(touched.case);
      }
      world.losing = dice.roll(4) === 0;
      if (dice.roll(3) === 0) await Promise.all(instances.map((each) => each.sync()));
      // One of them ends without a word, and another takes its place.
      const [dying] = instances;
      if (n === 150 && dying) {
        dying.own.dead = true;
        instances[0] = instance();
      }
    }
    world.losing = false;
    expect(people.size).toBeLessThanOrEqual(caps.people);
    expect(cases.size).toBeLessThanOrEqual(caps.cases);
    expect(people.size).toBeGreaterThan(caps.people / 2);
    await Promise.all(instances.map((each) => each.close()));
    const { rows } = await database.owner.query(
      'SELECT kind, count(*)::int AS count FROM guard.counted WHERE key = $1 GROUP BY kind ORDER BY kind',
      [key],
    );
    // What the one that died had not told is in its slice, which stays taken.
    const counted = new Map(rows.map(({ kind, count }) => [kind, count]));
    expect(counted.get('people')).toBeLessThanOrEqual(people.size);
    expect(counted.get('cases')).toBeLessThanOrEqual(cases.size);
    expect(counted.get('people')).toBeGreaterThan(caps.people / 3);
    expect(JSON.stringify((await database.owner.query('SELECT * FROM guard.counted')).rows)).not.toContain(
      'p-1',
    );
  });
});
