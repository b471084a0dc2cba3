import { addWorkingMs } from '../calendar/business-time.js';
import { formatLocal } from '../calendar/local.js';
import type { Instant } from '../vocabulary.js';
import { deadlines } from './deadlines.js';
import { calendarOf } from './rules.js';
import type { State } from './state.js';
import type { CommonView } from './view.js';

/** What stands against going forward, and what two people passed in spite of it. */
export function passesView(state: State): Pick<CommonView, 'conflicts' | 'exceptions' | 'glass'> {
  return {
    conflicts: state.conflicts.map(({ id, gate, by, at }) => {
      const clock = state.gates[id]?.clock;
      return { conflict: id, gate, by, at, due: clock?.pausedAt === null ? clock.due : null };
    }),
    exceptions: state.exceptions.map(({ id, control, place, by, until }) => ({
      exception: id,
      control,
      place,
      by,
      until,
    })),
    glass: state.glass.map(({ id, passes, what, by, until, reviewed }) => ({
      glass: id,
      passes,
      what,
      by,
      until,
      reviewed,
    })),
  };
}

/** Every pending deadline with its kind. A date set by law rolls to working time, and is acted on before that. */
export function deadlinesView(state: State, now: Instant): CommonView['deadlines'] {
  const calendar = calendarOf(state);
  return deadlines(state, now).map(({ at: due, what, kind = 'calendar' }) => {
    const rolled = kind === 'statutory' ? addWorkingMs(calendar, due, 0) : null;
    return {
      what,
      kind,
      due,
      dueLocal: formatLocal(calendar, due),
      rolled: rolled?.ok ? rolled.at : null,
    };
  });
}
