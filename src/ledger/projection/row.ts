import { standingOf } from '../../domain/guard/standing.js';
import type { Json } from '../../domain/json.js';
import { effectiveTier } from '../../domain/lifecycle/rules.js';
import type { Waiting } from '../../domain/lifecycle/view.js';
import { commonView } from '../../domain/lifecycle/view-of.js';
import { exposedPercent } from '../../domain/release/exposure.js';
import { BUSINESS_FUNCTIONS, type Instant } from '../../domain/vocabulary.js';
import type { Folded } from './folder.js';

/** What PostgreSQL takes for "never due". */
const NEVER = 'Infinity';

/**
 * A lifecycle as lists show it (`row`, by the columns of projection.lifecycle) and as its page does (`view`).
 * Both are as of the last event that changed anything. Pure: the same events always give the same.
 */
export function projectionOf({ state: last, changed }: Folded): { readonly [part in 'row' | 'view']: Json } {
  const state = { ...last, seq: changed.seq };
  const view = commonView(state, changed.at);
  const { waitingOn } = view;
  const exposed = exposedPercent(state);
  const asked = askedOf(waitingOn);
  const standing = standingOf(state);
  const who = [...new Set(waitingOn.map((waiting) => waiting.who))];
  return {
    row: {
      key: state.key,
      seq: state.seq,
      updated_at: changed.at,
      opened_at: state.openedAt,
      retired: state.stage === 'retired',
      stage: state.stage,
      mode: state.mode,
      tier: effectiveTier(state.tier),
      team: state.team.id,
      title: state.title,
      // Lower case as JavaScript knows it: what the database takes for it depends on its locale.
      search: `${state.title} ${state.key}`.toLowerCase(),
      release: state.serving?.release.label ?? null,
      held: state.holds.length > 0,
      exposure: exposed === 'unknown' ? null : exposed,
      due: nextDue(waitingOn) ?? NEVER,
      waiting_on: who,
      functions: BUSINESS_FUNCTIONS.filter((name) => who.some((each) => isOf(each, name))),
      people: [...asked.keys()],
      people_due: [...asked.values()].map((due) => due ?? NEVER),
      holders: [...new Set(Object.values(state.rights).flat())],
      owners: state.rights,
      // Beside the row, of what was ever exposed.
      ...(standing && { standing: standing as unknown as Json }),
    },
    view: view as unknown as Json,
  };
}

/** Whether a function is meant, such as risk by `readiness:risk` and, asked a second time, `readiness:risk-2`. */
function isOf(who: string, name: string): boolean {
  return who.split(':').at(-1)?.replace(/-\d+$/, '') === name;
}

function nextDue(waiting: readonly Waiting[]): Instant | null {
  const dues = waiting.flatMap(({ due }) => due ?? []);
  return dues.length > 0 ? Math.min(...dues) : null;
}

/** Everybody who can act now, and when the soonest of what waits on them is due. */
function askedOf(waiting: readonly Waiting[]): ReadonlyMap<string, Instant | null> {
  const asked = new Map<string, Instant | null>();
  for (const { people, due } of waiting) {
    for (const person of people) {
      const known = asked.get(person) ?? null;
      asked.set(person, known === null || (due !== null && due < known) ? due : known);
    }
  }
  return asked;
}
