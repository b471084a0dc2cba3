/**
 * The route to live: the earliest honest date, who and what it runs through, what is missing, and what it
 * would be if something were otherwise. From rules, calendar and state alone.
 *
 * Assumptions, so that the date can be argued with: work that only people can do (drafting, building,
 * testing) takes no time here, because no rule knows how long it takes. A gate takes its whole SLA where a
 * seat has one eligible person, and half of it where every seat has two or more, because the first
 * reminder then reaches somebody else. A rollout takes its windows, and no step is taken in a freeze.
 */
import { addWorkingMs, workingMsBetween } from '../calendar/business-time.js';
import { authorityName } from '../gates/authority.js';
import { addOrLast } from '../gates/clock.js';
import { peopleFor } from '../gates/eligible.js';
import type { Seat } from '../gates/gate.js';
import { openSeats, seatsFor } from '../gates/seats.js';
import { evidenceReasons } from '../governance/evidence.js';
import { computeTier } from '../governance/tier.js';
import type { GateRule } from '../policy.js';
import type { Reason } from '../rejection.js';
import { stepName } from '../release/plan.js';
import { freezeAt } from '../release/rollout-progress.js';
import { type BusinessFunction, type Instant, type PersonId, STAGES, type Tier } from '../vocabulary.js';
import { deliveryOf } from './delivery.js';
import { findingReasons } from './frozen.js';
import { calendarOf, effectiveTier, holdReasons, reviewGateName, rulesOf, scaled } from './rules.js';
import { scopingComplete } from './scoping.js';
import type { State } from './state.js';

/** `without` answers a fact with its mildest word; `second` adds one more eligible person to a function. */
export type WhatIf = { readonly without: string } | { readonly second: BusinessFunction };

interface RouteLeg {
  /** A gate by name, or a rollout step. */
  readonly leg: string;
  readonly from: Instant;
  readonly until: Instant;
  /** Who it runs through: per seat the people who could fill it. Empty for a rollout step. */
  readonly seats: readonly { readonly seat: string; readonly people: readonly PersonId[] }[];
  readonly why: string;
}

interface Route {
  /** null: never, while what is missing stays missing. */
  readonly live: Instant | null;
  readonly tier: Tier;
  readonly path: readonly RouteLeg[];
  readonly missing: readonly Reason[];
}

export interface RouteAnswer extends Route {
  readonly whatIf: readonly {
    readonly whatIf: WhatIf;
    readonly tier: Tier;
    readonly live: Instant | null;
    readonly earlierByMs: number | null;
  }[];
}

const FIRST_REMINDER = 0.5;

function people(state: State, seat: Seat, second: BusinessFunction | null): PersonId[] {
  const known = peopleFor(state.team, state.rights, seat.authority);
  return authorityName(seat.authority) === second ? [...known, `another-${second}`] : known;
}

function gateLeg(
  state: State,
  name: string,
  rule: GateRule,
  from: Instant,
  second: BusinessFunction | null,
): RouteLeg {
  const open = state.gates[name];
  const seats = (open ? openSeats(open) : seatsFor(rule.seats)).map((seat) => ({
    seat: seat.id,
    people: people(state, seat, second),
  }));
  const calendar = calendarOf(state);
  const due = open ? Math.max(open.clock.due, from) : addOrLast(calendar, from, rule.sla);
  const single = seats.filter((seat) => seat.people.length < 2).map(({ seat }) => seat);
  if (single.length > 0)
    return { leg: name, from, until: due, seats, why: `its whole SLA: one person for ${single.join(', ')}` };
  const span = workingMsBetween(calendar, from, due);
  const at = span.ok ? addWorkingMs(calendar, from, Math.floor(span.ms * FIRST_REMINDER)) : span;
  return {
    leg: name,
    from,
    until: at.ok ? at.at : due,
    seats,
    why: 'half its SLA: every seat has two or more people',
  };
}

/** Gates that are still ahead of a lifecycle that is not live, in order. */
function gatesAhead(state: State): [string, GateRule][] {
  const gates = rulesOf(state)?.gates ?? {};
  const review = reviewGateName(state, false);
  const order =
    state.mode === 'pilot' ? (['start'] as const) : (['scoping', 'specification', review] as const);
  const passedBy: { readonly [name: string]: number } = {
    scoping: 1,
    start: 1,
    specification: 2,
    launch: 4,
    readiness: 4,
  };
  const reached = STAGES.indexOf(state.stage);
  return order.flatMap((name) => {
    const rule = name === 'change' ? undefined : gates[name];
    return rule && (reached < (passedBy[name] ?? 0) || state.gates[name])
      ? [[name, rule] as [string, GateRule]]
      : [];
  });
}

function rolloutLegs(state: State, from: Instant): RouteLeg[] {
  const delivery = deliveryOf(state);
  const rollout = delivery?.step === 'release' ? delivery.rollout : null;
  const steps = rollout?.steps ?? rulesOf(state)?.rollout.steps ?? [];
  let at = from;
  return steps.slice(rollout?.step ?? 0).map((step) => {
    const freeze = freezeAt(state, at);
    const begins = freeze?.until ?? at;
    const begun =
      rollout?.phase.name === 'soaking' && rollout.steps[rollout.step] === step
        ? rollout.phase.since
        : begins;
    const until = Math.max(begins, begun + scaled(state.model, step.window) * step.windows);
    at = until;
    const why = freeze
      ? `after freeze ${freeze.name}`
      : step.window === 0
        ? 'nothing is waited for'
        : 'its windows';
    return { leg: stepName(step), from: begins, until, seats: [], why };
  });
}

function plan(state: State, now: Instant, second: BusinessFunction | null): Route {
  const tier = effectiveTier(state.tier);
  const delivery = deliveryOf(state);
  const place = delivery?.step === 'specification' ? 'specification' : reviewGateName(state, false);
  const waits =
    state.stage === 'scoping'
      ? scopingComplete(state)
      : state.stage === 'live'
        ? []
        : evidenceReasons(state, place, now);
  const missing = [...holdReasons(state), ...findingReasons(state), ...waits];
  if (tier === 'prohibited' || state.stage === 'retired') return { live: null, tier, path: [], missing };
  if (state.stage === 'live' && state.serving) return { live: state.serving.since, tier, path: [], missing };
  const path: RouteLeg[] = [];
  let at = now;
  for (const [name, rule] of gatesAhead(state)) {
    const leg = gateLeg(state, name, rule, at, second);
    path.push(leg);
    at = leg.until;
  }
  path.push(...rolloutLegs(state, at));
  return { live: path.at(-1)?.until ?? at, tier, path, missing };
}

function assume(state: State, whatIf: WhatIf): State {
  if (!('without' in whatIf)) return state;
  const fact = state.model.facts.find(({ id }) => id === whatIf.without);
  const mildest = fact?.type === 'several' ? [] : fact?.answers[0];
  if (mildest === undefined) return state;
  const facts = { ...state.facts, [whatIf.without]: mildest };
  const { tier, rule } = computeTier(state.model, facts);
  return { ...state, facts, tier: { computed: tier, rule, lowered: null } };
}

/** The route as it is, and as it would be under each assumption. */
export function route(state: State, now: Instant, whatIfs: readonly WhatIf[]): RouteAnswer {
  const actual = plan(state, now, null);
  const whatIf = whatIfs.map((each) => {
    const other = plan(assume(state, each), now, 'second' in each ? each.second : null);
    const earlierByMs = actual.live === null || other.live === null ? null : actual.live - other.live;
    return { whatIf: each, tier: other.tier, live: other.live, earlierByMs };
  });
  return { ...actual, whatIf };
}
