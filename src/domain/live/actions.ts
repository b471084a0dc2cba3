import type { Draft } from '../lifecycle/draft.js';
import { rulesOf } from '../lifecycle/rules.js';
import { rollBackServing } from '../release/rollback.js';
import { holdOnce, takeBack, warn, worst } from '../release/verification.js';
import type { Check } from '../spec/spec.js';
import type { Subject } from './subjects.js';

/** Does what breached clauses ask for, the most severe of it: the same words do the same as in a rollout. */
export function actOn(draft: Draft, { what }: Subject, breached: readonly Check[]): void {
  const action = worst(breached);
  const clauses = breached.map(({ id }) => id).join(', ');
  switch (action) {
    case undefined:
      return;
    case 'warn':
      warn(draft);
      return;
    case 'strengthen':
      holdOnce(draft, { effect: 'review-all', scope: 'serving' });
      return;
    case 'hold':
      holdOnce(draft, { effect: rulesOf(draft.state)?.criticalHold ?? 'stopped', scope: what });
      return;
    case 'roll-back':
    case 'fall-back':
      if (what === 'candidate') takeBack(draft, action, clauses);
      else leave(draft, action, clauses);
      return;
  }
}

/** What serves goes back to the last eligible release, or at once to the manual fallback. */
function leave(draft: Draft, action: 'roll-back' | 'fall-back', clauses: string): void {
  const why = `clause ${clauses} breached while live`;
  const cause = { source: 'rollback', reason: null, by: null, verified: true, why } as const;
  if (action === 'roll-back') rollBackServing(draft, cause);
  else rollBackServing(draft, cause, 'stopped');
}
