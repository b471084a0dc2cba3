/**
 * What would become of a lifecycle that went over to another model, at one instant: the migration itself, done on
 * a draft that is thrown away, and what the new rules ask later on. Pure, and nothing of it is kept.
 */
import { formatLocal } from '../calendar/local.js';
import { deliveryOf } from '../lifecycle/delivery.js';
import { beginDraft } from '../lifecycle/draft.js';
import type { EventOf, EventType } from '../lifecycle/events.js';
import { calendarOf, effectiveTier, rulesOf } from '../lifecycle/rules.js';
import { staffingReasons } from '../lifecycle/staffing.js';
import type { State } from '../lifecycle/state.js';
import type { GateRule, OperatingModel } from '../policy.js';
import type { Instant } from '../vocabulary.js';
import type { Difference } from './difference.js';
import { newlyMissing, placesAhead } from './exposed.js';
import { gatesAhead, vacantIn } from './gates-listed.js';
import { moveToModel } from './migrate.js';
import { seatNames } from './regate.js';

/** Every difference; empty where nothing would be otherwise. */
export function dryRun(state: State, model: OperatingModel, now: Instant): Difference[] {
  if (state.stage === 'retired') return [];
  const draft = beginDraft(state, now);
  moveToModel(draft, { model, why: 'migration' });
  const after = draft.state;
  return [
    ...ofTier(state, after),
    ...ofFacts(state, after),
    ...ofGates(state, after),
    ...ofStaffing(state, after),
    ...ofCaps(state, after),
    ...ofEvidence(state, after, now),
    ...draft.events.flatMap((event) => ofEvent(event, state, after)),
  ];
}

function ofTier(before: State, after: State): Difference[] {
  const [was, is] = [effectiveTier(before.tier), effectiveTier(after.tier)];
  if (was === is) return [];
  const { rule } = after.tier;
  return [
    {
      kind: 'tier',
      before: was,
      after: is,
      rule,
      message: `its tier becomes ${is} instead of ${was}, by ${rule}`,
    },
  ];
}

function ofFacts(before: State, after: State): Difference[] {
  return after.model.facts
    .filter(({ id }) => after.facts[id] === 'unsure' && before.facts[id] !== 'unsure')
    .map(({ id, question }) => ({
      kind: 'fact',
      fact: id,
      message: `"${question}" (${id}) has no answer under it and counts as unsure`,
    }));
}

function inWords({ n, unit }: GateRule['sla']): string {
  return `${n}${unit}`;
}

function ofGates(before: State, after: State): Difference[] {
  const [was, is] = [gatesAhead(before), gatesAhead(after)];
  const dropped = [...was.keys()]
    .filter((gate) => !is.has(gate))
    .map((gate): Difference => ({ kind: 'gate-dropped', gate, message: `the ${gate} gate falls away` }));
  return dropped.concat(
    [...is].flatMap(([gate, rule]): Difference[] => {
      const old = was.get(gate);
      const vacant = vacantIn(after, rule)
        .filter((right) => !old || !vacantIn(before, old).includes(right))
        .map(
          (right): Difference => ({
            kind: 'right',
            right,
            gate,
            message: `the ${gate} gate seats ${right}, which nobody holds`,
          }),
        );
      const seats = seatNames(rule.seats);
      if (!old)
        return [
          { kind: 'gate-required', gate, message: `the ${gate} gate is newly required, of ${seats}` },
          ...vacant,
        ];
      const others: Difference[] = [];
      if (seatNames(old.seats) !== seats) {
        const message = `the ${gate} gate is decided by ${seats} instead of ${seatNames(old.seats)}`;
        others.push({ kind: 'seats', gate, before: seatNames(old.seats), after: seats, message });
      }
      if (inWords(old.sla) !== inWords(rule.sla)) {
        const message = `the ${gate} gate has ${inWords(rule.sla)} instead of ${inWords(old.sla)}`;
        others.push({ kind: 'sla', gate, before: old.sla, after: rule.sla, message });
      }
      return [...others, ...vacant];
    }),
  );
}

function ofStaffing(before: State, after: State): Difference[] {
  const reasons = (state: State) =>
    staffingReasons(rulesOf(state), { ...state, editors: state.model.editors });
  const known = new Set(reasons(before).map(({ message }) => message));
  return reasons(after)
    .filter(({ message }) => !known.has(message))
    .map(({ fact = '', message }) => ({ kind: 'unstaffed', seat: fact, message }));
}

function ofCaps(before: State, after: State): Difference[] {
  const { pilot, mode, openedAt } = after;
  const [was, is] = [rulesOf(before)?.caps, rulesOf(after)?.caps];
  if (mode !== 'pilot' || !pilot || !is) return [];
  const { people } = pilot.cohort;
  const box = pilot.endsAt - openedAt;
  const goesOn = 'it goes on until its box ends';
  return [
    ...(people > is.people && people <= (was?.people ?? people)
      ? [
          {
            kind: 'cap' as const,
            cap: 'people' as const,
            limit: is.people,
            message: `its cohort of ${people} people is above the cap of ${is.people}; ${goesOn}`,
          },
        ]
      : []),
    ...(box > is.box && box <= (was?.box ?? box)
      ? [
          {
            kind: 'cap' as const,
            cap: 'box' as const,
            limit: is.box,
            message: `its box is longer than the ${Math.round(is.box / 86_400_000)} days allowed; ${goesOn}`,
          },
        ]
      : []),
  ];
}

function ofEvidence(before: State, after: State, now: Instant): Difference[] {
  const asked = new Set<string>();
  return placesAhead(after).flatMap((place) =>
    newlyMissing(before, after, place, now).flatMap(({ fact: evidence, code, message }): Difference[] => {
      if (evidence === undefined || asked.has(evidence)) return [];
      asked.add(evidence);
      return [{ kind: 'evidence', evidence, place, code, message: `before ${place}: ${message}` }];
    }),
  );
}

/** What the events of a migration mean to whoever reads about it beforehand; the others only carry it out. */
const TOLD: {
  readonly [T in EventType]?: (event: EventOf<T>, before: State, after: State) => Difference[];
} = {
  DecisionVoided: ({ voided: { gate, person, decision } }) => [
    { kind: 'decision', gate, person, decision, message: `${decision} of ${person} at ${gate} is void` },
  ],
  RemediationSet: ({ remediation: { evidence, due } }, _before, after) => {
    const message = `what serves needs evidence ${evidence} by ${date(after, due)}, and goes on serving`;
    return [{ kind: 'remediation', evidence, due, message }];
  },
  DeliveryReturned: ({ n: delivery, step, dropped }, before) => {
    const was = deliveryOf(before);
    const drafted = was?.step === 'specification' && (was.submitted ?? was.draft) !== null;
    if (was?.step === step && !(dropped && drafted)) return [];
    const message =
      was?.step === step ? `its spec has to be drafted anew` : `delivery ${delivery} goes back to ${step}`;
    return [{ kind: 'returned', delivery, step, message }];
  },
  HoldPlaced: ({ hold: { effect } }) => [
    { kind: 'hold', effect, message: `it is held (${effect}) until people have looked` },
  ],
  ServingTermMoved: ({ serveUntil }, { serving }, after) => {
    const was = serving?.approval.serveUntil ?? serveUntil;
    const message = `what serves needs its review by ${date(after, serveUntil)} instead of ${date(after, was)}`;
    return [{ kind: 'term', before: was, after: serveUntil, message }];
  },
  GateClockMoved: ({ gate, why, clock: { calendar } }) =>
    why === 'calendar'
      ? [
          {
            kind: 'calendar',
            calendar: calendar.id,
            message: `${gate} runs by calendar ${calendar.id} of the new model`,
          },
        ]
      : [],
};

function ofEvent<T extends EventType>(event: EventOf<T>, before: State, after: State): Difference[] {
  const told: (typeof TOLD)[T] = TOLD[event.type];
  return told?.(event, before, after) ?? [];
}

function date(state: State, at: Instant): string {
  return formatLocal(calendarOf(state), at);
}
