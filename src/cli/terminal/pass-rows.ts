import type { View } from '../client/lifecycles.js';
import { dueTime, localTime } from './instants.js';

type Passes = Pick<View, 'conflicts' | 'exceptions' | 'glass' | 'deadlines'>;

/** What stands against going forward, what two people passed, and what the law dates: a title, and a row for each. */
export function passRows(view: Passes, now: number): [title: string, rows: string[][]][] {
  return [
    [
      'Conflicts',
      view.conflicts.map(({ conflict, gate, by, due }) => [
        conflict,
        `about ${gate ?? 'all that moves forward'}, raised by ${by}`,
        due === null ? 'its clock stands still' : `due ${dueTime(due, now)}`,
      ]),
    ],
    [
      'Exceptions',
      view.exceptions.map(({ exception, control, place, by, until }) => [
        exception,
        `${control} at ${place}`,
        `by ${by.join(' and ')}`,
        `until ${localTime(until)}`,
      ]),
    ],
    [
      'Broken glass',
      view.glass.map(({ glass, what, by, until, reviewed }) => [
        glass,
        `${what}, by ${by.join(' and ')}`,
        until > now ? `until ${localTime(until)}` : 'expired',
        reviewed ? 'reviewed' : 'not reviewed yet',
      ]),
    ],
    [
      'By law',
      view.deadlines
        .filter(({ kind }) => kind === 'statutory')
        .map(({ what, due, rolled }) => [
          what,
          `due ${dueTime(due, now)}`,
          rolled === null ? '' : `rolls to ${localTime(rolled)}`,
        ]),
    ],
  ];
}
