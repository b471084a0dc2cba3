import { describe, expect, it, onTestFinished } from 'vitest';
import { createCaps } from '../../../src/api/decision-guard/caps.js';
import type { GuardCaps } from '../../../src/domain/guard/standing.js';
import { MemoryGuardLeases } from '../memory-guard.js';

/** An instance that counts one pilot, within caps that a test changes. */
function counting(leases: MemoryGuardLeases, first: GuardCaps) {
  const pilot: { caps: GuardCaps | null } = { caps: first };
  const caps = createCaps(leases, () => [['k', pilot]], { warn: () => undefined });
  onTestFinished(() => caps.close());
  const admit = (person: string, reference: string) => caps.admit('k', { person, case: reference });
  return { caps, pilot, admit };
}

describe('the caps of a pilot', () => {
  it('are reached where one of them is, even if the other cannot be known', async () => {
    const leases = new MemoryGuardLeases();
    const { caps, admit } = counting(leases, { people: 1, cases: 100 });
    await caps.sync();
    leases.away = true;
    const sliceOfCases = [1, 2, 3, 4, 5].map((n) => admit('p-1', `case-${n}`));
    expect(new Set(sliceOfCases)).toEqual(new Set(['counted']));
    expect(admit('p-1', 'case-6')).toBe('unknown');
    expect(admit('p-2', 'case-6')).toBe('reached');
  });

  it('hold for what was leased before they were lowered', async () => {
    const leases = new MemoryGuardLeases();
    const { caps, pilot, admit } = counting(leases, { people: 100, cases: 1_000 });
    await caps.sync();
    leases.away = true;
    pilot.caps = { people: 2, cases: 1_000 };
    await caps.sync();
    expect(['p-1', 'p-2', 'p-3'].map((person) => admit(person, person))).toEqual([
      'counted',
      'counted',
      'reached',
    ]);
  });

  it('hold for every instance once they are lowered', async () => {
    const leases = new MemoryGuardLeases();
    const instances = [1, 2, 3].map(() => counting(leases, { people: 100, cases: 1_000 }));
    for (const { caps } of instances) await caps.sync();
    for (const { pilot } of instances) pilot.caps = { people: 7, cases: 1_000 };
    for (const { caps } of instances) await caps.sync();
    const admitted = instances.flatMap(({ admit }, n) =>
      Array.from({ length: 6 }, (_, m) => admit(`p-${n}-${m}`, `case-${n}-${m}`)),
    );
    expect(admitted.filter((room) => room === 'counted').length).toBeLessThanOrEqual(7);
  });

  it('are given back until somebody took them, once the pilot has none any more', async () => {
    const leases = new MemoryGuardLeases();
    const { caps, pilot } = counting(leases, { people: 1, cases: 1 });
    await caps.sync();
    pilot.caps = null;
    leases.away = true;
    await caps.sync();
    leases.away = false;
    await caps.sync();
    const other = counting(leases, { people: 1, cases: 1 });
    await other.caps.sync();
    expect(other.admit('p-1', 'case-1')).toBe('counted');
  });
});
