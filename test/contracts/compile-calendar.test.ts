import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import type { z } from 'zod';
import { writtenCalendar } from '../../src/contracts/calendar.js';
import { compileCalendar } from '../../src/contracts/compile-calendar.js';

const written = {
  version: '2026.1',
  zone: 'Asia/Kolkata',
  week: { mon: ['09:30-13:00', '13:30-18:30'], fri: ['09:30-24:00'] },
  holidays: ['2026-12-25', '2026-11-23'],
  validThrough: '2027-12-31',
};

const compile = (changes: object) =>
  compileCalendar('test', writtenCalendar.parse({ ...written, ...changes }));

function problems(changes: object): string[] {
  const result = writtenCalendar.safeParse({ ...written, ...changes });
  const text = (issue: z.core.$ZodIssue) => `${issue.path.join('.')}: ${issue.message}`;
  return result.success ? [] : result.error.issues.map(text);
}

describe('a compiled calendar', () => {
  it('is plain data: day numbers, minutes, instants, and where they come from', () => {
    const calendar = compile({});
    expect(calendar).toEqual({
      id: 'test',
      version: '2026.1',
      zone: 'Asia/Kolkata',
      tzdata: process.versions.tz,
      offsets: [[Date.parse('2025-12-31T18:30:00Z'), 330]],
      week: [
        [
          [570, 780],
          [810, 1_110],
        ],
        [],
        [],
        [],
        [[570, 1_440]],
        [],
        [],
      ],
      holidays: [20_780, 20_812],
      validFrom: Date.parse('2025-12-31T18:30:00Z'),
      validThrough: Date.parse('2027-12-31T18:30:00Z'),
    });
    expect(JSON.parse(JSON.stringify(calendar))).toEqual(calendar);
  });

  it('lists the changes of offset from its first day through two days past its last', () => {
    expect(
      compile({ zone: 'Europe/Berlin', validFrom: '2026-02-01', validThrough: '2027-03-25' }).offsets,
    ).toEqual([
      [Date.parse('2026-01-31T23:00:00Z'), 60],
      [Date.parse('2026-03-29T01:00:00Z'), 120],
      [Date.parse('2026-10-25T01:00:00Z'), 60],
    ]);
    expect(compile({ zone: 'Europe/Berlin', validThrough: '2027-03-26' }).offsets).toHaveLength(4);
  });

  it('of round the clock has seven full days', () => {
    const calendar = compile({ week: 'always', holidays: [] });
    expect(calendar.week).toEqual(Array.from({ length: 7 }, () => [[0, 1_440]]));
  });

  it('does not depend on how the zone is spelt', () => {
    expect(compile({ zone: 'asia/kolkata' })).toEqual(compile({}));
  });

  it('comes from YAML as people write it', () => {
    const yaml = `
      zone: Europe/Berlin
      version: "2026.1"
      week: { mon: ["09:00-17:00"] }
      holidays: [2026-12-25]
      validThrough: 2027-12-31
    `;
    expect(compileCalendar('yaml', writtenCalendar.parse(parse(yaml))).holidays).toEqual([20_812]);
  });
});

describe('a written calendar is refused', () => {
  it.each([
    [{ zone: 'Mars/Olympus' }, 'zone: unknown time zone; use an IANA name such as Europe/Berlin'],
    [{ zone: '+05:30' }, 'zone: name a time zone such as Asia/Kolkata'],
    [
      { week: { mon: ['18:30-09:30'] } },
      'week.mon.0: 18:30-09:30 ends before it starts; give the hours after midnight to the next day',
    ],
    [
      { week: { mon: ['09:00-13:00', '12:30-18:00'] } },
      'week.mon.1: 12:30-18:00 overlaps the window before it, or stands out of order',
    ],
    [{ week: { mon: ['9-17'] } }, 'week.mon.0: "9-17" is no window; write HH:MM-HH:MM, such as 09:30-18:30'],
    [
      { week: { mon: ['09:00-24:30'] } },
      'week.mon.0: "09:00-24:30" is no window; write HH:MM-HH:MM, such as 09:30-18:30',
    ],
    [
      { week: { mon: [] } },
      'week: a week needs a window on one of mon, tue, wed, thu, fri, sat, sun; write "always" for round the clock',
    ],
    [
      { week: 'weekdays' },
      'week: write "always", or windows by day (mon, tue, wed, thu, fri, sat, sun), such as mon: ["09:30-18:30"]',
    ],
    [
      { holidays: ['2028-01-01'] },
      'holidays.0: 2028-01-01 lies outside 2026-01-01 to 2027-12-31; widen the validity',
    ],
    [{ holidays: ['2026-02-30'] }, 'holidays.0: write a date that exists, as YYYY-MM-DD'],
    [{ holidays: ['2026-11-23', '2026-11-23'] }, 'holidays.1: 2026-11-23 is listed twice'],
    [
      { week: 'always' },
      'holidays: a calendar that is always open has no holidays; remove them or write out the week',
    ],
    [{ holidays: [], validThrough: '2025-12-31' }, 'validThrough: lies before validFrom 2026-01-01'],
    [{ validThrough: '2060-01-01' }, 'validThrough: reaches more than 20 years beyond validFrom 2026-01-01'],
    [
      { validFrom: '1999-12-31', validThrough: '2019-01-01', holidays: [] },
      'validFrom: begin in 2000 or later',
    ],
    [{ version: '' }, 'version: name the version, such as "2026.1"'],
    [{ holiday: [] }, ': Unrecognized key: "holiday"'],
  ])('%j', (changes, problem) => {
    expect(problems(changes)).toEqual([problem]);
  });

  it('with a misspelt day named', () => {
    expect(problems({ week: { monday: ['09:00-17:00'] } })[0]).toBe('week: Unrecognized key: "monday"');
  });

  it('with every problem named at once', () => {
    expect(problems({ zone: 'Nowhere', week: { mon: ['x', '10:00-09:00'] } })).toHaveLength(3);
  });
});
