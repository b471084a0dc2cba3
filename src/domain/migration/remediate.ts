/** A rule that became stricter gives what is exposed already a time to meet it, and takes nothing away. */
import { addOrLast } from '../gates/clock.js';
import { evidenceReasons } from '../governance/evidence.js';
import type { Remediation } from '../governance/remediation.js';
import type { Draft } from '../lifecycle/draft.js';
import { machineHold, owners } from '../lifecycle/holds.js';
import { raiseNotice } from '../lifecycle/notices.js';
import { calendarOf } from '../lifecycle/rules.js';
import type { State } from '../lifecycle/state.js';
import { servingEnd } from '../release/serving-term.js';
import type { Instant } from '../vocabulary.js';
import { exposedParts, newlyMissing } from './exposed.js';

/** When what became stricter has to be met by what is exposed. */
function remediationDue(state: State, now: Instant): Instant {
  return addOrLast(calendarOf(state), now, state.model.policyChange.remediation);
}

/** Asks for what the new model newly asks of what is exposed, each kind once and with its date. */
export function remediate(draft: Draft, before: State): void {
  const { model } = draft.state;
  const due = remediationDue(draft.state, draft.now);
  for (const { seen, place } of exposedParts(draft.state)) {
    const was = { ...seen, model: before.model, facts: before.facts, tier: before.tier };
    for (const { fact: evidence } of newlyMissing(was, seen, place, draft.now)) {
      if (evidence === undefined) continue;
      if (draft.state.remediations.some((open) => open.evidence === evidence)) continue;
      const id = `${model.name}-${model.version}/${evidence}`;
      const remediation = { id, evidence, place, model: model.digest, due, missed: false };
      draft.emit({ type: 'RemediationSet', remediation });
      raiseNotice(draft, { kind: 'request', to: owners(draft.state), gate: null, due });
    }
  }
}

/** A shorter term ends what serves no sooner than a remediation would be due; a longer one lengthens nothing. */
export function shortenTerm(draft: Draft): void {
  const { serving } = draft.state;
  const until = serving?.approval.serveUntil ?? null;
  if (!serving || until === null) return;
  const end = servingEnd(draft.state, serving.termFrom);
  if (end === null) return;
  const serveUntil = Math.max(end, remediationDue(draft.state, draft.now));
  if (serveUntil < until) {
    draft.emit({ type: 'ServingTermMoved', from: serving.termFrom, serveUntil, why: 'policy' });
  }
}

function isMet(state: State, { evidence }: Remediation, now: Instant): boolean {
  return exposedParts(state).every(({ seen, place }) =>
    evidenceReasons(seen, place, now).every(({ fact }) => fact !== evidence),
  );
}

/** Closes what has been met since, also after its date: the hold that the date brought is lifted by people. */
export function closeMet(draft: Draft): void {
  for (const remediation of draft.state.remediations) {
    if (isMet(draft.state, remediation, draft.now))
      draft.emit({ type: 'RemediationMet', id: remediation.id });
  }
}

/** It was not met in time: nothing moves forward, and what serves goes on. */
export function missRemediation(draft: Draft, id: string): void {
  draft.emit({ type: 'RemediationMissed', id });
  machineHold(draft, { effect: 'forward', scope: 'serving', source: 'policy' });
}
