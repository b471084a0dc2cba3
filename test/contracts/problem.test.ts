import { describe, expect, it } from 'vitest';
import { EXIT, isProblemCode, PROBLEMS, problemType, TRANSPORT_CODES } from '../../src/contracts/problem.js';
import { REJECTION_CODES } from '../../src/domain/rejection.js';

describe('the map of problems', () => {
  it('covers every code once, with a status of an error, an exit code and a title', () => {
    const codes = [...REJECTION_CODES, ...TRANSPORT_CODES];
    expect(new Set(codes).size).toBe(codes.length);
    expect(Object.keys(PROBLEMS).sort()).toEqual([...codes].sort());
    for (const { status, exit, title } of Object.values(PROBLEMS)) {
      expect(status).toBeGreaterThanOrEqual(400);
      expect(exit).not.toBe(EXIT.done);
      expect(title).toMatch(/^[A-Z].*[^.]$/);
    }
  });

  it.each([
    [401, EXIT.notAllowed],
    [403, EXIT.notAllowed],
    [404, EXIT.notFound],
    [412, EXIT.conflict],
    [503, EXIT.unavailable],
  ])('gives status %d the exit code %d', (status, exit) => {
    const kinds = Object.values(PROBLEMS).filter((kind) => kind.status === status);
    expect([...new Set(kinds.map((kind) => kind.exit))]).toEqual([exit]);
  });

  it('names types that are no addresses', () => {
    expect(problemType('stale-subject')).toBe('urn:airworthy:problem:stale-subject');
    expect(isProblemCode('stale-subject')).toBe(true);
    expect(isProblemCode('constructor')).toBe(false);
  });
});
