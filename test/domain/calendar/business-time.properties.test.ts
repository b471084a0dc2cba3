import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  addBusinessTime,
  addWorkingMs,
  workingMsBetween,
} from '../../../src/domain/calendar/business-time.js';
import type { CalendarInstant, CompiledCalendar } from '../../../src/domain/calendar/calendar.js';
import { toUtc, toWall } from '../../../src/domain/calendar/local.js';
import { at, berlin, everyCalendar } from './calendars.js';
import { isWorking, slowlyAdd, slowlyAddMs } from './reference.js';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;

const calendar = fc.constantFrom(...everyCalendar);

/** An instant within the validity, often within two days of a change of the clock. */
const instantOf = (of: CompiledCalendar): fc.Arbitrary<number> => {
  const changes = of.offsets.map(([change]) => change).filter((change) => change < of.validThrough - 9 * DAY);
  const nearChange = fc
    .tuple(fc.constantFrom(...changes), fc.integer({ min: -2 * DAY, max: 2 * DAY }))
    .map(([change, distance]) => Math.max(of.validFrom, change + distance));
  return fc.oneof(fc.integer({ min: of.validFrom, max: of.validThrough }), nearChange);
};

const placed = calendar.chain((of) => fc.record({ calendar: fc.constant(of), from: instantOf(of) }));
const span = fc.oneof(
  fc.integer({ min: 0, max: 30 * HOUR }),
  fc.integer({ min: 0, max: 4_000 * HOUR }),
  fc.integer({ min: 0, max: 200 }).map((quarters) => quarters * 0.25 * HOUR),
);
const businessDuration = fc.oneof(
  fc.record({ unit: fc.constant('bh' as const), n: fc.integer({ min: 0, max: 60 }) }),
  fc.record({ unit: fc.constantFrom('bmin' as const, 'bs' as const), n: fc.integer({ min: 0, max: 2_000 }) }),
  fc.record({ unit: fc.constant('bd' as const), n: fc.integer({ min: 0, max: 30 }) }),
);

const atOf = (result: CalendarInstant): number | undefined => (result.ok ? result.at : undefined);
const atOrEnd = (result: CalendarInstant): number => (result.ok ? result.at : Number.POSITIVE_INFINITY);

describe('business time, as properties', () => {
  it('agrees with a slow walk by the zone database', () => {
    fc.assert(
      fc.property(placed, businessDuration, ({ calendar, from }, duration) => {
        expect(atOf(addBusinessTime(calendar, from, duration))).toBe(slowlyAdd(calendar, from, duration));
      }),
      { numRuns: 1_500 },
    );
  });

  it('agrees with it over spans long enough to stride over weeks', () => {
    fc.assert(
      fc.property(placed, fc.integer({ min: 0, max: 1_500 * HOUR }), ({ calendar, from }, ms) => {
        expect(atOf(addWorkingMs(calendar, from, ms))).toBe(slowlyAddMs(calendar, from, ms));
      }),
      { numRuns: 100 },
    );
    fc.assert(
      fc.property(placed, fc.integer({ min: 30, max: 250 }), ({ calendar, from }, n) => {
        const duration = { unit: 'bd', n } as const;
        expect(atOf(addBusinessTime(calendar, from, duration))).toBe(slowlyAdd(calendar, from, duration));
      }),
      { numRuns: 100 },
    );
  });

  it('measures between two instants what was added', () => {
    fc.assert(
      fc.property(placed, span, ({ calendar, from }, ms) => {
        const result = addWorkingMs(calendar, from, ms);
        fc.pre(result.ok);
        expect(workingMsBetween(calendar, from, result.at)).toEqual({ ok: true, ms });
      }),
      { numRuns: 5_000 },
    );
  });

  it('adds in two steps what it adds in one', () => {
    fc.assert(
      fc.property(placed, span, span, ({ calendar, from }, first, second) => {
        fc.pre(second > 0);
        const between = addWorkingMs(calendar, from, first);
        fc.pre(between.ok);
        expect(addWorkingMs(calendar, between.at, second)).toEqual(
          addWorkingMs(calendar, from, first + second),
        );
      }),
      { numRuns: 5_000 },
    );
  });

  it('never goes back: more time, or a later start, is never due earlier', () => {
    const pair = calendar.chain((of) =>
      fc.record({ calendar: fc.constant(of), a: instantOf(of), b: instantOf(of) }),
    );
    fc.assert(
      fc.property(pair, span, span, ({ calendar, a, b }, x, y) => {
        const [early, late, less, more] = [Math.min(a, b), Math.max(a, b), Math.min(x, y), Math.max(x, y)];
        const base = atOrEnd(addWorkingMs(calendar, early, less));
        expect(base).toBeGreaterThanOrEqual(early);
        expect(atOrEnd(addWorkingMs(calendar, early, more))).toBeGreaterThanOrEqual(base);
        expect(atOrEnd(addWorkingMs(calendar, late, less))).toBeGreaterThanOrEqual(base);
      }),
      { numRuns: 5_000 },
    );
  });

  it('counts every further business day later than the one before', () => {
    fc.assert(
      fc.property(placed, fc.integer({ min: 0, max: 300 }), ({ calendar, from }, n) => {
        const next = addBusinessTime(calendar, from, { unit: 'bd', n: n + 1 });
        fc.pre(next.ok);
        const result = addBusinessTime(calendar, from, { unit: 'bd', n });
        expect(result.ok && result.at < next.at).toBe(true);
      }),
      { numRuns: 5_000 },
    );
  });

  it('never lands outside working time', () => {
    fc.assert(
      fc.property(placed, businessDuration, ({ calendar, from }, duration) => {
        const result = addBusinessTime(calendar, from, duration);
        fc.pre(result.ok);
        expect(isWorking(calendar, result.at)).toBe(true);
      }),
      { numRuns: 1_500 },
    );
  });

  it('finds every instant again from its wall time, or the first that shows it', () => {
    fc.assert(
      fc.property(placed, ({ calendar, from }) => {
        const again = toUtc(calendar, toWall(calendar, from));
        expect(again).toBeLessThanOrEqual(from);
        expect(toWall(calendar, again)).toBe(toWall(calendar, from));
      }),
      { numRuns: 5_000 },
    );
  });

  it('strides: five years take far less than a millisecond', () => {
    const from = at('2026-01-02T10:00[Europe/Berlin]');
    const started = performance.now();
    for (let i = 0; i < 500; i += 1) {
      expect(addBusinessTime(berlin, from, { unit: 'bd', n: 1_400 + (i % 7) }).ok).toBe(true);
      expect(addBusinessTime(berlin, from, { unit: 'bh', n: 9_000 + (i % 7) }).ok).toBe(true);
    }
    // A thousand answers; the bound leaves room for a busy machine.
    expect(performance.now() - started).toBeLessThan(1_000);
  });
});
