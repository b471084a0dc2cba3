import { describe, expect, test } from 'vitest';
import { addBusinessTime } from '../../src/domain/calendar/business-time.js';
import type { GateRule, OperatingModel } from '../../src/domain/policy.js';
import { differences } from './json-leaves.js';
import { shipped } from './shipped-models.js';

const { model: demo } = shipped('demo');
const { model: standard } = shipped('standard');
const CREATED = Date.parse('2026-11-24T03:00:00Z');

const seconds = (ms: number) => ms / 1_000;
const gatesOf = ({ rules, promotion, retirement }: OperatingModel): GateRule[] => [
  promotion,
  retirement,
  ...Object.values(rules)
    .flatMap((tiers) => Object.values(tiers))
    .flatMap(({ gates, change }) => [...Object.values(gates), ...(change === null ? [] : [change])]),
];

/** Seconds until a business duration has passed, from any hour of a week and on whichever calendar a team has. */
function real(duration: GateRule['sla']): number {
  const took = Object.values(demo.calendars).flatMap((calendar) =>
    Array.from({ length: 7 * 24 }, (_, hour) => {
      const from = CREATED + hour * 3_600_000;
      const due = addBusinessTime(calendar, from, duration);
      if (!due.ok) throw new Error('beyond the calendar');
      return seconds(due.at - from);
    }),
  );
  expect(new Set(took).size).toBe(1);
  return took[0] ?? Number.NaN;
}

describe('the demo operating model', () => {
  test('departs from the standard in times, name and calendars only', () => {
    const fields = differences(demo, standard).map((difference) => difference.split(':')[0] ?? '');
    const times =
      /\/(sla|every|remediation)\/(unit|n)$|\/rollout\/recheck$|\/silence\/after$|^\/twoKey\/breakGlassExpires$|^\/(breakGlass|exceptions)\/longest$|^\/breakGlass\/retrospective\/|^\/calendars\/[a-z-]+\/(week|holidays)(\/|$)/;
    expect(fields.filter((field) => !times.test(field)).sort()).toEqual([
      '/defaultCalendar',
      '/demo',
      '/digest',
      '/name',
      '/timeScale',
    ]);
  });

  test('has gates that a person can watch, day and night', () => {
    for (const { sla, escalation } of gatesOf(demo)) {
      expect(real(sla)).toBeLessThanOrEqual(60);
      expect(real(escalation.every)).toBeLessThanOrEqual(3);
    }
    expect(real(demo.twoKey.sla)).toBe(120);
  });

  test('lets the readiness gate of medium run out within 25 seconds', () => {
    const gate = demo.rules.governed.medium.gates.readiness;
    if (gate === undefined) throw new Error('medium has no readiness gate');
    expect(real(gate.sla) + gate.escalation.chain.length * real(gate.escalation.every)).toBe(22);
  });

  test('shortens a shadow of 14 days to 10 to 15 seconds, and looks again about every second', () => {
    const { steps, recheck } = demo.rules.governed.high.rollout;
    const shadow = seconds((steps[0]?.window ?? 0) * demo.timeScale);
    expect(shadow).toBeGreaterThan(10);
    expect(shadow).toBeLessThan(15);
    expect(seconds(recheck * demo.timeScale)).toBeCloseTo(1, 1);
  });

  test('stays patient with silence for a minute, so that a restart is no breach', () => {
    for (const { silence } of Object.values(demo.rules).flatMap((tiers) => Object.values(tiers))) {
      expect(seconds(silence.after * demo.timeScale)).toBeGreaterThan(60);
    }
  });
});
